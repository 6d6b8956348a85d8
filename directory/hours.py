"""When a service is open: OpenStreetMap ``opening_hours`` read in Europe/Paris, with French public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

PARIS = ZoneInfo("Europe/Paris")

ALWAYS = "24/7"

OpenState = Literal["open", "closed", "appointment", "unknown"]


@dataclass(frozen=True)
class Hours:
    """``change``: when an open place closes, when a closed one opens; None when it never does or nobody knows."""

    state: OpenState
    change: datetime | None = None
    always: bool = False


UNKNOWN = Hours("unknown")


@lru_cache(maxsize=4096)
def _parse(expression: str) -> OpeningHours | None:
    """None when the text is not readable; a wrong hour is worse than none."""
    every_day = expression == ALWAYS or "Mo-Su" in expression
    # An office that says nothing of public holidays is closed on them.
    said = expression if every_day or "PH" in expression else f"{expression}; PH off"
    try:
        return OpeningHours(said, timezone=PARIS, country="FR")
    except ParserError:
        return None


def hours_at(expression: str, now: datetime, *, by_appointment: bool = False) -> Hours:
    """The state at ``now`` (any time zone)."""
    parsed = _parse(expression) if expression else None
    if parsed is None:
        return Hours("appointment") if by_appointment else UNKNOWN
    here = now.astimezone(PARIS)
    change = parsed.next_change(here)
    if parsed.is_open(here):
        return Hours("open", change, always=change is None)
    if parsed.is_unknown(here):
        return UNKNOWN
    return Hours("closed", change)


def spans_on(expression: str, day: date) -> list[tuple[datetime, datetime]] | None:
    """Opening spans that begin on a day, in order; an empty list means closed all day, None that nobody knows."""
    parsed = _parse(expression) if expression else None
    if parsed is None:
        return None
    midnight = datetime.combine(day, time(), tzinfo=PARIS)
    found = parsed.intervals(midnight, midnight + timedelta(days=1))
    return [(start, end) for start, end, state, _ in found if state == State.OPEN and start.date() == day]
