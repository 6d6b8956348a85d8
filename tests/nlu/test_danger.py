"""Danger now is heard in the words of the table, and ordinary needs do not raise an alarm."""

from __future__ import annotations

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.danger import TABLE, DangerRule, read_table
from bot.nlu.folding import fold

DANGER = [
    "mon bébé ne respire plus",
    "il est inconscient par terre",
    "elle saigne beaucoup de la tête",
    "je veux mourir ce soir",
    "il y a le feu dans l'immeuble",
    "mon fils a disparu depuis ce matin",
    "il a un couteau",
    "my baby is not breathing",
    "he wants to kill me",
    "she is unconscious please",
    "i want to kill myself",
    "the kitchen is on fire",
    "someone stabbed him",
    "cant find my daughter",
    "ابني لا يتنفس",
    "بدي انتحر",
    "زوجي عم يضربني هلق",
    "معه سكين",
    "فقدت الوعي",
]
ORDINARY = [
    "j'ai mal aux dents depuis trois jours",
    "mon mari me frappait l'année dernière",
    "je cherche un cours de français pour mon fils",
    "my husband used to hit me and I left",
    "where can I get food",
    "my son has no school",
    "I am dying to learn French",
    "أريد مدرسة لابني",
    "أحتاج طبيب أسنان",
    "où brûler un CD",
]


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard(text: str) -> None:
    assert read_table().search(fold(text)), fold(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_need_raises_no_alarm(text: str) -> None:
    assert not read_table().search(fold(text))


def test_the_table_is_written_as_it_is_matched() -> None:
    """A pattern with a capital or an accent would never match folded text."""
    for language, phrases in yaml.safe_load(TABLE.read_text("utf-8")).items():
        for phrase in phrases:
            assert fold(phrase) == " ".join(phrase.split()), (language, phrase)


def test_the_alarm_overrides_the_classifier_and_keeps_its_guesses() -> None:
    guesses = [{"name": "ask_health", "confidence": 0.9}, {"name": "emergency", "confidence": 0.1}]
    message = Message({"text": "il ne respire plus", "intent": guesses[0], "intent_ranking": guesses})
    DangerRule(read_table()).process([message])
    assert message.get("intent") == {"name": "emergency", "confidence": 1.0}
    assert [guess["name"] for guess in message.get("intent_ranking")] == ["emergency", "ask_health"]
