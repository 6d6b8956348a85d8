"""Where an address is: asked of the national address base, or its like, when the setting names it, else the gazetteer.

Off unless ``ESCALE_GEOCODER_URL`` is set: an address then leaves the machine. Only the addresses of services are asked,
never what a person writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.turn import Point
from directory.geo import named
from directory.models import Site

TIMEOUT_SECONDS = 2.0
# Below this the base itself says that it is not sure.
SURE = 0.6
PRECISION = {"housenumber": "street", "street": "street", "locality": "quartier", "municipality": "commune"}


@dataclass(frozen=True)
class Located:
    """``source`` says who knows: the geocoder's address, or the gazetteer's own source."""

    point: Point
    precision: str
    source: str


def locate(session: Session, address: str, city: str, geocoder: httpx2.Client | None = None) -> Located | None:
    """The geocoder when there is one and it is sure; the commune or quartier of the gazetteer when not."""
    asked = _asked(geocoder, f"{address} {city}".strip()) if geocoder else None
    return asked or _in_gazetteer(session, city)


def missing(session: Session, geocoder: httpx2.Client) -> Iterator[tuple[Site, Located]]:
    """Sites with an address and no position, and where they are; those that the geocoder is not sure of left out."""
    for site in session.scalars(select(Site).where(Site.address != "", Site.lat.is_(None)).order_by(Site.id)):
        located = _asked(geocoder, f"{site.address} {site.postcode} {site.city}".strip())
        if located:
            yield site, located


def _asked(geocoder: httpx2.Client, text: str) -> Located | None:
    """None when it does not answer in time, or is not sure: an address is never worth waiting for."""
    try:
        response = geocoder.get("", params={"q": text, "limit": 1}, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        features = response.json()["features"]
        return _best(features[0], str(response.url.host)) if features else None
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return None


def _best(feature: dict[str, Any], source: str) -> Located | None:
    told = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"]
    precision = PRECISION.get(told["type"])
    if precision is None or told["score"] < SURE:
        return None
    return Located(Point(float(lat), float(lon)), precision, source)


def _in_gazetteer(session: Session, city: str) -> Located | None:
    place = named(session, city.partition(" Cedex")[0]) if city else None
    if place is None:
        return None
    return Located(Point(place.lat, place.lon), "commune" if place.kind == "commune" else "quartier", place.source)
