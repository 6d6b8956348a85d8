"""A need is answered: numbers when lives may depend on them, what to do first, the best services."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say
from directory import search
from directory.geo import communes_of, point_of

SHOWN = 3

# Who answers at once, day and night, before any office does.
NUMBERS = {
    "ask_emergency_shelter": ("115",),
    "ask_women_violence": ("17", "114", "3919", "0240415151"),
    "ask_unaccompanied_minor": ("119",),
    "ask_mental_health": ("3114", "15"),
    "ask_health": ("15", "116117"),
    "ask_discrimination": ("3928",),
    "ask_legal_aid": ("3039",),
}
# Needs that a sentence of first steps is written for (bot.replies.titles.FIRST_STEPS, tested for agreement).
HAS_FIRST_STEPS = frozenset(
    {"ask_asylum", "ask_french_class", "ask_schooling", "ask_social_housing", "ask_emergency_shelter", "ask_health"}
)


# A second guess of danger this likely is worth a number, whatever need was understood first.
MAYBE_DANGER = 0.15
EUROPE = "112"


def find(call: Call, directory: Session) -> Answer:
    need = call.understood.intent
    place = call.understood.entity("place") or call.slots.get("place")
    found = answer(call, directory, need, place)
    if need in NUMBERS or not maybe_danger(call):
        return found
    return Answer((Say("emergency", {"numbers": [EUROPE]}), *found.say), found.slots)


def maybe_danger(call: Call) -> bool:
    return any(name == "emergency" and sure >= MAYBE_DANGER for name, sure in call.understood.guesses)


def answer(call: Call, directory: Session, need: str, place: str | None, seen: tuple[str, ...] = ()) -> Answer:
    """The best services for a need that were not ``seen`` yet, with all that goes before and after them."""
    asked = search.Need(need.removeprefix("ask_"), point_of(directory, place), communes_of(directory, place), seen)
    found = [one.service_id for one in search.find(directory, asked, call.now)]
    shown = found[:SHOWN]
    slots = {"need": need, "place": place, "shown": shown, "seen": [*seen, *shown]}
    if seen and not shown:
        return Answer((Say("no_more", {"need": need}),), {**slots, "shown": call.slots.get("shown")})
    first = () if seen else _before(need)
    services = Say("services", {"services": shown, "place": place, "more": len(found) > SHOWN})
    ask = () if place or seen or not shown else (Say("ask_place"),)
    return Answer((*first, services, *ask), slots)


def _before(need: str) -> tuple[Say, ...]:
    numbers = (Say("emergency", {"numbers": list(NUMBERS[need])}),) if need in NUMBERS else ()
    steps = (Say("first_steps", {"need": need}),) if need in HAS_FIRST_STEPS else ()
    return (*numbers, *steps)
