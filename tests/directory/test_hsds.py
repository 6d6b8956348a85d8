"""Open Referral HSDS 3.1: valid to the letter, and what comes in goes out again."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.editing import close, edit, verify
from directory.exporters.files import FORMS, Wanted
from directory.exporters.hsds import full_service
from directory.exporters.hsds_whole import PERSONAL, Whole
from directory.exporters.schedules import expression, rows
from directory.history import sign
from directory.importers.hsds import draft_of_service
from directory.importers.plan import run
from directory.ledger import Foreign
from directory.models import Organisation, Service, Site
from tests.conftest import MONDAY
from tests.directory.strict import EXAMPLES, errors


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def exported(engine: Engine, kind: str, key: str) -> Any:
    with Session(engine) as session:
        whole = Whole(session, MONDAY, private=True)
        if kind == "service":
            return whole.full_service(session.scalars(select(Service).where(Service.uuid == key)).one())
        if kind == "organization":
            one = session.scalars(select(Organisation).where(Organisation.uuid == key)).one()
            return whole.full_organization(one, [])
        return next(one for one in whole.others(kind) if one["id"] == key)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("service_full", "service"),
        ("service_list", "service"),
        ("organization_full", "organization"),
        ("organization_list", "organization"),
        ("service_at_location_full", "service_at_location"),
        ("service_at_location_list", "service_at_location"),
        ("location", "location"),
        ("taxonomy", "taxonomy"),
        ("taxonomy_list", "taxonomy"),
        ("taxonomy_term", "taxonomy_term"),
        ("taxonomy_term_list", "taxonomy_term"),
    ],
)
def test_an_official_example_goes_out_as_it_came_in(empty: Engine, name: str, kind: str) -> None:
    said = example(name)
    report = run(empty, EXAMPLES / f"{name}.json", "Camille", MONDAY)
    assert not report.counts["refused"]
    for one in said.get("contents", [said]):
        assert exported(empty, kind, one["id"]) == one


def test_the_official_tables_go_out_as_they_came_in(empty: Engine) -> None:
    run(empty, EXAMPLES / "tabular.json", "Camille", MONDAY)
    with Session(empty) as session:
        kept = {(row.kind, row.id): row.said for row in session.scalars(select(Foreign))}
    for table, rows_of_it in example("tabular").items():
        for one in rows_of_it:
            assert kept[table.removesuffix(".csv"), one["id"]] == one


def test_what_has_no_room_or_no_sense_is_kept_word_for_word_only(empty: Engine, tmp_path: Path) -> None:
    said = example("service_full")
    said["schedules"] = [{"id": said["id"], "notes": "opening_hours: le matin"}]
    said["service_at_locations"][0]["location"]["addresses"][0]["address_1"] = "rue " * 100
    (tmp_path / "long.json").write_text(json.dumps(said))
    run(empty, tmp_path / "long.json", "Camille", MONDAY)
    assert exported(empty, "service", said["id"]) == said
    with Session(empty) as session:
        service = session.get_one(Service, said["id"])
        assert (service.opening_hours, len(service.address)) == ("", 250)


def test_what_is_changed_here_changes_there_and_nothing_else(empty: Engine) -> None:
    said = example("service_full")
    run(empty, EXAMPLES / "service_full.json", "Camille", MONDAY)
    with Session(empty) as session, session.begin():
        sign(session, "Camille", MONDAY)
        edit(session, said["id"], 1, {"name": "Écoute"})
    now = exported(empty, "service", said["id"])
    different = {name for name in {*now, *said} if now.get(name) != said.get(name)}
    assert different == {"name", "last_modified", "metadata"}


def test_every_service_of_the_directory_is_strictly_valid(editing: Session) -> None:
    close(editing, "pref44", date(2026, 11, 20), date(2026, 11, 30), "Travaux")
    verify(editing, "caf44-nantes", "call")
    edit(
        editing, "caf44-nantes", 1, {"papers": ["RIB"], "spoken": ["fr", "ar"], "capacity": "full", "wheelchair": "yes"}
    )
    whole = Whole(editing, MONDAY)
    for service in editing.scalars(select(Service)):
        assert errors("service", whole.full_service(service)) == []
        assert errors("service_list", whole.service(service)) == []
    assert whole.full_service(editing.get_one(Service, "pref44"))["status"] == "temporarily closed"


def test_every_organisation_and_place_is_strictly_valid(directory: Session) -> None:
    whole = Whole(directory, MONDAY)
    for one in directory.scalars(select(Organisation)):
        assert errors("organization", whole.full_organization(one, [])) == []
    for site in directory.scalars(select(Site)):
        assert errors("service_at_location", whole.at_location(site, full=True)) == []
        assert errors("service_at_location_list", whole.at_location(site, full=False)) == []


def test_a_foreign_property_is_caught(directory: Session) -> None:
    told = full_service(directory.get_one(Service, "pref44"), MONDAY)
    assert errors("service", {**told, "opinion": "!"})
    broken = copy.deepcopy(told)
    broken["attributes"][0]["taxonomy_term"]["id"] = "no uuid"
    assert errors("service", broken)


def test_a_service_read_back_is_the_same(directory: Session) -> None:
    for service in directory.scalars(select(Service).where(Service.published)):
        again = draft_of_service(full_service(service, MONDAY)).service
        for name in ("name", "summary", "topics", "audiences", "phone", "opening_hours", "papers", "spoken"):
            assert again[name] == getattr(service, name), (service.id, name)


@pytest.mark.parametrize(
    "said",
    [
        "Mo-Fr 09:00-12:30,13:30-17:00",
        "Th 13:30-17:30",
        "Mo,We-Fr 09:00-12:30,13:30-17:00; Tu 13:30-17:00",
        "Mo[1] 09:00-12:00",
        "24/7",
        "Mo-Fr 09:00-17:00; PH off",
        "week 1-53/2 We 09:00-12:00",
        "Mo-Fr 09:00-17:00; SH off",
        'Mo-Fr 08:30-12:30 "sur rendez-vous"',
        "",
    ],
)
def test_hours_come_back_from_schedules(said: str) -> None:
    assert expression(rows(said)) == said


def test_nothing_of_persons_and_professionals_leaves(editing: Session, tmp_path: Path) -> None:
    secret = {"phone_professional": "0699999999", "email_professional": "pro@secret.fr", "notes": "SECRET-NOTE"}
    edit(editing, "pref44", 1, {**secret, "verified_by": "Noé SECRET-NOM", "verified_on": date(2026, 11, 2)})
    edit(editing, "pref44", 2, {"phone_professional": "0688888888", "notes": "SECRET-2"})
    editing.commit()
    run(editing.get_bind(), EXAMPLES / "service_full.json", "Camille", MONDAY)  # type: ignore[arg-type]
    for form, export in FORMS.items():
        path = tmp_path / f"out.{form}"
        export(editing, path, Wanted(MONDAY))
        said = path.read_bytes().decode("utf-8", "ignore")
        if form == "xlsx":
            import zipfile

            said = "".join(zipfile.ZipFile(path).read(name).decode() for name in zipfile.ZipFile(path).namelist())
        for word in ("0699999999", "0688888888", "pro@secret.fr", "SECRET", "Ann Persona", "Camille"):
            assert word not in said, (form, word)
        assert "ofii-nantes" not in said
    assert not set(Whole(editing, MONDAY).full_service(editing.get_one(Service, "pref44"))) & (
        PERSONAL - {"updated_by"}
    )
