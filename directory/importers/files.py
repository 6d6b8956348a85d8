"""Which kind of file it is, and its drafts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from directory.drafts import Draft
from directory.errors import UnreadableFile
from directory.importers import data_inclusion, hsds, mission
from directory.importers.mission import Refusal
from directory.importers.sheets import Row, rows
from directory.models import Service

_DATA_INCLUSION_COLUMNS = {"nom", "source", "date_maj"}


def drafts(path: Path) -> Iterator[Draft | Refusal]:
    """Raises UnreadableFile."""
    if path.suffix.lower() == ".json":
        yield from _of_json(_json(path))
        return
    read = rows(path)
    first = next(read, None)
    if first is None:
        return
    yield from _table_reader(first)(itertools.chain([first], read))


def _table_reader(first: Row) -> Callable[[Iterator[Row]], Iterator[Draft | Refusal]]:
    return data_inclusion.of_rows if set(first[1]) >= _DATA_INCLUSION_COLUMNS else mission.drafts


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as reason:
        raise UnreadableFile(f"Ce fichier JSON ne se lit pas : {reason}.") from None


def _of_json(said: Any) -> Iterator[Draft | Refusal]:
    if data_inclusion.is_data_inclusion(said):
        yield from data_inclusion.drafts(said)
    elif hsds.is_hsds(said):
        yield from hsds.drafts(said)
    else:
        raise UnreadableFile("Ce JSON n'est ni du data·inclusion v1, ni du HSDS 3.1.")


def unheard_columns(path: Path) -> list[str]:
    """Headings of a table that nothing is read from."""
    if path.suffix.lower() == ".json":
        return []
    first = next(rows(path), None)
    return mission.unknown_columns(first[1]) if first and _table_reader(first) is mission.drafts else []


def without_echo(draft: Draft, known: Service, echo: Callable[[str, Service], Draft | None]) -> Draft:
    """A standard says less than our record: what it would say of the record today is no change when a file says it."""
    again = echo(draft.standard, known)
    if draft.standard == data_inclusion.STANDARD and not known.source_date:
        # data·inclusion wants a date: where none is known, an export says its own day.
        draft.service.pop("source_date", None)
    if again is None:
        return draft
    for ours, theirs in ((draft.service, again.service), (draft.site, again.site)):
        for name in [name for name, value in ours.items() if theirs.get(name) == value and name != "id"]:
            del ours[name]
    return draft
