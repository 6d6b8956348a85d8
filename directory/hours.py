"""When a service is open: OpenStreetMap ``opening_hours`` read in Europe/Paris, with French public and school holidays,
temporary closures and temporary hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from directory.school_holidays import holidays

PARIS = ZoneInfo("Europe/Paris")

ALWAYS = "24/7"
# Spans looked through for the next opening: two openings a day over more than a year.
_LOOKED_THROUGH = 1000

OpenState = Literal["open", "closed", "appointment", "unknown"]


@dataclass(frozen=True)
class Hours:
    """``change``: when an open place closes, when a closed one opens; None when it never does or nobody knows."""

    state: OpenState
    change: datetime | None = None
    always: bool = False


class Closing(Protocol):
    """From–to, both days included; ``opening_hours`` when it is other hours and not closed."""

    begins: date
    ends: date
    opening_hours: str


UNKNOWN = Hours("unknown")
_APPOINTMENT = re.compile(r"rendez.vous|\brdv\b|appointment", re.IGNORECASE)
# A list of days with SH among them: « SH off », « PH,SH off », « We,SH 14:00-17:00 », « SH Mo-Fr 10:00-12:00 ».
_SCHOOL_HOLIDAYS = re.compile(r"(?P<before>.*?)(?P<days>(?:[\w\[\]-]+,)*\bSH\b(?:,[\w\[\]-]+)*)(?P<after>.*)")
_RULES = re.compile(r'(?:[^;"]|"[^"]*")+')


@lru_cache(maxsize=8192)
def _parse(expression: str) -> OpeningHours | None:
    """None when the text is not readable; a wrong hour is worse than none."""
    try:
        return OpeningHours(_said_whole(expression), timezone=PARIS, country="FR")
    except ParserError:
        return None


def _said_whole(expression: str) -> str:
    """An office that says nothing of public holidays is closed on them, unless it is open every day."""
    every_day = expression.startswith(ALWAYS) or "Mo-Su" in expression
    said = expression if every_day or "PH" in expression else f"{expression}; PH off"
    return _with_school_holidays(said) if "SH" in said else said


def _with_school_holidays(expression: str) -> str:
    """The reader knows public holidays only: school holidays become their dates."""
    return "; ".join(rule for written in _RULES.findall(expression) for rule in _dated(written.strip()))


def _dated(rule: str) -> list[str]:
    found = _SCHOOL_HOLIDAYS.fullmatch(rule)
    if not found:
        return [rule]
    others = [day for day in found["days"].split(",") if day != "SH"]
    rules = [f"{found['before']}{holidays()}{found['after']}"]
    return [*rules, f"{found['before']}{','.join(others)}{found['after']}"] if others else rules


def with_closures(expression: str, closures: Iterable[Closing]) -> str:
    """The hours as they are once temporary closures and temporary hours are counted in."""
    rules = [rule for closure in closures for rule in _closing(closure)]
    if not rules:
        return expression
    known = f"{expression}; PH off" if expression and "PH" not in expression and expression != ALWAYS else expression
    return "; ".join([known or "unknown", *rules])


def _closing(closure: Closing) -> list[str]:
    days = f"{closure.begins:%Y %b %d}-{closure.ends:%Y %b %d}"
    instead = [rule.strip() for rule in _RULES.findall(closure.opening_hours)]
    return [f"{days} off", *(f"{days} {rule}" for rule in instead)]


def is_readable(expression: str) -> bool:
    return _parse(expression) is not None


def hours_at(expression: str, now: datetime, *, by_appointment: bool = False) -> Hours:
    """The state at ``now`` (any time zone)."""
    parsed = _parse(expression) if expression else None
    here = now.astimezone(PARIS)
    if parsed is None or parsed.is_unknown(here):
        return Hours("appointment") if by_appointment else UNKNOWN
    state, comment = parsed.state(here)
    if state == State.CLOSED:
        return Hours("closed", _next_opening(parsed, here))
    change = _closes(parsed, here)
    if _APPOINTMENT.search(comment):
        return Hours("appointment", change)
    return Hours("open", change, always=change is None)


def _next_opening(parsed: OpeningHours, here: datetime) -> datetime | None:
    spans = islice(parsed.intervals(here), _LOOKED_THROUGH)
    return next((start for start, _, state, _ in spans if state == State.OPEN), None)


def _closes(parsed: OpeningHours, here: datetime) -> datetime | None:
    """The end of the open spans that follow each other without a gap; None when they have no end."""
    closes = None
    for start, end, state, _ in islice(parsed.intervals(here), _LOOKED_THROUGH):
        if state != State.OPEN or (closes is not None and start != closes):
            return closes
        closes = end
    return None


def spans_on(expression: str, day: date) -> list[tuple[datetime, datetime]] | None:
    """Opening spans that begin on a day, in order; an empty list means closed all day, None that nobody knows."""
    parsed = _parse(expression) if expression else None
    if parsed is None:
        return None
    midnight = datetime.combine(day, time(), tzinfo=PARIS)
    found = list(parsed.intervals(midnight, midnight + timedelta(days=1)))
    if any(state == State.UNKNOWN for _, _, state, _ in found):
        return None
    return [(start, end) for start, end, state, _ in found if state == State.OPEN and start.date() == day]


def is_open_on(expression: str, day: date) -> bool | None:
    """At some time of that day; None when nobody knows."""
    spans = spans_on(expression, day)
    return None if spans is None else bool(spans)
