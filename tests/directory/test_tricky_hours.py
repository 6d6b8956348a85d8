"""Fifty tricky hours, each with a moment, the state then, and the next change. Nantes time."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from directory.hours import PARIS, hours_at, is_open_on, is_readable, with_closures
from directory.models import Closure
from directory.school_holidays import spans


def at(said: str) -> datetime:
    return datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


# 2026-11-23 is a Monday. Public holidays: 2026-12-25, 2027-01-01, 2027-03-29 (Easter Monday), 2027-05-01 and 05-08.
# School holidays of zone B: 2026-12-19 to 2027-01-03, 2027-02-20 to 2027-03-07.
@pytest.mark.parametrize(
    ("hours", "now", "state", "change"),
    [
        ("Mo-Fr 09:00-17:00", "2026-11-23 08:59", "closed", "2026-11-23 09:00"),
        ("Mo-Fr 09:00-17:00", "2026-11-23 09:00", "open", "2026-11-23 17:00"),
        ("Mo-Fr 09:00-17:00", "2026-11-23 17:00", "closed", "2026-11-24 09:00"),
        ("Mo-Fr 09:00-12:30,13:30-17:00", "2026-11-23 12:45", "closed", "2026-11-23 13:30"),
        ("Mo,Th 14:00-18:00", "2026-11-24 10:00", "closed", "2026-11-26 14:00"),
        ("Mo-Fr 09:00-12:00; Mo 14:00-16:00", "2026-11-23 10:00", "closed", "2026-11-23 14:00"),
        ("Mo-Fr 09:00-12:00, Mo 14:00-16:00", "2026-11-23 10:00", "open", "2026-11-23 12:00"),
        ("Mo-Fr 09:00-12:00, Mo 14:00-16:00", "2026-11-23 13:00", "closed", "2026-11-23 14:00"),
        # Over midnight.
        ("Mo-Su 18:00-09:00", "2026-11-23 23:30", "open", "2026-11-24 09:00"),
        ("Mo-Su 18:00-09:00", "2026-11-24 08:00", "open", "2026-11-24 09:00"),
        ("Mo-Su 18:00-09:00", "2026-11-24 12:00", "closed", "2026-11-24 18:00"),
        ("Fr-Sa 22:00-26:00", "2026-11-28 01:00", "open", "2026-11-28 02:00"),
        ("Fr-Sa 22:00-02:00", "2026-11-29 01:00", "open", "2026-11-29 02:00"),
        ("Fr-Sa 22:00-02:00", "2026-11-30 01:00", "closed", "2026-12-04 22:00"),
        ("24/7", "2026-12-25 04:00", "open", None),
        ("Mo-Su 00:00-24:00", "2026-11-23 23:59", "open", None),
        # Every second week, week numbers.
        ("week 1-53/2 We 09:00-12:00", "2026-11-25 10:00", "closed", "2026-12-02 09:00"),
        ("week 2-53/2 We 09:00-12:00", "2026-11-25 10:00", "open", "2026-11-25 12:00"),
        ("week 10-20 Mo 10:00-11:00", "2026-11-23 10:00", "closed", "2027-03-08 10:00"),
        # The first, the last, the second and fourth of the month.
        ("Mo[1] 09:00-12:00", "2026-11-23 10:00", "closed", "2026-12-07 09:00"),
        ("Mo[-1] 09:00-12:00", "2026-11-23 10:00", "closed", "2026-11-30 09:00"),
        ("Sa[2,4] 10:00-12:00", "2026-11-28 10:30", "open", "2026-11-28 12:00"),
        ("We[1] 14:00-16:00; We[3] 09:00-11:00", "2026-12-03 10:00", "closed", "2026-12-16 09:00"),
        # Public holidays: closed unless said otherwise.
        ("Mo-Fr 09:00-17:00", "2026-12-25 10:00", "closed", "2026-12-28 09:00"),
        ("Mo-Fr 09:00-17:00; PH off", "2027-01-01 10:00", "closed", "2027-01-04 09:00"),
        ("Mo-Fr 09:00-17:00; PH 10:00-12:00", "2026-12-25 10:30", "open", "2026-12-25 12:00"),
        ("Mo-Fr,PH 09:00-17:00", "2026-12-25 10:30", "open", "2026-12-25 17:00"),
        ("Mo-Su,PH 07:30-09:00", "2026-12-25 08:00", "open", "2026-12-25 09:00"),
        ("Mo-Su 18:00-09:00", "2026-12-25 20:00", "open", "2026-12-26 09:00"),
        ("Mo-Fr 09:00-17:00", "2027-03-29 10:00", "closed", "2027-03-30 09:00"),
        ("Sa 09:00-12:00", "2027-05-01 10:00", "closed", "2027-05-15 09:00"),
        ("PH,Su 10:00-12:00", "2026-12-25 11:00", "open", "2026-12-25 12:00"),
        # School holidays of Nantes.
        ("Mo-Fr 09:00-17:00; SH off", "2026-12-22 10:00", "closed", "2027-01-04 09:00"),
        ("Mo-Fr 09:00-17:00; PH,SH off", "2027-02-24 10:00", "closed", "2027-03-08 09:00"),
        ("SH Mo-Fr 10:00-12:00", "2026-12-01 10:30", "closed", "2026-12-21 10:00"),
        ("We,SH 14:00-17:00", "2026-12-22 15:00", "open", "2026-12-22 17:00"),
        ("Mo-Fr 09:00-17:00; SH Mo-We 10:00-12:00; PH off", "2026-12-22 13:00", "closed", "2026-12-23 10:00"),
        # Seasons and dates.
        ("Jul-Aug Mo-Fr 09:00-12:00", "2026-11-23 10:00", "closed", "2027-07-01 09:00"),
        ("Mo-Fr 09:00-17:00; Jul-Aug off", "2027-07-15 10:00", "closed", "2027-09-01 09:00"),
        ("Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 09:00-12:00", "2027-07-15 13:00", "closed", "2027-07-16 09:00"),
        ("Nov 15-Mar 31 Mo-Su 18:00-08:00", "2026-11-23 20:00", "open", "2026-11-24 08:00"),
        ("Nov 15-Mar 31 18:00-08:00", "2027-04-10 20:00", "closed", "2027-11-15 18:00"),
        ("Mo-Fr 09:00-17:00; Dec 24 09:00-12:00", "2026-12-24 13:00", "closed", "2026-12-28 09:00"),
        ("Mo-Fr 09:00-17:00; 2026 Nov 20-2026 Nov 27 off", "2026-11-23 10:00", "closed", "2026-11-30 09:00"),
        ('Mo-Fr 09:00-17:00; 2026 Nov 20-2026 Nov 27 off "travaux"', "2026-11-23 10:00", "closed", "2026-11-30 09:00"),
        # By appointment, not known, never.
        ('Mo-Fr 08:30-12:30 "sur rendez-vous"', "2026-11-23 10:00", "appointment", "2026-11-23 12:30"),
        ('Mo-Fr 08:30-12:30 "sur rdv"', "2026-11-23 13:00", "closed", "2026-11-24 08:30"),
        ('Mo-Fr 09:00-12:00; We 14:00-17:00 "sur RDV"', "2026-11-25 15:00", "appointment", "2026-11-25 17:00"),
        ("Mo-Fr 09:00-12:00 unknown", "2026-11-23 10:00", "unknown", None),
        ("Mo-Fr 09:00-17:00; Tu off", "2026-11-24 10:00", "closed", "2026-11-25 09:00"),
        ("off", "2026-11-23 10:00", "closed", None),
        # The clocks change on 2027-03-28 (forward) and on 2026-10-25 (back).
        ("Su 01:00-05:00", "2027-03-28 00:30", "closed", "2027-03-28 01:00"),
        ("Mo-Su 22:00-06:00", "2026-10-25 05:00", "open", "2026-10-25 06:00"),
    ],
)
def test_tricky_hours(hours: str, now: str, state: str, change: str | None) -> None:
    known = hours_at(hours, at(now))
    assert (known.state, known.change) == (state, at(change) if change else None)


@pytest.mark.parametrize(
    "hours", ["9h-17h", "lundi matin", "Lu-Ve 09:00-17:00", "Mo-Fr 9-17h", "09:00", "Mo-Fr 25:00-27:00", "Mo-Fr 09:00-"]
)
def test_what_cannot_be_read_is_said_to_be_unknown(hours: str) -> None:
    assert not is_readable(hours)
    assert hours_at(hours, at("2026-11-23 10:00")).state == "unknown"
    assert is_open_on(hours, date(2026, 11, 28)) is None


def closure(begins: str, ends: str, hours: str = "") -> Closure:
    return Closure(begins=date.fromisoformat(begins), ends=date.fromisoformat(ends), opening_hours=hours)


def test_a_temporary_closure_is_closed_to_its_last_day_and_then_opens() -> None:
    hours = with_closures("Mo-Fr 09:00-17:00", [closure("2026-11-20", "2026-11-24")])
    assert hours_at(hours, at("2026-11-23 10:00")).change == at("2026-11-25 09:00")
    assert hours_at(hours, at("2026-11-19 10:00")).state == "open"


def test_summer_hours_stand_instead_of_the_usual_ones() -> None:
    hours = with_closures(
        "Mo-Fr 09:00-17:00; Sa 09:00-12:00", [closure("2027-07-05", "2027-08-28", "Mo-Th 10:00-12:00; Fr 10:00-11:00")]
    )
    assert hours_at(hours, at("2027-07-06 13:00")).change == at("2027-07-07 10:00")
    assert is_open_on(hours, date(2027, 7, 10)) is False
    assert is_open_on(hours, date(2027, 7, 9)) is True
    assert hours_at(hours, at("2027-08-30 13:00")).state == "open"


def test_a_closure_is_known_even_when_the_hours_are_not() -> None:
    hours = with_closures("", [closure("2026-11-20", "2026-11-24")])
    assert hours_at(hours, at("2026-11-23 10:00")).state == "closed"
    assert hours_at(hours, at("2026-11-25 10:00")).state == "unknown"


def test_a_closure_holds_for_what_is_always_open_too() -> None:
    hours = with_closures("24/7", [closure("2026-11-23", "2026-11-23")])
    assert hours_at(hours, at("2026-11-23 10:00")).change == at("2026-11-24 00:00")


def test_open_on_saturday() -> None:
    assert is_open_on("Mo-Fr 09:00-17:00", date(2026, 11, 28)) is False
    assert is_open_on("Mo-Sa 09:00-17:00", date(2026, 11, 28)) is True
    assert is_open_on("", date(2026, 11, 28)) is None


def test_the_school_calendar_is_that_of_nantes() -> None:
    assert (date(2026, 12, 19), date(2027, 1, 3)) in spans()
    assert (date(2027, 2, 20), date(2027, 3, 7)) in spans()
