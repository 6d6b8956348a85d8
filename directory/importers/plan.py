"""An import: first what it would do, row by row, then, all or nothing, the doing."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeGuard

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.columns import HEADINGS
from directory.drafts import Draft, add, change, differences, keep_words, write_organisation
from directory.errors import RowsRefused
from directory.exporters import data_inclusion as to_data_inclusion
from directory.exporters import hsds as to_hsds
from directory.history import sign
from directory.importers import data_inclusion, hsds
from directory.importers.duplicates import Duplicate, Faces, of_draft
from directory.importers.files import drafts, without_echo
from directory.importers.mission import Refusal
from directory.models import Service

_AT_ONCE = 500
# Of each kind, so many are told in full; all are counted.
SHOWN = 1000

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Changed:
    """``fields``: heading of the column → (before, after)."""

    row: int
    id: str
    name: str
    fields: dict[str, tuple[Any, Any]]


@dataclass
class Report:
    """What an import does; the lists hold the first SHOWN of each kind."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged", "refused", "duplicates"), 0)
    )
    added: list[tuple[int, str, str]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    written: bool = False

    def note(self, kind: str, one: Any) -> None:
        self.counts[kind] += 1
        told = getattr(self, kind)
        if len(told) < SHOWN:
            told.append(one)


def _silent(step: str, rows: int) -> None:
    pass


def check(engine: Engine, path: Path, now: datetime, progress: Progress = _silent) -> Report:
    """What the import would do; writes nothing. Raises UnreadableFile."""
    with tempfile.TemporaryFile() as accepted, Session(engine) as session:
        return _read(session, path, accepted, now, progress)


def run(
    engine: Engine, path: Path, by: str, now: datetime, partial: bool = False, progress: Progress = _silent
) -> Report:
    """All rows or none; with ``partial``, all but the refused. Raises UnreadableFile, RowsRefused, StaleDataError.

    Rows are read and compared before the transaction begins, so that it is short: what a kill leaves is the directory
    as it was.
    """
    with tempfile.TemporaryFile() as accepted:
        with Session(engine) as session:
            report = _read(session, path, accepted, now, progress)
        if report.refused and not partial:
            raise RowsRefused(report)
        accepted.seek(0)
        with Session(engine) as session, session.begin():
            sign(session, by, now, f"import {path.name}"[:250])
            _write(session, accepted, progress)
    report.written = True
    _settle(engine)
    return report


def _settle(engine: Engine) -> None:
    """PostgreSQL plans by what it knows of its tables, and after an import that is of before: it looks again."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE services, sites, organisations")


def _read(session: Session, path: Path, accepted: IO[bytes], now: datetime, progress: Progress) -> Report:
    report, faces, rows, seen = Report(), Faces.of_directory(session), 0, dict[str, int]()
    read = drafts(path)
    while batch := list(islice(read, _AT_ONCE)):
        usable = [one for one in batch if _usable(one, seen, report)]
        known = _known(session, usable)
        writes = [one for one in usable if _compare(one, known, faces, report, now)]
        pickle.dump(writes, accepted)
        session.expunge_all()
        rows += len(batch)
        progress("read", rows)
    pickle.dump(None, accepted)
    return report


def _usable(one: Draft | Refusal, seen: dict[str, int], report: Report) -> TypeGuard[Draft]:
    if isinstance(one, Draft) and one.service:
        earlier = seen.setdefault(one.id, one.row)
        if earlier != one.row:
            one = Refusal(one.row, "Identifiant", f"« {one.id} » est déjà à la ligne {earlier}")
    if isinstance(one, Refusal):
        report.note("refused", one)
        return False
    return True


def _known(session: Session, batch: list[Any]) -> dict[str, Service]:
    ids = [one.id for one in batch if one.service]
    return {one.id: one for one in session.scalars(select(Service).where(Service.id.in_(ids)))}


def _compare(draft: Draft, known: dict[str, Service], faces: Faces, report: Report, now: datetime) -> bool:
    """True when there is something to write."""
    if not draft.service:
        return True
    service = known.get(draft.id)
    if service is None:
        report.note("added", (draft.row, draft.id, draft.service["name"]))
        face = of_draft(draft)
        for duplicate in faces.like(draft.row, face):
            report.note("duplicates", duplicate)
        faces.add(face)
        return True
    draft.version = service.version
    without_echo(draft, service, lambda standard, one: _echo(standard, one, now))
    fields = {HEADINGS.get(key, key[1]): values for key, values in differences(service, draft).items()}
    if not fields:
        report.counts["unchanged"] += 1
        return False
    report.note("changed", Changed(draft.row, draft.id, service.name, fields))
    return True


def _echo(standard: str, service: Service, now: datetime) -> Draft | None:
    """What the file would say of the record, had it been exported this moment."""
    if standard == hsds.STANDARD:
        return hsds.draft_of_service(to_hsds.full_service(service, now))
    if standard == data_inclusion.STANDARD:
        again = next(data_inclusion.of_objects([to_data_inclusion.service(service, now.date())]))
        return again if isinstance(again, Draft) else None
    return None


def _write(session: Session, accepted: IO[bytes], progress: Progress) -> None:
    rows = 0
    for batch in _batches(accepted):
        for draft in batch:
            if not draft.service:
                write_organisation(session, draft)
        known = _known(session, batch)
        add(session, [draft for draft in batch if draft.service and draft.id not in known])
        for draft in batch:
            if draft.service and draft.id in known:
                change(session, known[draft.id], draft)
        keep_words(session, [draft for draft in batch if draft.foreign])
        session.flush()
        session.expunge_all()
        rows += len(batch)
        progress("written", rows)


def _batches(accepted: IO[bytes]) -> Iterator[list[Draft]]:
    while (batch := pickle.load(accepted)) is not None:
        yield batch
