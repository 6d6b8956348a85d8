"""Danger now is heard in the words of the tables, and ordinary needs do not raise an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.danger import DangerRule, as_pattern, read_tables
from bot.nlu.folding import fold

TABLES = Path("data/danger")
DANGER = [
    ("fr", "mon bébé ne respire plus"),
    ("fr", "il est inconscient par terre"),
    ("fr", "elle saigne beaucoup de la tête"),
    ("fr", "je veux mourir ce soir"),
    ("fr", "il y a le feu dans l'immeuble"),
    ("fr", "mon fils a disparu depuis ce matin"),
    ("fr", "il a un couteau"),
    ("en", "my baby is not breathing"),
    ("en", "he wants to kill me"),
    ("en", "the kitchen is on fire"),
    ("en", "cant find my daughter"),
    ("ar", "ابني لا يتنفس"),
    ("ar", "بدي انتحر"),
    ("ar", "زوجي عم يضربني هلق"),
    # French words in another language's sentence.
    ("en", "please mon bébé ne respire plus"),
    ("", "mon bébé ne respire plus"),
]
ORDINARY = [
    ("fr", "j'ai mal aux dents depuis trois jours"),
    ("fr", "mon mari me frappait l'année dernière"),
    ("fr", "où brûler un CD"),
    ("en", "my husband used to hit me and I left"),
    ("en", "I am dying to learn French"),
    ("ar", "أريد مدرسة لابني"),
    ("ar", "أحتاج طبيب أسنان"),
    ("", "my son has no school"),
]


@pytest.fixture(scope="module")
def rule() -> DangerRule:
    made = DangerRule({"tables": str(TABLES)}, None, None)  # type: ignore[arg-type]
    made._patterns = read_tables(TABLES)
    return made


@pytest.mark.parametrize(("language", "text"), DANGER)
def test_danger_is_heard(rule: DangerRule, language: str, text: str) -> None:
    assert rule.hears(text, language), fold(text)


@pytest.mark.parametrize(("language", "text"), ORDINARY)
def test_an_ordinary_need_raises_no_alarm(rule: DangerRule, language: str, text: str) -> None:
    assert not rule.hears(text, language)


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.yml")), ids=lambda path: path.stem)
def test_a_table_is_written_as_it_is_matched(path: Path) -> None:
    """A pattern with a capital or an accent would never match folded text; none may match everything."""
    for phrase in yaml.safe_load(path.read_text("utf-8")):
        assert fold(phrase) == " ".join(phrase.split()), phrase
        assert not as_pattern([phrase]).search("bonjour 1 2 3")


def test_the_alarm_overrides_the_classifier_and_keeps_its_guesses(rule: DangerRule) -> None:
    guesses = [{"name": "ask_health", "confidence": 0.9}, {"name": "emergency", "confidence": 0.1}]
    data = {"text": "il ne respire plus", "intent": guesses[0], "intent_ranking": guesses, "metadata": {"heard": "fr"}}
    message = Message(data)
    rule.process([message])
    assert message.get("intent") == {"name": "emergency", "confidence": 1.0}
    assert [guess["name"] for guess in message.get("intent_ranking")] == ["emergency", "ask_health"]
