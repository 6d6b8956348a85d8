"""Tables as spreadsheets make them, and as they get them back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.cells import guard, unguard
from directory.columns import COLUMNS
from directory.editing import edit
from directory.errors import UnreadableFile
from directory.exporters.files import FORMS, Wanted, template
from directory.history import sign
from directory.importers.files import unheard_columns
from directory.importers.plan import check, run
from directory.importers.sheets import rows
from directory.models import Service
from tests.conftest import MONDAY
from tests.directory.test_import import sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_encoding_and_separator_of_a_spreadsheet(
    empty: Engine, tmp_path: Path, encoding: str, separator: str
) -> None:
    said = ["Épicerie des Hauts-Pavés", "Été : fermé, sauf « urgences » à l'école"] * 1
    lines = [["Nom", "Résumé"], said, ["Café élève", "Où ça, là-bas ; déjà prêt"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines) + "\n"
    if encoding == "mac_roman" and separator == "\t":
        text = text.replace("\n", "\r\n")
    run(empty, sheet(tmp_path, text, encoding=encoding), "Camille", MONDAY)
    with Session(empty) as session:
        assert session.scalars(select(Service.name)).all().count(said[0]) == 1
        assert said[1] in session.scalars(select(Service.summary)).all()


def test_excel_may_say_its_separator(empty: Engine, tmp_path: Path) -> None:
    assert check(empty, sheet(tmp_path, "sep=;\nNom;Résumé\nA, B;C\n"), MONDAY).added[0][2] == "A, B"


def test_a_workbook_with_numbers_dates_and_an_empty_first_line(empty: Engine, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([])
    book.active.append(["Nom", "Code postal", "Latitude", "Longitude", "Vérifié le", "Publié"])
    book.active.append(["Un lieu", 44000, 47.2, -1.55, MONDAY.date(), True])
    book.save(tmp_path / "x.xlsx")
    run(empty, tmp_path / "x.xlsx", "Camille", MONDAY)
    with Session(empty) as session:
        one = session.scalars(select(Service)).one()
        assert (one.postcode, one.lat, one.lon, one.verified_on) == ("44000", 47.2, -1.55, MONDAY.date())


def test_the_template_is_read_by_the_import(empty: Engine, tmp_path: Path) -> None:
    for name in ("modele.csv", "modele.xlsx"):
        template(tmp_path / name)
        assert check(empty, tmp_path / name, MONDAY).counts["refused"] == 0
        assert unheard_columns(tmp_path / name) == []
    assert len({column.heading for column in COLUMNS}) == len(COLUMNS)


def test_columns_that_nothing_is_read_from_are_named(tmp_path: Path) -> None:
    assert unheard_columns(sheet(tmp_path, "Nom;Couleur préférée\nA;B\n")) == ["Couleur préférée"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "vide"),
        ("a.csv", "Couleur;Forme\nbleu;rond\n", "Aucune colonne « Nom »"),
        ("a.csv", "Nom;Nom\na;b\n", "même titre"),
        ("a.xlsx", "pas un classeur", "classeur"),
        ("a.json", "{", "JSON"),
        ("a.json", "[1, 2]", "ni du data·inclusion v1, ni du HSDS"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(empty: Engine, tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        check(empty, sheet(tmp_path, text, name), MONDAY)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_the_mission_exports_comes_back_unchanged(own: Engine, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"services.{form}"
    with Session(own) as session:
        sign(session, "Camille", MONDAY)
        tricky = {"summary": "=1+1", "cost": "'-2 €", "audience": "@tous", "conditions": "+18 ans\nou « plus »"}
        edit(session, "pref44", 1, {**tricky, "papers": ["RIB", "passeport"], "published": False, "wheelchair": "yes"})
        edit(session, "pref44", 2, {"capacity": "full", "capacity_on": MONDAY.date(), "reach": ["call", "mail"]})
        session.commit()
        FORMS[form](session, path, Wanted(MONDAY, private=True))
    report = check(own, path, MONDAY)
    assert (report.counts["unchanged"], report.counts["changed"], report.refused) == (299, 0, [])
    with Session(own) as session:
        before = session.get_one(Service, "pref44")
        restored = next(cells for _, cells in rows(path) if cells["Identifiant"] == "pref44")
        assert (restored["Résumé"], restored["Coût"]) == (before.summary, before.cost)


@pytest.mark.parametrize("cell", ["=1+1", "+33240", "-5", "@x", "'=1", "''=1", "'abc", "abc", "", "\t=1", "\r=1"])
def test_a_formula_is_guarded_and_comes_back(cell: str) -> None:
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguard(guard(cell)) == cell


def test_the_exported_csv_opens_in_excel_without_running_anything(own: Engine, tmp_path: Path) -> None:
    with Session(own) as session:
        sign(session, "Camille", MONDAY)
        edit(session, "pref44", 1, {"summary": '=HYPERLINK("http://mal.example";"clic")'})
        session.commit()
        FORMS["csv"](session, tmp_path / "x.csv", Wanted(MONDAY))
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with open(tmp_path / "x.csv", encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file, delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_nought_byte_does_no_harm(empty: Engine, tmp_path: Path) -> None:
    run(empty, sheet(tmp_path, "Nom;Résumé\nUn\0 lieu;Texte\n"), "Camille", MONDAY)
    with Session(empty) as session:
        assert session.scalars(select(Service.name)).all() == ["Un lieu"]
