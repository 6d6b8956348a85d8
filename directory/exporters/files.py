"""The directory as one file: which records, in which form, with what the imported ones said word for word."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.cells import guard
from directory.columns import COLUMNS
from directory.exporters import data_inclusion
from directory.exporters.hsds_whole import Whole
from directory.models import PRIVATE, Service

_AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """``private``: for the mission itself; leads, agents' notes and contacts of professionals go with it."""

    now: datetime
    private: bool = False


def services(session: Session, wanted: Wanted) -> Iterator[Service]:
    """A few at a time: a whole country does not fit in memory."""
    query = select(Service).order_by(Service.id).options(selectinload(Service.translations))
    if not wanted.private:
        query = query.where(Service.published)
    last = ""
    while batch := session.scalars(query.where(Service.id > last).limit(_AT_ONCE)).all():
        yield from batch
        last = batch[-1].id
        session.expunge_all()


def _mission_rows(session: Session, wanted: Wanted) -> Iterator[list[str]]:
    columns = [column for column in COLUMNS if wanted.private or column.field not in PRIVATE]
    yield [column.heading for column in columns]
    for service in services(session, wanted):
        yield [guard(column.write(service)) for column in columns]


def _csv(rows: Iterable[list[str]], path: Path) -> None:
    # Excel takes a CSV for UTF-8 only by its first bytes, and expects semicolons in France.
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _xlsx(rows: Iterable[list[str]], path: Path) -> None:
    book = Workbook(write_only=True)
    _sheet(book, "Services", rows)
    book.save(path)


def _sheet(book: Workbook, title: str, rows: Iterable[list[str]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "C2"
    for row in rows:
        sheet.append([_text_cell(sheet, text) for text in row])


def _text_cell(sheet: Any, text: str) -> Any:
    """Text even when it looks like a number or a formula: « 02 40… » and « 44000 » stay as they are."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def mission_csv(session: Session, path: Path, wanted: Wanted) -> None:
    _csv(_mission_rows(session, wanted), path)


def mission_xlsx(session: Session, path: Path, wanted: Wanted) -> None:
    _xlsx(_mission_rows(session, wanted), path)


def template(path: Path) -> None:
    """The mission's empty table; in a workbook, a second sheet says what goes where."""
    headings = [[column.heading for column in COLUMNS]]
    if path.suffix != ".xlsx":
        _csv(headings, path)
        return
    book = Workbook(write_only=True)
    _sheet(book, "Services", headings)
    _sheet(book, "Aide", [["Colonne", "Ce qu'on y écrit"], *([column.heading, column.help] for column in COLUMNS)])
    book.save(path)


def geojson(session: Session, path: Path, wanted: Wanted) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        _json_list(file, (_feature(one) for one in services(session, wanted) if _placed(one)))
        file.write("]}\n")


def _placed(service: Service) -> bool:
    return service.lat is not None and service.precision not in ("commune", "none")


def _feature(service: Service) -> dict[str, Any]:
    told = {name: getattr(service, name) for name in ("id", "name", "summary", "topics", "address", "city", "phone")}
    point = {"type": "Point", "coordinates": [service.lon, service.lat]}
    return {"type": "Feature", "id": service.uuid, "geometry": point, "properties": told}


def _json_list(file: io.TextIOBase, objects: Iterable[Any]) -> None:
    written = (json.dumps(one, ensure_ascii=False) for one in objects)
    file.writelines((",\n" if number else "") + one for number, one in enumerate(written))


def hsds_json(session: Session, path: Path, wanted: Wanted) -> None:
    whole = Whole(session, wanted.now, wanted.private)
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n")
        _json_list(file, (whole.full_service(one) for one in services(session, wanted)))
        file.write("]\n")


def data_inclusion_json(session: Session, path: Path, wanted: Wanted) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"structures": [\n')
        _json_list(file, structures(session, wanted))
        file.write('],\n"services": [\n')
        _json_list(file, (data_inclusion.service(one, wanted.now.date()) for one in services(session, wanted)))
        file.write("]}\n")


def structures(session: Session, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Each once: the organisations that run a service told here, and the services that stand for themselves."""
    told: set[str] = set()
    for one in services(session, wanted):
        key = data_inclusion.structure_id(one)
        if key not in told:
            told.add(key)
            known = one.organisation
            today = wanted.now.date()
            yield data_inclusion.structure(known, today) if known else data_inclusion.own_structure(one, today)


def data_inclusion_csv(session: Session, path: Path, wanted: Wanted) -> None:
    """Services in the file itself, structures beside it."""
    today = wanted.now.date()
    _di_csv((data_inclusion.service(one, today) for one in services(session, wanted)), path)
    _di_csv(structures(session, wanted), path.with_name(f"{path.stem}-structures{path.suffix}"))


def _di_csv(objects: Iterable[dict[str, Any]], path: Path) -> None:
    rows = list(objects)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows({name: _di_cell(value) for name, value in row.items()} for row in rows)


def _di_cell(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else guard(str(value))


Export = Callable[[Session, Path, Wanted], None]
FORMS: dict[str, Export] = {
    "csv": mission_csv,
    "xlsx": mission_xlsx,
    "geojson": geojson,
    "hsds": hsds_json,
    "data-inclusion": data_inclusion_json,
    "data-inclusion-csv": data_inclusion_csv,
}
