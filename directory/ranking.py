"""What makes a service the better answer: one table of points, one function that says which of them it earns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import isnan
from typing import Any

import numpy as np

from bot.turn import Point
from directory.geo import DETOUR, NANTES, walk_minutes
from directory.hours import PARIS, OpenState, hours_at
from directory.shelf import Shelf
from directory.shelving import AUDIENCE_KEYS, CAPACITIES, CONFIDENCES, NO, YES
from directory.tables import TOPIC_KEYS

# Points add up; the table is the whole policy.
WEIGHTS = {
    "first_door": 4.0,  # an official source says that one begins there
    "main_topic": 3.0,  # the service exists for this need
    "second_topic": 1.5,  # the need is the second thing that it does
    "only_topic": 1.0,  # and it does nothing else
    "checked": 2.0,  # somebody of the mission checked it
    "overdue": -1.0,  # but longer ago than it should be
    "high": 1.5,  # confidence of the source
    "medium": 0.75,
    "address": 1.0,  # there is somewhere to go
    "phone": 0.5,  # there is somebody to call first
    "open_now": 0.5,
    "referral": -4.0,  # one cannot go there by oneself
    "far_away": -3.0,  # outside the department
    "other_commune": -4.0,  # serves the inhabitants of a commune, and that is another one
    "full": -2.0,
    "waiting_list": -0.5,
    "per_km": -0.6,  # once the place is known
    # Wishes: kept is good, broken is worse than not known.
    "for_them": 2.0,  # names the audience
    "for_others": -3.0,  # names audiences, and not this one
    "language": 3.0,  # spoken there
    "open_then": 2.0,
    "closed_then": -4.0,
    "no_appointment": 1.5,
    "by_appointment": -1.5,
    "free": 1.0,
    "paid": -2.0,
    # Words of a search, by the share of what is asked that stands there; names first.
    "acronym": 24.0,
    "name": 18.0,
    "organisation": 10.0,
    "where": 8.0,
    "summary": 8.0,
    "meaning": 14.0,  # what the service is for, by the words of the field
    "whole_name": 3.0,  # nothing else is asked
    "named_place": 8.0,  # the quartier or commune asked is in its name or address
}
MOST_KM = 8.0
# A service without a position (on line, by phone) counts as if it were this far.
NOWHERE_KM = 5.0
# Opening hours are read for the best of them only.
LOOKED_AT = 60
_EARTH_KM = 6371.0
_MONTH_DAYS = 30.44

Facts = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """A topic (an intent name without ``ask_``), where the person is, the INSEE codes around, what was shown; wishes:
    an audience, a time to be open at, a language, no appointment, no cost."""

    topic: str
    near: Point | None = None
    communes: tuple[str, ...] = (NANTES,)
    skip: Collection[str] = ()
    audience: str | None = None
    open_at: datetime | None = None
    language: str | None = None
    no_appointment: bool = False
    free: bool = False


@dataclass(frozen=True)
class Found:
    """``reasons`` are keys of WEIGHTS with the points each gave."""

    service_id: str
    distance_m: int | None
    reasons: dict[str, float] = field(default_factory=dict)

    @property
    def minutes(self) -> int | None:
        """On foot."""
        return None if self.distance_m is None else walk_minutes(self.distance_m)

    @property
    def score(self) -> float:
        return sum(self.reasons.values())


def facts(shelf: Shelf, rows: Any, need: Need, now: datetime) -> Facts:
    """Reason → true or false, or how much of it, for each row; what is known without reading opening hours."""
    on = _Rows(shelf, rows)
    today = now.astimezone(PARIS).date().toordinal()
    late = (today - on.verified_on) / _MONTH_DAYS > on.check_every
    said: Facts = {
        "checked": on.verified_on > 0,
        "overdue": (on.verified_on > 0) & late,
        "high": on.confidence == CONFIDENCES["high"],
        "medium": on.confidence == CONFIDENCES["medium"],
        "address": on.address,
        "phone": on.phone,
        "referral": on.referral,
        "far_away": on.far_away,
        "other_commune": on.residents_only & _elsewhere(on, need.communes),
        "full": on.capacity == CAPACITIES["full"],
        "waiting_list": on.capacity == CAPACITIES["waiting"],
        **_of_topic(shelf, rows, on, need.topic),
        **_wishes(shelf, rows, on, need),
    }
    if need.near:
        km = distances_m(shelf, rows, need.near) / 1000
        said["per_km"] = np.where(np.isnan(km), NOWHERE_KM, np.minimum(km, MOST_KM))
    return said


class _Rows:
    """The columns of a shelf, for some rows."""

    def __init__(self, shelf: Shelf, rows: Any) -> None:
        self._shelf, self._rows = shelf, rows

    def __getattr__(self, name: str) -> Any:
        return self._shelf.columns[name][self._rows]


def _elsewhere(on: _Rows, communes: tuple[str, ...]) -> Any:
    away = np.ones(len(on.insee), bool)
    for commune in communes:
        away &= on.insee != commune
    return away


def _of_topic(shelf: Shelf, rows: Any, on: _Rows, topic: str) -> Facts:
    if topic not in TOPIC_KEYS:
        return {}
    place = TOPIC_KEYS.index(topic)
    return {
        "first_door": np.isin(rows, shelf.first_doors.get(topic, [])),
        "main_topic": on.first_topic == place,
        "second_topic": on.second_topic == place,
        "only_topic": (on.first_topic == place) & (on.topic_count == 1),
    }


def _wishes(shelf: Shelf, rows: Any, on: _Rows, need: Need) -> Facts:
    said: Facts = {}
    if need.audience in AUDIENCE_KEYS:
        named = (on.audiences & np.uint32(1 << AUDIENCE_KEYS.index(need.audience))) > 0
        everyone = (on.audiences & np.uint32(1 << AUDIENCE_KEYS.index("everyone"))) > 0
        said |= {"for_them": named, "for_others": (on.audiences > 0) & ~named & ~everyone}
    if need.language:
        said["language"] = np.fromiter((need.language in shelf.spoken[row] for row in rows), bool, len(rows))
    if need.no_appointment:
        said |= {"no_appointment": on.appointment == NO, "by_appointment": on.appointment == YES}
    if need.free:
        said |= {"free": on.free == YES, "paid": on.free == NO}
    return said


def distances_m(shelf: Shelf, rows: Any, near: Point) -> Any:
    """Metres on foot; not a number where the position is not known better than by commune."""
    lat, lon = np.radians(shelf.columns["lat"][rows]), np.radians(shelf.columns["lon"][rows])
    here_lat, here_lon = np.radians(near.lat), np.radians(near.lon)
    half = np.sin((lat - here_lat) / 2) ** 2 + np.cos(lat) * np.cos(here_lat) * np.sin((lon - here_lon) / 2) ** 2
    return 2 * _EARTH_KM * 1000 * np.arcsin(np.sqrt(half)) * DETOUR


def best(shelf: Shelf, rows: Any, said: Facts, need: Need, now: datetime, most: int) -> list[Found]:
    """Best first; equal ones by id, so that the order never changes by itself."""
    names = list(said)
    points = np.array([WEIGHTS[name] * said[name] for name in names], dtype=float).reshape(len(names), len(rows))
    total = points.sum(axis=0)
    ahead = np.argsort(-total, kind="stable")[: max(LOOKED_AT, most)]
    looked = list(zip(ahead.tolist(), rows[ahead].tolist(), total[ahead].tolist(), strict=True))
    at, then = _minute(now), _minute(need.open_at) if need.open_at else None
    opened = {place: _open(shelf.hours[row], at, then) for place, row, _ in looked}
    looked.sort(key=lambda one: (-round(one[2] + sum(opened[one[0]].values()), 6), shelf.ids[one[1]]))
    order, kept = [place for place, _, _ in looked[:most]], [row for _, row, _ in looked[:most]]
    metres = distances_m(shelf, kept, need.near).tolist() if need.near else [np.nan] * len(kept)
    earned = points[:, order].T.tolist()
    return [
        Found(shelf.ids[row], None if isnan(far) else round(far), _reasons(names, each) | opened[place])
        for place, row, far, each in zip(order, kept, metres, earned, strict=True)
    ]


def _reasons(names: list[str], earned: list[float]) -> dict[str, float]:
    return {name: round(points, 3) for name, points in zip(names, earned, strict=True) if points}


def _open(hours: str, now: datetime, then: datetime | None) -> dict[str, float]:
    if not hours:
        return {}
    names = ["open_now"] if _state(hours, now) == "open" else []
    if then:
        names += OPEN_THEN[_state(hours, then)]
    return {name: WEIGHTS[name] for name in names}


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@lru_cache(maxsize=16_384)
def _state(hours: str, minute: datetime) -> OpenState:
    """Hours change on the minute, and many people ask within one."""
    return hours_at(hours, minute).state


OPEN_THEN: dict[str, list[str]] = {"open": ["open_then"], "closed": ["closed_then"], "appointment": [], "unknown": []}
