"""Which of the twelve languages a message is in, and which one to answer in."""

from __future__ import annotations

import re
import unicodedata

from babel.core import negotiate_locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.turn import LANGUAGES

# Latin letters: these are told apart by py3langid; it has no Tigrinya, which its script gives away.
_LATIN = ("fr", "en", "es", "pt", "tr", "so")
_PASHTO_LETTERS = frozenset("ټځڅډړږښڼېۍګ")
_PERSIAN_LETTERS = frozenset("پچژگکی")
_UKRAINIAN_LETTERS = frozenset("іїєґ")
_RUSSIAN_LETTERS = frozenset("ыэёъ")
# Fewer Latin words than this say nothing sure: "ok", "oui", "115", "taxi".
ENOUGH_WORDS = 3
SURE = 0.5

# A first word that only one of the languages uses to greet.
_GREETINGS = {
    "bonjour": "fr", "bonsoir": "fr", "salut": "fr", "coucou": "fr",
    "hello": "en", "hi": "en", "hey": "en",
    "hola": "es", "buenas": "es", "buenos": "es",
    "ola": "pt", "olá": "pt", "oi": "pt",
    "merhaba": "tr", "selam": "tr", "selamlar": "tr",
    "salaan": "so", "iska": "so", "haye": "so",
}  # fmt: skip

_WORDS = re.compile(r"[^\W\d_]+")


def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages)
    return identifier


_latin = _identifier(_LATIN)
_arabic = _identifier(("ar", "fa", "ps"))
_cyrillic = _identifier(("ru", "uk"))


def script(text: str) -> str:
    """Latin, Arabic, Cyrillic, Ethiopic or other: what most letters are."""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            name = unicodedata.name(char, "").split(" ", 1)[0]
            counts[name] = counts.get(name, 0) + 1
    most = max(counts, key=lambda name: counts[name], default="")
    return {"LATIN": "latin", "ARABIC": "arabic", "CYRILLIC": "cyrillic", "ETHIOPIC": "ethiopic"}.get(most, "other")


def detect(text: str) -> str | None:
    """The language of a message, or None when the message is too short or too mixed to tell."""
    match script(text):
        case "ethiopic":
            return "ti"
        case "arabic":
            return _arabic_script(text)
        case "cyrillic":
            return _cyrillic_script(text)
        case "latin":
            return _latin_script(text)
    return None


def _arabic_script(text: str) -> str:
    letters = set(text)
    if letters & _PASHTO_LETTERS:
        return "ps"
    language, _ = _arabic.classify(text)
    return "fa" if language == "ar" and letters & _PERSIAN_LETTERS else str(language)


def _cyrillic_script(text: str) -> str:
    letters = set(text.lower())
    if letters & _UKRAINIAN_LETTERS and not letters & _RUSSIAN_LETTERS:
        return "uk"
    if letters & _RUSSIAN_LETTERS:
        return "ru"
    return str(_cyrillic.classify(text)[0])


def _latin_script(text: str) -> str | None:
    if len(_WORDS.findall(text)) < ENOUGH_WORDS:
        return None
    language, sure = _latin.classify(text)
    return str(language) if sure >= SURE else None


def settle(text: str | None, *, chosen: str | None, last: str | None, hint: str | None) -> str:
    """The language to answer in: chosen, else that of the message, else the conversation's, else the channel's hint.

    A message in another script always counts, however short: its writer cannot be reading the old one.
    """
    heard = detect(text) if text else None
    return chosen or heard or last or hint or _first_guess(text) or "fr"


def _first_guess(text: str | None) -> str | None:
    """A conversation that begins with one short word and no hint: its greeting tells."""
    if not text or script(text) != "latin":
        return None
    first = _WORDS.search(text.lower())
    return _GREETINGS.get(first.group()) if first else None


def from_header(accept_language: str | None) -> str | None:
    """The best of our languages in an Accept-Language header (RFC 9110, weights respected); None when none is."""
    if not accept_language:
        return None
    weighted = [part.strip().split(";q=") for part in accept_language[:500].split(",")]
    asked = sorted(weighted, key=lambda part: -_weight(part))
    names = [part[0].strip().split("-")[0].lower() for part in asked if _weight(part) > 0]
    return negotiate_locale(names, LANGUAGES)


def _weight(part: list[str]) -> float:
    try:
        return float(part[1]) if len(part) > 1 else 1.0
    except ValueError:
        return 0.0
