"""Sentences in twelve languages: French is written in the code, translations are gettext files a person can edit."""

from __future__ import annotations

import gettext
import io
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.turn import RIGHT_TO_LEFT

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "fr"


def po_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Read from the .po file itself, so that no compiled copy can be older than what people edit."""
    if language == SOURCE:
        return gettext.NullTranslations()
    with open(po_file(language), "rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(sentence: str) -> str:
    """Marks a French sentence for translation where it is not said yet."""
    return sentence


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


class Words:
    """How one language says things."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._catalogue = _translations(language)

    def say(self, sentence: str, **values: Any) -> str:
        return self._catalogue.gettext(sentence).format(**self._isolated(values))

    def _isolated(self, values: dict[str, Any]) -> dict[str, Any]:
        """A French name or a number inside a right-to-left sentence keeps its own order (UAX #9, FSI and PDI)."""
        if self.language not in RIGHT_TO_LEFT:
            return values
        return {name: f"\u2068{value}\u2069" for name, value in values.items()}

    def raw(self, sentence: str) -> str:
        """The translation with its placeholders unfilled."""
        return self._catalogue.gettext(sentence)

    def time(self, moment: datetime) -> str:
        """Twenty-four hours in every language: that is what the door, the letter and the phone in France say."""
        return format_time(moment, format="HH:mm", tzinfo=moment.tzinfo, locale=self._locale)

    def weekday(self, moment: date) -> str:
        return format_date(moment, format="EEEE", locale=self._locale)

    def day(self, moment: date) -> str:
        return format_date(moment, format="long", locale=self._locale)

    def language_name(self, code: str) -> str:
        return str(self._locale.languages.get(code, code))


# Each language as its speakers write it.
OWN_NAMES = {
    "fr": "Français",
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "pt": "Português",
    "ru": "Русский",
    "uk": "Українська",
    "tr": "Türkçe",
    "fa": "فارسی / دری",
    "ps": "پښتو",
    "so": "Soomaali",
    "ti": "ትግርኛ",
}


@cache
def words(language: str) -> Words:
    return Words(language)
