"""What of a record is weighed and searched: its row of numbers, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from directory.models import Closure, Organisation, Service, Site
from directory.tables import TOPIC_KEYS, audiences
from directory.text_index import TEXTS

AUDIENCE_KEYS = tuple(audiences())
UNKNOWN, NO, YES = -1, 0, 1
CONFIDENCES = {"low": 0, "medium": 1, "high": 2}
CAPACITIES = {"": UNKNOWN, "full": 0, "waiting": 1, "free": 2}
DEPARTMENT = "44"
# A hundred thousand are read a few at a time, and the closures of some are asked by name.
MOST_CHANGES = 5_000
_AT_ONCE = 2_000

NUMBERS: dict[str, Any] = {
    **dict.fromkeys(("published", "address", "phone", "referral", "far_away", "residents_only"), np.bool_),
    **dict.fromkeys(("topics", "audiences"), np.uint32),
    **dict.fromkeys(("first_topic", "second_topic", "topic_count", "confidence", "capacity"), np.int8),
    **dict.fromkeys(("appointment", "free"), np.int8),
    **dict.fromkeys(("lat", "lon"), np.float32),
    **dict.fromkeys(("verified_on", "check_every"), np.int32),
    "insee": "<U5",
}


def changed(session: Session, since: int) -> list[str]:
    return list(session.scalars(select(Service.id).where(Service.revision > since).order_by(Service.id)))


def rows(session: Session, since: int) -> Iterator[Sequence[Row[Any]]]:
    """Plain columns, some at a time: a record object for each of a hundred thousand services would cost a minute."""
    wanted = select(
        *(Service.id.label("key"), Service.name, Service.acronym, Service.topics, Service.summary),
        *(Service.audiences, Service.audience, Service.conditions, Service.phone, Service.appointment, Service.cost),
        *(Service.reach_by, Service.spoken, Service.capacity, Service.opening_hours, Service.published),
        *(Service.confidence, Service.verified_on, Service.check_every),
        *(Site.name.label("site"), Site.address, Site.postcode, Site.city, Site.insee, Site.lat, Site.lon),
        *(Site.precision, Organisation.name.label("operator"), Organisation.acronym.label("operator_acronym")),
        Organisation.other_names,
    ).outerjoin(Site, (Site.service_id == Service.id) & (Site.rank == 0))
    wanted = wanted.outerjoin(Organisation, Organisation.id == Service.organisation_id)
    wanted = wanted.where(Service.revision > since).execution_options(yield_per=_AT_ONCE)
    yield from cast(Iterator[Sequence[Row[Any]]], session.execute(wanted).partitions())


def closures(session: Session, ids: list[str]) -> dict[str, list[Closure]]:
    wanted = select(Closure)
    if len(ids) <= MOST_CHANGES:
        wanted = wanted.where(Closure.service_id.in_(ids))
    found: dict[str, list[Closure]] = {}
    for closure in session.scalars(wanted.order_by(Closure.begins)):
        found.setdefault(closure.service_id, []).append(closure)
    return found


def values(row: Row[Any]) -> dict[str, Any]:
    placed = is_placed(row)
    topics = [TOPIC_KEYS.index(key) for key in row.topics if key in TOPIC_KEYS]
    return {
        "published": row.published,
        "address": bool(row.address),
        "phone": bool(row.phone),
        "referral": row.appointment.startswith("sur orientation") or row.reach_by == ["professional"],
        "far_away": not (row.insee or row.postcode or DEPARTMENT).startswith(DEPARTMENT),
        "residents_only": _residents_only(row),
        "topics": _bits(topics),
        "audiences": _bits(AUDIENCE_KEYS.index(key) for key in row.audiences if key in AUDIENCE_KEYS),
        "first_topic": topics[0] if topics else UNKNOWN,
        "second_topic": topics[1] if len(topics) > 1 else UNKNOWN,
        "topic_count": len(topics),
        "confidence": CONFIDENCES.get(row.confidence, 0),
        "capacity": CAPACITIES.get(row.capacity, UNKNOWN),
        "appointment": appointment(row.appointment),
        "free": free(row.cost),
        "lat": row.lat if placed else np.nan,
        "lon": row.lon if placed else np.nan,
        "verified_on": row.verified_on.toordinal() if row.verified_on else 0,
        "check_every": row.check_every,
        "insee": row.insee or "",
    }


def is_placed(row: Row[Any]) -> bool:
    return row.lat is not None and row.lon is not None and row.precision != "commune"


def _bits(positions: Iterable[int]) -> int:
    return sum(1 << position for position in set(positions))


def appointment(said: str) -> int:
    if not said:
        return UNKNOWN
    return NO if said.startswith("non") else YES


def free(cost: str) -> int:
    if not cost:
        return UNKNOWN
    return YES if cost.startswith("gratuit") else NO


def _residents_only(row: Row[Any]) -> bool:
    """As the records say it: « Habitants de Rezé », « liées à la commune », or run by the commune itself."""
    said = row.audience.startswith("Habitants") or "la commune" in row.audience
    return bool(said or row.operator == "Commune")


def _texts(row: Row[Any]) -> tuple[str, ...]:
    """In the order of TEXTS."""
    names = [row.operator or "", row.operator_acronym or "", *(row.other_names or ())]
    where = [part or "" for part in (row.site, row.address, row.city)]
    return (
        row.acronym,
        row.name,
        " ".join(name for name in names if name),
        " ".join(part for part in where if part),
        " ".join(part for part in (row.summary, row.audience, row.conditions) if part),
    )


_FACET_WORDS = {UNKNOWN: "unknown", NO: "no", YES: "yes"}


def document(place: int, row: Row[Any]) -> dict[str, Any]:
    position = {"lat": row.lat, "lon": row.lon} if is_placed(row) else {}
    return {
        "row": place,
        "key": row.key,
        **dict(zip(TEXTS, _texts(row), strict=True)),
        **position,
        "topic": row.topics,
        "audience": row.audiences,
        "city": (row.city or "").partition(" Cedex")[0],
        "language": row.spoken,
        "cost": {UNKNOWN: "unknown", NO: "paid", YES: "free"}[free(row.cost)],
        "appointment": _FACET_WORDS[appointment(row.appointment)],
    }
