"""What travels between the rooms during one turn, as plain frozen values (standard library only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

LANGUAGES = ("fr", "en", "ar", "es", "pt", "ru", "uk", "tr", "fa", "ps", "so", "ti")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps"})

# The thirty needs of the contract; every other intent is safety, talk, or a follow-up.
TOPICS = (
    "ask_asylum",
    "ask_residence_permit",
    "ask_family_reunification",
    "ask_naturalisation",
    "ask_french_class",
    "ask_schooling",
    "ask_early_childhood",
    "ask_emergency_shelter",
    "ask_social_housing",
    "ask_health",
    "ask_mental_health",
    "ask_employment",
    "ask_qualification_recognition",
    "ask_social_benefits",
    "ask_legal_aid",
    "ask_interpreting",
    "ask_food",
    "ask_domiciliation",
    "ask_women_violence",
    "ask_unaccompanied_minor",
    "ask_disability",
    "ask_elderly",
    "ask_lgbt",
    "ask_discrimination",
    "ask_participation",
    "ask_culture_sport",
    "ask_transport",
    "ask_banking",
    "ask_travellers",
    "ask_volunteering",
)

Locale = str
Audience = Literal["newcomer", "agent"]


@dataclass(frozen=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Choice:
    """A button: an intent of the contract and what it is about, for instance ``{"service": "pref44"}``."""

    intent: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Incoming:
    """One message of a person, after the edge: either ``text`` or ``choice`` is set.

    ``locale`` is the language of the reply, ``heard`` that of the message, ``slots`` what the conversation remembers.
    """

    conversation: str
    locale: Locale
    heard: Locale
    audience: Audience = "newcomer"
    text: str | None = None
    choice: Choice | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """What was read in a message. It holds no words of the person: entity values are record ids."""

    intent: str
    confidence: float = 1.0
    entities: tuple[tuple[str, str], ...] = ()
    guesses: tuple[tuple[str, float], ...] = ()

    def entity(self, name: str) -> str | None:
        return next((value for key, value in self.entities if key == name), None)


@dataclass(frozen=True)
class Call:
    """What an action is given: the turn, what the conversation remembers (``slots``), and the time it is."""

    conversation: str
    understood: Understood
    locale: Locale
    now: datetime
    slots: Mapping[str, Any] = field(default_factory=dict)
    audience: Audience = "newcomer"


@dataclass(frozen=True)
class Say:
    """A fact to tell. ``values`` carry ids and numbers, never records or sentences."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What an action decided: what to say, and the slots to remember."""

    say: tuple[Say, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)


def remember(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What a conversation knows after an answer; None forgets. Two misses count only in a row."""
    return {name: value for name, value in {**before, "missed": None, **after}.items() if value is not None}


@dataclass(frozen=True)
class Heard:
    """What the engine gave back for one message, and all that the conversation remembers from now on."""

    understood: Understood
    say: tuple[Say, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """Rendered messages and choices in one language, ready for a channel (shapes of the HTTP contract)."""

    locale: Locale
    messages: tuple[dict[str, Any], ...]
    choices: tuple[tuple[str, Choice], ...] = ()
