"""How one cell of a table is read and written. A reader raises Unreadable with the reason, in French."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from directory.hours import is_readable
from directory.tables import audiences, topics
from directory.words import folded


class Unreadable(ValueError):
    """Why a cell cannot be used, as the mission reads it."""


Read = Callable[[str], Any]
_MAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[a-zA-Z]{2,}")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front; ``unguard`` takes it off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def text(longest: int = 20_000) -> Read:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Unreadable(f"texte trop long : {len(cell)} caractères, {longest} au plus")
        return cell

    return read


def many(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]


def number(lowest: float, highest: float) -> Read:
    def read(cell: str) -> float | None:
        if not cell:
            return None
        try:
            value = float(cell.replace(",", ".").replace(" ", ""))
        except ValueError:
            raise Unreadable(f"« {cell} » n'est pas un nombre") from None
        if not lowest <= value <= highest:
            raise Unreadable(f"{cell} n'est pas entre {lowest:g} et {highest:g}")
        return value

    return read


def day(cell: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    if cell:
        raise Unreadable(f"« {cell} » n'est pas une date : écrire 2026-11-23 ou 23/11/2026")
    return None


def one_of(choices: dict[str, Any], default: Any = "") -> Read:
    """``choices``: what is written → what it means; a meaning may be written itself."""
    known = {folded(said): meaning for said, meaning in choices.items()}
    known |= {folded(str(meaning)): meaning for meaning in choices.values()}

    def read(cell: str) -> Any:
        if not cell:
            return default
        if folded(cell) not in known:
            raise Unreadable(f"« {cell} » n'est pas connu : écrire {' ou '.join(choices)}")
        return known[folded(cell)]

    return read


def several_of(choices: dict[str, str]) -> Read:
    one = one_of(choices)

    def read(cell: str) -> list[str]:
        return list(dict.fromkeys(one(part) for part in many(cell)))

    return read


def topic_list(cell: str) -> list[str]:
    known = {folded(topic.title): key for key, topic in topics().items()} | {key: key for key in topics()}
    found = []
    for part in many(cell):
        key = known.get(folded(part).removeprefix("ask_"))
        if key is None:
            raise Unreadable(f"le thème « {part} » n'existe pas")
        found.append(key)
    return list(dict.fromkeys(found))


def audience_list(cell: str) -> list[str]:
    return several_of({one.title: key for key, one in audiences().items()})(cell)  # type: ignore[no-any-return]


def siret(cell: str) -> str:
    digits = re.sub(r"[\s.]", "", cell)
    if digits and not re.fullmatch(r"\d{14}", digits):
        raise Unreadable("un SIRET a 14 chiffres")
    return digits


def phone(cell: str) -> str:
    digits = re.sub(r"[\s.()/+-]", "", cell)
    if cell and not (digits.isdigit() and 2 <= len(digits) <= 40 and len(cell) <= 60):
        raise Unreadable(f"« {cell} » n'est pas un numéro de téléphone")
    return cell


def mail(cell: str) -> str:
    if cell and not _MAIL.fullmatch(cell):
        raise Unreadable(f"« {cell} » n'est pas une adresse de courriel")
    return cell


def link(cell: str) -> str:
    if cell and (" " in cell or "." not in cell):
        raise Unreadable(f"« {cell} » n'est pas une adresse de site")
    return cell


def hours(cell: str) -> str:
    if cell and not is_readable(cell):
        raise Unreadable(f"les horaires « {cell} » ne se lisent pas : écrire par exemple Mo-Fr 09:00-12:00,14:00-17:00")
    return cell


def months(cell: str) -> int:
    return int(one_of({"1": 1, "3": 3, "6": 6, "12": 12}, 6)(cell))


def written(value: Any) -> str:
    """What stands in a cell for a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ";".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
