"""The mission's own table into drafts; a row that cannot be used is refused with its column and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from directory.cells import Unreadable
from directory.columns import NAMED, Column
from directory.drafts import Draft, completed
from directory.errors import UnreadableFile
from directory.importers.sheets import Row
from directory.words import folded


@dataclass(frozen=True)
class Refusal:
    """A row that is left out: its number in the file, the heading of its column, and why."""

    row: int
    column: str
    reason: str


def drafts(rows: Iterable[Row]) -> Iterator[Draft | Refusal]:
    """Raises UnreadableFile when no column says the name."""
    known: dict[str, Column] | None = None
    for number, cells in rows:
        if known is None:
            known = {name: NAMED[folded(name)] for name in cells if folded(name) in NAMED}
            _check(known, list(cells))
        yield _draft(number, cells, known)


def unknown_columns(names: Iterable[str]) -> list[str]:
    return [name for name in names if name and folded(name) not in NAMED]


def _check(known: dict[str, Column], names: list[str]) -> None:
    if not any(column.part == "service" and column.field == "name" for column in known.values()):
        raise UnreadableFile(f"Aucune colonne « Nom ». Colonnes lues : {', '.join(names[:20])}.")


def _draft(number: int, cells: dict[str, str], known: dict[str, Column]) -> Draft | Refusal:
    parts: dict[str, dict[str, object]] = {"service": {}, "site": {}, "organisation": {}}
    for name, column in known.items():
        try:
            parts[column.part][column.field] = column.read(cells.get(name, "").strip())
        except Unreadable as reason:
            return Refusal(number, name, str(reason))
    if not parts["service"].get("name"):
        return Refusal(number, "Nom", "le nom manque")
    return completed(Draft(number, parts["service"], parts["site"], parts["organisation"]))
