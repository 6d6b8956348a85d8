"""Points, distances on foot, and the nearest named place."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.turn import Point
from directory.errors import UnknownPlace
from directory.models import Place
from directory.words import folded

# Streets are longer than the crow flies; 1.3 is the usual detour factor of European cities.
DETOUR = 1.3
# Asking for the whole city is not being near its middle.
EVERYWHERE = "nantes"
METRES_A_MINUTE = 4000 / 60
AREAS = ("quartier", "micro_quartier", "commune")
NANTES = "44109"
# Farther than this from every known stop or commune, a person is not in the area this directory serves.
FAR_M = 5_000


def walk_m(start: Point, end: Point) -> int:
    """Metres on foot: great circle (haversine) × DETOUR."""
    lat_a, lat_b = radians(start.lat), radians(end.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(end.lon - start.lon) / 2) ** 2
    return round(2 * 6_371_000 * asin(sqrt(half)) * DETOUR)


def place(session: Session, place_id: str) -> Place:
    """Raises UnknownPlace."""
    found = session.get(Place, place_id)
    if found is None:
        raise UnknownPlace(place_id)
    return found


def named(session: Session, text: str) -> Place | None:
    """The place that a text names, by its name or another spelling of it, with typing errors; quartiers and communes
    before stops of the same name."""
    rows = session.execute(select(Place.id, Place.name, Place.aliases, Place.kind)).all()
    spellings = {folded(said): (key, kind) for key, name, aliases, kind in rows for said in (name, *aliases)}
    for key, name, aliases, kind in rows:
        if kind in AREAS:
            spellings |= {folded(said): (key, kind) for said in (name, *aliases)}
    wanted = folded(text).strip()
    errors = 0 if len(wanted) < 5 else 1 if len(wanted) < 9 else 2
    found = process.extractOne(wanted, spellings.keys(), scorer=OSA.distance, score_cutoff=errors)
    return session.get(Place, spellings[found[0]][0]) if found else None


def walk_minutes(metres: int) -> int:
    """At the pace of somebody with a child by the hand: 4 km an hour, at least a minute."""
    return max(1, round(metres / METRES_A_MINUTE))


def point_of(session: Session, place_id: str | None) -> Point | None:
    """Where "near" is for this place; None for nowhere and for "anywhere in Nantes"."""
    if not place_id or place_id == EVERYWHERE:
        return None
    found = place(session, place_id)
    return Point(found.lat, found.lon)


def communes_of(session: Session, place_id: str | None) -> tuple[str, ...]:
    """INSEE codes of the communes around a place, two for a quartier on the border; Nantes when nothing is known."""
    known = place(session, place_id).insee if place_id else ""
    return tuple(known.split(";")) if known else (NANTES,)


def nearest_place(session: Session, point: Point) -> str | None:
    """The id of the closest named place, so that a position itself need not be kept; None when far from all."""
    rows = session.execute(select(Place.id, Place.lat, Place.lon).where(Place.id != EVERYWHERE))
    near = min(((walk_m(point, Point(lat, lon)), place_id) for place_id, lat, lon in rows), default=(FAR_M, ""))
    return near[1] if near[0] < FAR_M else None
