"""Which language a message is in, and which one is answered in."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from bot.i18n.detection import ENOUGH_WORDS, Detector, from_header
from bot.i18n.letters import Letters, borrowed_words, script, sentences, words_of
from bot.settings import ROOT
from bot.turn import LANGUAGES

DETECTOR = Detector(Letters.learn(sentences(ROOT / "data" / "nlu")))


def detect(text: str) -> str | None:
    return DETECTOR.detect(text)


def settle(text: str, **known: Any) -> str:
    return DETECTOR.settle(text, **known)


SENTENCES = {
    "fr": "où est-ce que je peux apprendre le français",
    "en": "where can I learn french near here",
    "ar": "أين أتعلم الفرنسية قرب بيلفو",
    "es": "dónde puedo aprender francés por aquí",
    "pt": "onde posso aprender francês perto daqui",
    "ru": "где можно выучить французский язык",
    "uk": "де можна вивчити французьку мову",
    "tr": "Fransızca kursu nerede bulabilirim",
    "fa": "کجا می‌توانم فرانسوی یاد بگیرم",
    "ps": "زه چیرته فرانسوي ژبه زده کولی شم",
    "so": "halkee baan ka baran karaa luqadda Faransiiska",
    "ti": "ፈረንሳይኛ ኣበይ ክመሃር እኽእል",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_heard_in_its_language(language: str) -> None:
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["ok", "oui", "115", "taxi", "", "👍", "CAF"])
@pytest.mark.parametrize("last", ["ar", "en", "ti"])
def test_one_short_word_never_changes_the_language(text: str, last: str) -> None:
    assert settle(text, chosen=None, last=last, hint="fr") == last


def test_the_order_is_choice_message_conversation_hint() -> None:
    arabic = SENTENCES["ar"]
    assert settle(arabic, chosen="ru", last="en", hint="fr") == "ru"
    assert settle(arabic, chosen=None, last="en", hint="fr") == "ar"
    assert settle("ok", chosen=None, last="en", hint="fr") == "en"
    assert settle("ok", chosen=None, last=None, hint="tr") == "tr"
    assert settle("ok", chosen=None, last=None, hint=None) == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wein fini na2em el leile ana w wladi", "ar"),
        ("bghit n9ra français fin kayn chi cours", "ar"),
        ("gde mozhno nochevat segodnya", "ru"),
        ("man emshab jayi baraye khab nadaram", "fa"),
        ("abeg where i fit sleep dis night", "en"),
        ("tu es un robot ?", "fr"),
        ("عندي rendez-vous في préfecture غدا", "ar"),
        ("récépissé-gayga wuu dhacay maxaan sameeyaa", "so"),
    ],
)
def test_other_letters_dialects_and_french_office_words_are_no_obstacle(text: str, language: str) -> None:
    assert settle(text, chosen=None, last=None, hint=None) == language


def test_french_office_words_do_not_change_a_conversation() -> None:
    assert settle("préfecture rdv", chosen=None, last="tr", hint=None) == "tr"


def test_another_script_counts_even_in_one_word() -> None:
    assert settle("مرحبا", chosen=None, last="fr", hint="fr") == "ar"
    assert settle("ሰላም", chosen=None, last="fr", hint="fr") == "ti"


def test_a_greeting_alone_tells_the_language_of_a_new_conversation() -> None:
    assert settle("hola", chosen=None, last=None, hint=None) == "es"
    assert settle("Hello!", chosen=None, last=None, hint=None) == "en"


def test_the_script_is_that_of_the_persons_own_words() -> None:
    assert script("عندي rendez-vous") == "arabic"
    assert script("le mot سلام dans une phrase française bien longue") == "latin"
    assert script("12 ?!") == "other"
    assert words_of("12 ?!") == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de,ar;q=0.5", "ar"),
        ("en;q=0.2, so-SO;q=0.9", "so"),
        ("en;q=0, tr", "tr"),
        ("zz", None),
        ("", None),
        (None, None),
        (";;;q=x,,", None),
    ],
)
def test_the_browsers_languages_are_a_hint(header: str | None, language: str | None) -> None:
    assert from_header(header) == language


def test_office_words_say_nothing_of_the_language_around_them() -> None:
    assert {"préfecture", "récépissé", "caf"} <= borrowed_words(sentences(ROOT / "data" / "nlu"))
    assert detect("как продлить récépissé") == "ru"
    assert detect("la mairie me pide justificatif") == "es"


def table(language: str) -> list[str]:
    with open(ROOT / "tests" / "evaluation" / "short" / f"{language}.csv", encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def share(texts: list[tuple[str, str]]) -> float:
    return sum(detect(text) == language for language, text in texts) / len(texts)


def test_short_and_mixed_messages_are_heard() -> None:
    """Without a conversation around them; figures in docs/understanding.md."""
    told = [(language, text) for language in LANGUAGES for text in table(language)]
    assert min(len(table(language)) for language in LANGUAGES) >= 40
    assert share([one for one in told if len(one[1].split()) >= ENOUGH_WORDS]) >= 0.98
    for language in LANGUAGES:
        assert share([one for one in told if one[0] == language]) >= 0.9, language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_keeps_its_language_through_short_messages(language: str) -> None:
    held = [settle(text, chosen=None, last=language, hint="fr") == language for text in table(language)]
    assert sum(held) / len(held) >= 0.95
