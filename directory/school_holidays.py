"""School holidays of the zone of Nantes, as dates in the syntax of opening hours (official calendar)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

ZONE = "B"
_YEARS = range(2024, 2040)


@lru_cache
def holidays() -> str:
    """« 2026 Oct 17-2026 Nov 01,2026 Dec 19-2027 Jan 03,… », as far as the calendar is decided."""
    return ",".join(f"{first:%Y %b %d}-{last:%Y %b %d}" for first, last in spans())


@lru_cache
def spans() -> tuple[tuple[date, date], ...]:
    days = sorted(day for year in _YEARS for day in _days(year))
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda one: one[1] - timedelta(one[0]))]
    return tuple((run[0], run[-1]) for run in runs)


def _days(year: int) -> list[date]:
    try:
        return list(SchoolHolidayDates().holidays_for_year_and_zone(year, ZONE))
    except UnsupportedYearException:
        return []
