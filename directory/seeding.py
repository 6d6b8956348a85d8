"""Loads the seed files into the database; what a person has edited since is left alone."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from directory.errors import UnreadableSeed
from directory.models import Base, EmergencyNumber, Place, Seeded, Service, ServiceTopic

SEED = Path(__file__).with_name("seed")

Row = dict[str, str]

_SAME_NAME = (
    *("id", "name", "acronym", "operator", "audience", "address", "postcode", "city", "insee", "precision"),
    *("phone", "email", "website", "opening_hours_text", "languages", "cost", "appointment"),
    *("source_url", "source_date", "confidence", "notes"),
)


def seed(engine: Engine, folder: Path = SEED) -> dict[str, int]:
    """Rows loaded per file; 0 for a file that did not change since. Raises UnreadableSeed, then nothing is loaded."""
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        return {file: _load(session, folder / file, load) for file, load in LOADERS.items()}


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes())
    if path.name in MARKS:
        digest.update(path.with_name(MARKS[path.name]).read_bytes())
    return digest.hexdigest()


def _load(session: Session, path: Path, load: Callable[[Session, Row], None]) -> int:
    fingerprint = _fingerprint(path)
    known = session.get(Seeded, path.name)
    if known and known.fingerprint == fingerprint:
        return 0
    count = 0
    for line, row in _rows(path):
        try:
            load(session, row)
        except (KeyError, ValueError) as reason:
            raise UnreadableSeed(f"{path.name}, line {line}: {reason!r}") from reason
        count += 1
    session.merge(Seeded(file=path.name, fingerprint=fingerprint))
    return count


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, {key: value.strip() for key, value in row.items()}


def _load_service(session: Session, row: Row, *, published: bool) -> None:
    known = session.get(Service, row["id"])
    if known and known.edited_at:
        return
    if known:
        session.execute(delete(ServiceTopic).where(ServiceTopic.service_id == known.id))
        session.expire(known)
    service = Service(
        **{name: row[name] for name in _SAME_NAME},
        summary=row["summary_fr"],
        opening_hours=row["opening_hours_osm"],
        lat=_number(row["lat"]),
        lon=_number(row["lon"]),
        published=published,
        verified_by="",
        check_every=6,
        topics=[ServiceTopic(topic=topic, rank=rank) for rank, topic in enumerate(row["topics"].split(";"))],
    )
    session.merge(service)


def _load_published(session: Session, row: Row) -> None:
    _load_service(session, row, published=True)


def _load_lead(session: Session, row: Row) -> None:
    _load_service(session, row, published=False)


def _load_place(session: Session, row: Row) -> None:
    if row["lat"]:
        lat, lon = float(row["lat"]), float(row["lon"])
        same = {name: row[name] for name in ("id", "name", "kind", "insee", "source")}
        session.merge(Place(**same, lat=lat, lon=lon))


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


def _load_first_door(session: Session, row: Row) -> None:
    link = session.get(ServiceTopic, (row["service"], row["topic"]))
    if link is None:
        raise ValueError(f"{row['service']} has no topic {row['topic']}")
    link.first_door = True


def _number(text: str) -> float | None:
    return float(text) if text else None


LOADERS: dict[str, Callable[[Session, Row], None]] = {
    "services.csv": _load_published,
    "leads.csv": _load_lead,
    "places.csv": _load_place,
    "numbers.csv": _load_number,
    "first_doors.csv": _load_first_door,
}
# Files that mark the rows of another one: loaded again whenever that one is.
MARKS = {"first_doors.csv": "services.csv"}
