"""Loads the seed files into the database; what a person has edited since is left alone."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from directory.drafts import add, change
from directory.errors import UnreadableSeed
from directory.history import SEED as SEEDER
from directory.history import next_revision, sign
from directory.importers.mission import Refusal, drafts
from directory.ledger import Seeded
from directory.migrations import migrate
from directory.models import EmergencyNumber, FirstDoor, Place, Service

SEED = Path(__file__).with_name("seed")

Row = dict[str, str]
Rows = list[tuple[int, Row]]


def seed(engine: Engine, folder: Path = SEED) -> dict[str, int]:
    """Rows loaded per file; 0 for a file that did not change since. Raises UnreadableSeed, then nothing is loaded."""
    migrate(engine)
    with Session(engine) as session, session.begin():
        return {file: _load(session, folder / file, load) for file, load in LOADERS.items()}


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _load(session: Session, path: Path, load: Callable[[Session, Rows], None]) -> int:
    fingerprint = _fingerprint(path)
    known = session.get(Seeded, path.name)
    if known and known.fingerprint == fingerprint:
        return 0
    sign(session, SEEDER, datetime.now(UTC), path.name)
    rows = list(_rows(path))
    try:
        load(session, rows)
    except UnreadableSeed as reason:
        raise UnreadableSeed(f"{path.name}, {reason}") from reason
    session.merge(Seeded(file=path.name, fingerprint=fingerprint))
    next_revision(session)
    session.flush()
    return len(rows)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, {key: value.strip() for key, value in row.items()}


def _load_published(session: Session, rows: Rows) -> None:
    _load_services(session, rows, published=True)


def _load_leads(session: Session, rows: Rows) -> None:
    _load_services(session, rows, published=False)


def _load_services(session: Session, rows: Rows, *, published: bool) -> None:
    known = {service.id: service for service in session.scalars(select(Service))}
    new = []
    for draft in drafts(rows):
        if isinstance(draft, Refusal):
            raise UnreadableSeed(f"line {draft.row}, {draft.column}: {draft.reason}")
        draft.service["published"] = published
        if draft.id not in known:
            new.append(draft)
        elif not known[draft.id].edited_at:
            change(session, known[draft.id], draft)
    add(session, new)


def _each(load: Callable[[Session, Row], None]) -> Callable[[Session, Rows], None]:
    def loads(session: Session, rows: Rows) -> None:
        for line, row in rows:
            try:
                load(session, row)
            except (KeyError, ValueError) as reason:
                raise UnreadableSeed(f"line {line}: {reason!r}") from reason

    return loads


def _load_place(session: Session, row: Row) -> None:
    if row["lat"]:
        same = {name: row[name] for name in ("id", "name", "kind", "insee", "source")}
        aliases = [name for name in row["aliases"].split(";") if name]
        session.merge(Place(**same, aliases=aliases, lat=float(row["lat"]), lon=float(row["lon"])))


def _load_number(session: Session, row: Row) -> None:
    session.merge(
        EmergencyNumber(
            number=row["number"].replace(" ", ""),
            name=row["name_fr"],
            purpose=row["purpose_fr"],
            available=row["available"],
            source_url=row["source_url"],
        )
    )


def _load_first_doors(session: Session, rows: Rows) -> None:
    session.execute(delete(FirstDoor))
    _each(_load_first_door)(session, rows)


def _load_first_door(session: Session, row: Row) -> None:
    service = session.get(Service, row["service"])
    if service is None or row["topic"] not in service.topics:
        raise ValueError(f"{row['service']} has no topic {row['topic']}")
    session.add(FirstDoor(topic=row["topic"], service_id=row["service"], why=row["why"]))


LOADERS: dict[str, Callable[[Session, Rows], None]] = {
    "services.csv": _load_published,
    "leads.csv": _load_leads,
    "places.csv": _each(_load_place),
    "numbers.csv": _each(_load_number),
    "first_doors.csv": _load_first_doors,
}
