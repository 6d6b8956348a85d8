"""Brings the translation files up to date with the sentences in the code: ``python -m bot.i18n.messages``.

A new sentence is added untranslated (the tests name it), one that is gone is taken out; no line numbers, no dates, so
that a change shows only what changed.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n.catalogues import SOURCE, po_file
from bot.turn import LANGUAGES

CODE = Path(__file__).parent.parent


def sentences() -> dict[str, str]:
    """French sentence → the file that says it, in the order of the files."""
    found: dict[str, str] = {}
    for file, _line, sentence, _comments, _context in sorted(
        extract_from_dir(CODE, [("**.py", "python")], {}, keywords={"_": None}), key=lambda found: (found[0], found[1])
    ):
        found.setdefault(str(sentence), f"bot/{file}")
    return found


def update(language: str) -> None:
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    known: dict[str, str] = {}
    if path.exists():
        with open(path, "rb") as file:
            known = {str(message.id): str(message.string) for message in read_po(file, locale=language)}
    catalogue = Catalog(locale=language)
    for sentence, file_name in sentences().items():
        catalogue.add(sentence, string=known.get(sentence, ""), locations=[(file_name, 0)])
    with open(path, "wb") as out:
        write_po(out, catalogue, omit_header=True, width=0, include_lineno=False)


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != SOURCE:
            update(language)
