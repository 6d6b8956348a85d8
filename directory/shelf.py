"""What ranking needs of every published service, in memory as columns: thousands are weighed in a millisecond.

One shelf per database and process. It is built from the database and holds nothing of its own: each use compares the
directory's revision and takes in what changed since, from whichever process.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from sqlalchemy import Engine, Row, select
from sqlalchemy.orm import Session
from tantivy import Searcher

from directory.hours import with_closures
from directory.models import Closure, FirstDoor, Organisation, Place, Service, Site, State
from directory.tables import TOPIC_KEYS, audiences
from directory.text_index import TEXTS, TextIndex, known_words
from directory.words import stems

AUDIENCE_KEYS = tuple(audiences())
UNKNOWN, NO, YES = -1, 0, 1
CONFIDENCES = {"low": 0, "medium": 1, "high": 2}
CAPACITIES = {"": UNKNOWN, "full": 0, "waiting": 1, "free": 2}
DEPARTMENT = "44"
# Named places that are an answer to "where"; a stop named « Préfecture » is not.
_WHERE = ("quartier", "micro_quartier", "commune")
_MOST_CHANGES = 5_000
_AT_ONCE = 2_000

_NUMBERS: dict[str, Any] = {
    **dict.fromkeys(("published", "address", "phone", "referral", "far_away", "residents_only"), np.bool_),
    **dict.fromkeys(("topics", "audiences"), np.uint32),
    **dict.fromkeys(("first_topic", "second_topic", "topic_count", "confidence", "capacity"), np.int8),
    **dict.fromkeys(("appointment", "free"), np.int8),
    **dict.fromkeys(("lat", "lon"), np.float32),
    **dict.fromkeys(("verified_on", "check_every"), np.int32),
    "insee": "<U5",
}


@dataclass
class Shelf:
    """Row n of every column is the same service. A shelf is never changed once it is handed out."""

    revision: int
    searcher: Searcher
    schema: Any
    ids: list[str] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    hours: list[str] = field(default_factory=list)
    spoken: list[tuple[str, ...]] = field(default_factory=list)
    first_doors: dict[str, list[int]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    meant: dict[str, str | None] = field(default_factory=dict)
    places: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None


class Keeper:
    """Keeps the shelf of one database up to date; one thread refreshes, the others go on with what there is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._index = TextIndex()

    def shelf(self, session: Session) -> Shelf:
        known, revision = self._shelf, session.scalar(select(State.revision)) or 0
        if known and known.revision == revision:
            return known
        if not self._lock.acquire(blocking=known is None):
            assert known
            return known
        try:
            if self._shelf is None or self._shelf.revision != revision:
                self._shelf = self._refreshed(session, self._shelf, revision)
            return self._shelf
        finally:
            self._lock.release()

    def _refreshed(self, session: Session, known: Shelf | None, revision: int) -> Shelf:
        changed = _changed(session, known.revision if known else -1)
        if known is None or len(changed) > _MOST_CHANGES:
            self._index, changed = TextIndex(), _changed(session, -1)
            known = Shelf(0, self._index.write([]), self._index.schema)
        shelf = _with_room(known, changed)
        gone = [key for key in changed if key in known.row_of]
        shelf.searcher = self._index.write(_shelved(session, shelf, known.revision, changed), gone)
        shelf.words, shelf.meant = known_words(shelf.searcher), {}
        shelf.first_doors = _first_doors(session, shelf)
        shelf.places = _places(session)
        shelf.revision = revision
        return shelf


_KEEPERS: weakref.WeakKeyDictionary[Engine, Keeper] = weakref.WeakKeyDictionary()
_MAKING = threading.Lock()


def shelf_of(session: Session) -> Shelf:
    bind = session.get_bind()
    keeper = _KEEPERS.get(bind.engine)
    if keeper is None:
        with _MAKING:
            keeper = _KEEPERS.setdefault(bind.engine, Keeper())
    return keeper.shelf(session)


def _changed(session: Session, since: int) -> list[str]:
    return list(session.scalars(select(Service.id).where(Service.revision > since).order_by(Service.id)))


def _rows(session: Session, since: int) -> Iterator[Sequence[Row[Any]]]:
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


def _closures(session: Session, ids: list[str]) -> dict[str, list[Closure]]:
    wanted = select(Closure)
    if len(ids) <= _MOST_CHANGES:
        wanted = wanted.where(Closure.service_id.in_(ids))
    found: dict[str, list[Closure]] = {}
    for closure in session.scalars(wanted.order_by(Closure.begins)):
        found.setdefault(closure.service_id, []).append(closure)
    return found


def _with_room(known: Shelf, changed: list[str]) -> Shelf:
    """A copy of the shelf, with a place for each of the new."""
    new = [key for key in changed if key not in known.row_of]
    ids = known.ids + new
    row_of = {**known.row_of, **{key: len(known.ids) + count for count, key in enumerate(new)}}
    shelf = replace(known, ids=ids, row_of=row_of, columns=_room(known.columns, len(ids)))
    more = len(new)
    shelf.hours, shelf.spoken = known.hours + [""] * more, known.spoken + [()] * more
    return shelf


def _shelved(session: Session, shelf: Shelf, since: int, changed: list[str]) -> Iterator[dict[str, Any]]:
    """Puts what changed on the shelf, and gives its words for the index."""
    closures, once = _closures(session, changed), dict[Any, Any]()
    for rows in _rows(session, since):
        # A record written since the list was made comes with the next revision.
        rows = [row for row in rows if row.key in shelf.row_of]
        at = [shelf.row_of[row.key] for row in rows]
        values = [_values(row) for row in rows]
        for name, column in shelf.columns.items():
            column[at] = [one[name] for one in values]
        for place, row in zip(at, rows, strict=True):
            hours, spoken = with_closures(row.opening_hours, closures.get(row.key, ())), tuple(row.spoken)
            # Many services say the same: it is kept once.
            shelf.hours[place], shelf.spoken[place] = once.setdefault(hours, hours), once.setdefault(spoken, spoken)
            if row.published:
                yield _document(shelf, place, row)


def _room(columns: dict[str, Any], size: int) -> dict[str, Any]:
    grown = {}
    for name, kind in _NUMBERS.items():
        grown[name] = np.zeros(size, dtype=kind)
        if name in columns:
            grown[name][: len(columns[name])] = columns[name]
    return grown


def _values(row: Row[Any]) -> dict[str, Any]:
    placed = row.lat is not None and row.lon is not None and row.precision != "commune"
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


def _document(shelf: Shelf, place: int, row: Row[Any]) -> dict[str, Any]:
    position = {} if np.isnan(shelf.lat[place]) else {"lat": float(shelf.lat[place]), "lon": float(shelf.lon[place])}
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


def _first_doors(session: Session, shelf: Shelf) -> dict[str, list[int]]:
    """Topic → rows."""
    found: dict[str, list[int]] = {}
    for topic, service_id in session.execute(select(FirstDoor.topic, FirstDoor.service_id)):
        found.setdefault(topic, []).append(shelf.row_of[service_id])
    return found


def _places(session: Session) -> dict[tuple[str, ...], str]:
    rows = session.execute(select(Place.id, Place.name, Place.aliases).where(Place.kind.in_(_WHERE)))
    # Nantes is everywhere here: it says nothing of where.
    named = [(stems(name), key) for key, first, others in rows for name in (first, *others) if key != "nantes"]
    return {name: key for name, key in reversed(named) if name}
