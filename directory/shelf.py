"""What ranking needs of every published service, in memory as columns: thousands are weighed in a millisecond.

One shelf per database and process. It is built from the database and holds nothing of its own: each use compares the
directory's revision and takes in what changed since, from whichever process.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from tantivy import Searcher

from directory import shelving
from directory.hours import with_closures
from directory.ledger import State
from directory.models import FirstDoor, Place
from directory.text_index import TextIndex, known_words
from directory.words import stems

# Named places that are an answer to "where"; a stop named « Préfecture » is not.
_WHERE = ("quartier", "micro_quartier", "commune")


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
        changed = shelving.changed(session, known.revision if known else -1)
        if known is None or len(changed) > shelving.MOST_CHANGES:
            self._index, changed = TextIndex(), shelving.changed(session, -1)
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
    closures, once = shelving.closures(session, changed), dict[Any, Any]()
    for read in shelving.rows(session, since):
        # A record written since the list was made comes with the next revision.
        rows = [row for row in read if row.key in shelf.row_of]
        at = [shelf.row_of[row.key] for row in rows]
        values = [shelving.values(row) for row in rows]
        for name, column in shelf.columns.items():
            column[at] = [one[name] for one in values]
        for place, row in zip(at, rows, strict=True):
            hours, spoken = with_closures(row.opening_hours, closures.get(row.key, ())), tuple(row.spoken)
            # Many services say the same: it is kept once.
            shelf.hours[place], shelf.spoken[place] = once.setdefault(hours, hours), once.setdefault(spoken, spoken)
            if row.published:
                yield shelving.document(place, row)


def _room(columns: dict[str, Any], size: int) -> dict[str, Any]:
    grown = {}
    for name, kind in shelving.NUMBERS.items():
        grown[name] = np.zeros(size, dtype=kind)
        if name in columns:
            grown[name][: len(columns[name])] = columns[name]
    return grown


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
