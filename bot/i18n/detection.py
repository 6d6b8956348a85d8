"""Which of the twelve languages a message is in, and which one to answer in."""

from __future__ import annotations

import re

from babel.core import negotiate_locale

from bot.i18n.letters import Letters
from bot.turn import LANGUAGES

# Fewer words than this say nothing sure: "ok", "oui", "115", "taxi".
ENOUGH_WORDS = 3
# How much likelier a message is in the language spoken so far than in another one.
PRIOR = 4.0
# A first message, with nothing else to go by, is believed from here.
SURE = 0.4

_WORDS = re.compile(r"[^\W\d_]+")


class Detector:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def detect(self, text: str) -> str | None:
        """The likeliest language of a text by its letters alone, None when it has none."""
        chances = self._letters.chances(text)
        return max(chances, key=lambda language: chances[language]) if chances else None

    def settle(self, text: str | None, *, chosen: str | None, last: str | None, hint: str | None) -> str:
        """The language to answer in: chosen, else the message's, else the conversation's, else the channel's hint.

        One or two words never change the language, except in a script that it is not written in: their writer
        cannot be reading it.
        """
        if chosen:
            return chosen
        before = last or hint
        chances = self._letters.chances(text) if text else {}
        if not chances:
            return before or "fr"
        short = len(_WORDS.findall(text or "")) < ENOUGH_WORDS
        if before in chances:
            if short:
                return before
            chances[before] *= PRIOR
        best = max(chances, key=lambda language: chances[language])
        unsure = before is None and chances[best] < SURE
        return "fr" if unsure else best


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
