"""The seed says what its sources say, once, and never over a person's edit."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.errors import UnreadableSeed
from directory.freshness import freshness
from directory.history import changes_of, sign
from directory.models import EmergencyNumber, FirstDoor, Organisation, Place, Service
from directory.seeding import SEED, seed
from directory.tables import audiences
from directory.words import folded
from tests.conftest import MONDAY

RENAMED = {"summary_fr": "summary", "opening_hours_osm": "opening_hours"}


def rows(name: str) -> list[dict[str, str]]:
    with open(SEED / name, encoding="utf-8", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize(("file", "published"), [("services.csv", True), ("leads.csv", False)])
def test_every_value_of_a_service_is_the_one_of_its_row(directory: Session, file: str, published: bool) -> None:
    for row in rows(file):
        service = directory.get_one(Service, row["id"])
        assert service.published is published
        assert service.topics == row.pop("topics").split(";")
        for name, value in row.items():
            stored = getattr(service, RENAMED.get(name, name))
            assert (stored if stored is not None else "") == (
                float(value) if name in ("lat", "lon") and value else value
            )


def test_nothing_is_known_of_a_service_that_its_row_does_not_say(directory: Session) -> None:
    told = {"name", "acronym", "summary", "topics", "audience", "phone", "email", "website", "opening_hours", "notes"}
    told |= {"opening_hours_text", "languages", "cost", "appointment", "source_url", "source_date", "confidence"}
    ours = {"id", "uuid", "organisation_id", "audiences", "published", "source", "check_every", "version", "revision"}
    for service in directory.scalars(select(Service)):
        columns = {name: getattr(service, name) for name in Service.__mapper__.columns.keys()}  # noqa: SIM118
        assert not {name for name, value in columns.items() if value not in ("", [], None)} - told - ours
        assert not service.closures
        assert not service.translations


def test_an_audience_is_known_only_where_the_row_says_it_word_for_word(directory: Session) -> None:
    for service in directory.scalars(select(Service).where(Service.audience != "")):
        said = folded(service.audience)
        for key in service.audiences:
            assert any(folded(phrase) in said for phrase in audiences()[key].phrases), (service.id, key)


def test_an_organisation_is_known_by_the_name_in_the_rows_alone(directory: Session) -> None:
    named = {row["operator"] for file in ("services.csv", "leads.csv") for row in rows(file)} - {""}
    assert {one.name for one in directory.scalars(select(Organisation))} == named
    assert not [one for one in directory.scalars(select(Organisation)) if one.siret or one.website or one.description]


def test_what_is_uncertain_is_marked_to_confirm(directory: Session) -> None:
    low = directory.scalars(select(Service).where(Service.confidence == "low")).all()
    assert low
    assert {freshness(service, date(2026, 11, 23)) for service in low} == {"stale"}


def test_nobody_of_the_mission_has_checked_a_seeded_record_yet(directory: Session) -> None:
    assert not directory.scalars(select(Service).where(Service.verified_on.is_not(None))).all()


def test_numbers_and_places_are_loaded(directory: Session) -> None:
    known = {number.number for number in directory.scalars(select(EmergencyNumber))}
    assert known == {row["number"].replace(" ", "") for row in rows("numbers.csv")}
    assert directory.query(Place).count() == sum(bool(row["lat"]) for row in rows("places.csv"))


def test_every_spelling_names_a_place_with_a_position() -> None:
    placed = {row["id"] for row in rows("places.csv") if row["lat"]}
    assert {row["place"] for row in rows("spellings.csv")} <= placed


def test_a_second_start_loads_nothing(blank: Engine) -> None:
    assert seed(blank)["services.csv"] == 208
    assert set(seed(blank).values()) == {0}


@pytest.fixture
def own_seed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEED, tmp_path / "seed"))


def change_phone(folder: Path, phone: str) -> None:
    path = folder / "services.csv"
    path.write_text(path.read_text().replace("02 40 41 20 20", phone))


def test_a_changed_file_is_loaded_again_field_by_field(own_seed: Path, own: Engine) -> None:
    change_phone(own_seed, "02 40 00 00 00")
    assert seed(own, own_seed)["services.csv"] == 208
    with Session(own) as session:
        assert session.get_one(Service, "pref44").phone == "02 40 00 00 00"
        assert session.get_one(FirstDoor, ("asylum", "ftda-spada-nantes"))
        changed = [(one.field, one.before, one.after) for one in changes_of(session, "pref44") if one.field]
        assert changed == [("phone", "02 40 41 20 20", "02 40 00 00 00")]
        assert session.get_one(Service, "ofpra").version == 1


def test_what_a_person_edited_is_left_alone(own_seed: Path, own: Engine) -> None:
    with Session(own) as session, session.begin():
        sign(session, "Camille, mission", MONDAY)
        session.get_one(Service, "pref44").phone = "02 40 11 11 11"
    change_phone(own_seed, "02 40 00 00 00")
    seed(own, own_seed)
    with Session(own) as session:
        assert session.get_one(Service, "pref44").phone == "02 40 11 11 11"


def test_an_unreadable_row_is_named_and_nothing_is_loaded(own_seed: Path, blank: Engine) -> None:
    path = own_seed / "numbers.csv"
    path.write_text(path.read_text().replace("number,", "nombre,", 1))
    with pytest.raises(UnreadableSeed, match=r"numbers\.csv, line 2"):
        seed(blank, own_seed)
    with Session(blank) as session:
        assert session.query(Service).count() == 0
