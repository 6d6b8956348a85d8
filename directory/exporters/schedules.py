"""Opening hours between the syntax of OpenStreetMap and the schedule rows of HSDS.

A row says days of the week and one span; what it cannot say (holidays, seasons, every second week) goes to its notes,
in the syntax itself, and is read back from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NOTE = "opening_hours: "
_TIMES = r"\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*"
_DAY = rf"(?:{'|'.join(DAYS)})"
_RULE = re.compile(rf"(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) (?P<times>{_TIMES})")
_NTH = re.compile(rf"(?P<day>{_DAY})\[(?P<nth>-?\d)\] (?P<times>{_TIMES})")
_EVERY_DAY = {"24/7": "Mo-Su 00:00-24:00"}


def rows(expression: str) -> list[dict[str, Any]]:
    """HSDS schedules without their ids."""
    if not expression:
        return []
    rules = [rule.strip() for rule in _EVERY_DAY.get(expression, expression).split(";")]
    found = [row for rule in rules for row in _of_rule(rule)]
    if all(_RULE.fullmatch(rule) or _NTH.fullmatch(rule) for rule in rules) and expression not in _EVERY_DAY:
        return found
    note = {"notes": NOTE + expression}
    return [{**row, **note} for row in found] or [note]


def _of_rule(rule: str) -> Iterator[dict[str, Any]]:
    weekly, monthly = _RULE.fullmatch(rule), _NTH.fullmatch(rule)
    for opens, closes in _spans((weekly or monthly)["times"]) if weekly or monthly else ():  # type: ignore[index]
        times = {"opens_at": opens, "closes_at": closes}
        if weekly:
            byday = ",".join(day[:2].upper() for day in _days(weekly["days"]))
            yield {"freq": "WEEKLY", "interval": 1, "wkst": "MO", "byday": byday, **times}
        elif monthly:
            yield {"freq": "MONTHLY", "interval": 1, "byday": f"{monthly['nth']}{monthly['day'].upper()}", **times}


def _spans(times: str) -> list[tuple[str, str]]:
    return [(span[:5], span[6:]) for span in times.split(",")]


def _days(said: str) -> list[str]:
    found: list[str] = []
    for part in said.split(","):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += [DAYS[number % 7] for number in range(start, (end if end >= start else end + 7) + 1)]
    return found


def expression(schedules: Sequence[dict[str, Any]]) -> str:
    """What rows say together; "" when one of them says what cannot be told as days and spans."""
    noted = next((row["notes"] for row in schedules if str(row.get("notes", "")).startswith(NOTE)), None)
    if noted:
        return str(noted).removeprefix(NOTE)
    spans: dict[str, list[str]] = {}
    for row in schedules:
        for day in _days_of(row):
            spans.setdefault(day, []).append(f"{str(row['opens_at'])[:5]}-{str(row['closes_at'])[:5]}")
    weekly = {day: tuple(sorted(spans[day])) for day in DAYS if day in spans}
    rules = [f"{_ranges(days)} {','.join(times)}" for times, days in _together(weekly).items()]
    # « , » adds to the days before; « ; » would put aside what they said.
    return ", ".join(["; ".join(rules)] * bool(rules) + [f"{d} {t}" for d in spans if d not in DAYS for t in spans[d]])


def _days_of(row: dict[str, Any]) -> list[str]:
    """« MO,TU » → Mo, Tu; « 1MO » → Mo[1]; none for a row that is for a time only, or says no hours."""
    timed = all(re.match(r"\d{2}:\d{2}", str(row.get(name) or "")) for name in ("opens_at", "closes_at"))
    limited = row.get("valid_to") or row.get("until") or row.get("count") or row.get("interval", 1) != 1
    if limited or not timed:
        return []
    found = re.findall(r"(-?\d?)(MO|TU|WE|TH|FR|SA|SU)", str(row.get("byday") or ""))
    return [day.capitalize() + (f"[{nth}]" if nth else "") for nth, day in found]


def _together(weekly: dict[str, tuple[str, ...]]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for day, times in weekly.items():
        found.setdefault(times, []).append(day)
    return found


def _ranges(days: list[str]) -> str:
    """Mo, Tu, We, Fr → « Mo-We,Fr »."""
    runs: list[list[str]] = []
    for day in days:
        follows = runs and DAYS.index(day) == DAYS.index(runs[-1][-1]) + 1
        runs[-1].append(day) if follows else runs.append([day])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run) for run in runs)
