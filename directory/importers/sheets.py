"""Rows of a CSV or XLSX file, whatever encoding and separator a spreadsheet made."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from directory.cells import unguard
from directory.errors import UnreadableFile

SEPARATORS = ";,\t|"
Row = tuple[int, dict[str, str]]
_SAMPLE = 256 * 1024
_LONGEST_CELL = 10_000_000


def rows(path: Path) -> Iterator[Row]:
    """(line as the spreadsheet numbers it, {heading: cell}); empty rows left out. Raises UnreadableFile."""
    lines = _workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods") else _csv(path)
    headings: list[str] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if not headings:
            headings = _headings(cells)
            continue
        yield (
            number,
            {name: unguard(cell.replace("\0", "")) for name, cell in zip(headings, cells, strict=False) if name},
        )
    if not headings:
        raise UnreadableFile("Le fichier est vide.")


def _headings(cells: list[str]) -> list[str]:
    twice = {name for name in cells if name and cells.count(name) > 1}
    if twice:
        raise UnreadableFile(f"Deux colonnes ont le même titre : {', '.join(sorted(twice))}.")
    return cells


def _workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError) as reason:
        raise UnreadableFile(f"Ce classeur ne se lit pas : {reason}.") from None
    above = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.iter_rows(), above + 1):
        yield number, [_written(cell) for cell in cells]


def _written(cell: object) -> str:
    """Excel makes numbers of postcodes and phones: 44000.0 is 44000."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = encoding_of(path)
    csv.field_size_limit(_LONGEST_CELL)
    with open(path, encoding=encoding, newline="") as file:
        first = _told_separator(file.readline())
        if first is None:
            file.seek(0)
        reader = csv.reader(file, delimiter=first or _separator(path, encoding), strict=True)
        try:
            skipped = 1 if first else 0
            for cells in reader:
                yield reader.line_num + skipped, [cell.strip() for cell in cells]
        except (csv.Error, UnicodeDecodeError) as reason:
            raise UnreadableFile(f"Ligne {reader.line_num + 1} : le fichier ne se lit pas ({reason}).") from None


def _told_separator(line: str) -> str | None:
    """Excel may say it in the first line: « sep=; »."""
    said = line.strip().lstrip("\ufeff")
    return said[4] if said.lower().startswith("sep=") and len(said) == 5 else None


def _separator(path: Path, encoding: str) -> str:
    """The one that stands in the headings most often, outside quotes."""
    with open(path, encoding=encoding, newline="") as file:
        heading = "".join(islice(file, 1))
    counts = {mark: len(next(csv.reader(io.StringIO(heading), delimiter=mark), [])) for mark in SEPARATORS}
    return max(counts, key=lambda mark: counts[mark])


def encoding_of(path: Path) -> str:
    """By its first bytes, else UTF-8 when all of it is, else what the letters look like."""
    with open(path, "rb") as file:
        start = file.read(_SAMPLE)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return name
    if _is_utf8(path):
        return "utf-8"
    likely = from_bytes(start, cp_isolation=["cp1252", "mac_roman", "utf_16_le", "utf_16_be", "cp850"]).best()
    if likely is None:
        raise UnreadableFile("L'encodage du fichier n'est pas reconnu : enregistrez-le en CSV UTF-8.")
    return likely.encoding


def _is_utf8(path: Path) -> bool:
    try:
        with open(path, encoding="utf-8") as file:
            while file.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return False
    return not _looks_like_utf16(path)


def _looks_like_utf16(path: Path) -> bool:
    """Every second byte of Latin text is nought then; a stray one is only dirt."""
    with open(path, "rb") as file:
        start = file.read(1000)
    return start.count(0) > len(start) // 4
