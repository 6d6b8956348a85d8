"""Every sentence exists in every language, whole, with its placeholders."""

from __future__ import annotations

import re
import string
from datetime import datetime

import pytest
from babel.messages.pofile import read_po

from bot.i18n.catalogues import OWN_NAMES, SOURCE, direction, po_file, words
from bot.i18n.messages import sentences
from bot.turn import LANGUAGES
from directory.hours import PARIS

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_each_sentence_of_the_code_and_no_other(language: str) -> None:
    with open(po_file(language), "rb") as file:
        catalogue = read_po(file, locale=language)
    translated = {message.id: message.string for message in catalogue if message.id}
    assert set(translated) == set(sentences()), "run: make messages"
    assert [sentence for sentence, text in translated.items() if not text] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same(language: str) -> None:
    for sentence in sentences():
        assert placeholders(words(language).raw(sentence)) == placeholders(sentence), sentence


@pytest.mark.parametrize("language", ["ar", "fa", "ps", "ru", "uk", "ti"])
def test_a_translation_is_written_in_its_script(language: str) -> None:
    for sentence in sentences():
        if re.search(r"[a-z]", re.sub(r"\{\w+\}", "", sentence)):
            said = re.sub(r"\{\w+\}", "", words(language).raw(sentence))
            assert any(char.isalpha() and not char.isascii() for char in said), sentence


def test_times_are_those_of_the_door_in_every_language() -> None:
    moment = datetime(2026, 11, 24, 17, 30, tzinfo=PARIS)
    assert {words(language).time(moment) for language in LANGUAGES} == {"17:30"}


def test_a_french_name_keeps_its_order_in_a_right_to_left_sentence() -> None:
    said = words("ar").say("Près de {place} :", place="Bellevue")
    assert "\u2068Bellevue\u2069" in said
    assert "\u2068" not in words("en").say("Près de {place} :", place="Bellevue")


def test_every_language_has_a_name_and_a_direction() -> None:
    assert list(OWN_NAMES) == list(LANGUAGES)
    assert [language for language in LANGUAGES if direction(language) == "rtl"] == ["ar", "fa", "ps"]
