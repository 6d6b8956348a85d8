"""The seed says what its sources say, once, and never over a person's edit."""

from __future__ import annotations

import csv
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from directory.errors import UnreadableSeed
from directory.models import EmergencyNumber, Place, Service, ServiceTopic
from directory.seeding import SEED, seed

RENAMED = {"summary_fr": "summary", "opening_hours_osm": "opening_hours"}


def rows(name: str) -> list[dict[str, str]]:
    with open(SEED / name, encoding="utf-8", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize(("file", "published"), [("services.csv", True), ("leads.csv", False)])
def test_every_value_of_a_service_is_the_one_of_its_row(directory: Session, file: str, published: bool) -> None:
    for row in rows(file):
        service = directory.get_one(Service, row["id"])
        assert service.published is published
        assert [link.topic for link in service.topics] == row.pop("topics").split(";")
        for name, value in row.items():
            stored = getattr(service, RENAMED.get(name, name))
            assert (stored if stored is not None else "") == (
                float(value) if name in ("lat", "lon") and value else value
            )


def test_nobody_of_the_mission_has_checked_a_seeded_record_yet(directory: Session) -> None:
    assert not directory.scalars(select(Service).where(Service.verified_on.is_not(None))).all()


def test_numbers_and_places_are_loaded(directory: Session) -> None:
    known = {number.number for number in directory.scalars(select(EmergencyNumber))}
    assert known == {row["number"].replace(" ", "") for row in rows("numbers.csv")}
    assert directory.query(Place).count() == sum(bool(row["lat"]) for row in rows("places.csv"))


def test_every_spelling_names_a_place_with_a_position() -> None:
    placed = {row["id"] for row in rows("places.csv") if row["lat"]}
    assert {row["place"] for row in rows("spellings.csv")} <= placed


def test_a_second_start_loads_nothing(tmp_path: Path) -> None:
    database = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    assert seed(database)["services.csv"] == 208
    assert set(seed(database).values()) == {0}


@pytest.fixture
def own_seed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEED, tmp_path / "seed"))


def test_a_changed_file_is_loaded_again_and_keeps_its_first_doors(own_seed: Path, tmp_path: Path) -> None:
    database = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    seed(database, own_seed)
    path = own_seed / "services.csv"
    path.write_text(path.read_text().replace("02 40 41 20 20", "02 40 00 00 00"))
    assert seed(database, own_seed)["services.csv"] == 208
    with Session(database) as session:
        assert session.get_one(Service, "pref44").phone == "02 40 00 00 00"
        assert session.get_one(ServiceTopic, ("ftda-spada-nantes", "asylum")).first_door


def test_what_a_person_edited_is_left_alone(own_seed: Path, tmp_path: Path) -> None:
    database = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    seed(database, own_seed)
    with Session(database) as session, session.begin():
        edited = session.get_one(Service, "pref44")
        edited.phone, edited.edited_at = "02 40 11 11 11", datetime(2026, 11, 1)
    path = own_seed / "services.csv"
    path.write_text(path.read_text().replace("02 40 41 20 20", "02 40 00 00 00"))
    seed(database, own_seed)
    with Session(database) as session:
        assert session.get_one(Service, "pref44").phone == "02 40 11 11 11"


def test_an_unreadable_row_is_named_and_nothing_is_loaded(own_seed: Path, tmp_path: Path) -> None:
    database = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    path = own_seed / "numbers.csv"
    path.write_text(path.read_text().replace("number,", "nombre,", 1))
    with pytest.raises(UnreadableSeed, match=r"numbers\.csv, line 2"):
        seed(database, own_seed)
    with Session(database) as session:
        assert session.query(Service).count() == 0
