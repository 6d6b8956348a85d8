"""Open or not: Nantes time, French holidays, and never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from directory.hours import PARIS, hours_at, spans_on

WEEK = "Mo-Fr 09:00-12:30,13:30-17:00"


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


# 2026-11-23 is a Monday; 2026-12-25, a Friday, is a public holiday.
@pytest.mark.parametrize(
    ("expression", "now", "state", "change"),
    [
        (WEEK, paris(23, 10), "open", paris(23, 12, 30)),
        (WEEK, paris(23, 13), "closed", paris(23, 13, 30)),
        (WEEK, paris(27, 18), "closed", paris(30, 9)),
        (WEEK, paris(25, 10, month=12), "closed", paris(28, 9, month=12)),
        ("Mo-Su 18:00-09:00", paris(23, 23), "open", paris(24, 9)),
        ("Mo-Su 18:00-09:00", paris(24, 8), "open", paris(24, 9)),
        ("Mo-Su 18:00-09:00", paris(25, 20, month=12), "open", paris(26, 9, month=12)),
        ("24/7", paris(25, 3, month=12), "open", None),
        ("Th 13:30-17:30", paris(23, 10), "closed", paris(26, 13, 30)),
        ("", paris(23, 10), "unknown", None),
        ("le jeudi vers 17 h", paris(23, 10), "unknown", None),
    ],
)
def test_state_and_next_change(expression: str, now: datetime, state: str, change: datetime | None) -> None:
    known = hours_at(expression, now)
    assert (known.state, known.change) == (state, change)


def test_open_day_and_night_is_said_to_be_so() -> None:
    assert hours_at("24/7", paris(23, 3)).always
    assert not hours_at(WEEK, paris(23, 10)).always


def test_the_clock_of_the_server_does_not_matter() -> None:
    assert hours_at(WEEK, datetime(2026, 11, 23, 8, 30, tzinfo=UTC)).state == "open"  # 9:30 in Nantes
    assert hours_at(WEEK, datetime(2026, 7, 20, 7, 30, tzinfo=UTC)).state == "open"  # 9:30 in summer too


def test_without_hours_a_service_by_appointment_says_so() -> None:
    assert hours_at("", paris(23, 10), by_appointment=True).state == "appointment"


def test_spans_of_a_day() -> None:
    assert spans_on(WEEK, date(2026, 11, 23)) == [
        (paris(23, 9), paris(23, 12, 30)),
        (paris(23, 13, 30), paris(23, 17)),
    ]
    assert spans_on(WEEK, date(2026, 11, 22)) == []
    assert spans_on("", date(2026, 11, 23)) is None
