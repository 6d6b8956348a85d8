"""No change is lost, and nobody overwrites another one without knowing."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.editing import close, edit, review, text_in, translate, verify
from directory.errors import StaleVersion, UnknownVersion, Unsigned
from directory.freshness import freshness
from directory.history import changes_of, restore, sign, snapshot
from directory.ledger import Change
from directory.models import Organisation, Service, Site
from tests.conftest import MONDAY

PREFECTURE = "pref44"


def whole(session: Session, service_id: str = PREFECTURE) -> list[dict[str, object]]:
    """All that a service is, as the database has it."""
    session.flush()
    session.expire_all()
    service = session.get_one(Service, service_id)
    records = [service, *service.sites, *service.closures, *service.translations]
    proof = {"verified_on", "verified_by", "verified_how"}
    return [{name: value for name, value in snapshot(one).items() if name not in proof} for one in records]


def test_a_change_is_written_with_who_when_before_and_after(editing: Session) -> None:
    edit(editing, PREFECTURE, 1, {"phone": "02 40 00 00 00", "address": "7 quai Ceineray"})
    found = {one.field: one for one in changes_of(editing, PREFECTURE) if one.action == "changed"}
    assert set(found) == {"phone", "address"}
    assert (found["phone"].before, found["phone"].after) == ("02 40 41 20 20", "02 40 00 00 00")
    assert found["phone"].by == "Camille, mission"
    assert found["phone"].at == MONDAY.astimezone(UTC).replace(tzinfo=None)
    assert editing.get_one(Service, PREFECTURE).version == 2


def test_a_list_is_changed_as_a_whole(editing: Session) -> None:
    edit(editing, PREFECTURE, 1, {"papers": ["passeport", "justificatif de domicile"]})
    changed = changes_of(editing, PREFECTURE)[0]
    assert (changed.before, changed.after) == ([], ["passeport", "justificatif de domicile"])


def test_setting_what_it_was_is_no_change(editing: Session) -> None:
    edit(
        editing, PREFECTURE, 1, {"phone": "02 40 41 20 20", "topics": list(editing.get_one(Service, PREFECTURE).topics)}
    )
    assert editing.get_one(Service, PREFECTURE).version == 1


def test_a_change_without_a_name_is_refused(own: Engine) -> None:
    with Session(own) as session:
        session.get_one(Service, PREFECTURE).phone = "1"
        with pytest.raises(Unsigned):
            session.flush()


def test_any_version_can_be_brought_back(editing: Session) -> None:
    first = whole(editing)
    edit(editing, PREFECTURE, 1, {"phone": "1", "verified_on": date(2026, 11, 2)})
    close(editing, PREFECTURE, date(2026, 12, 24), date(2026, 12, 31), "Fermé pour inventaire")
    second = whole(editing)
    translate(editing, PREFECTURE, "summary", "ar", "تصاريح الإقامة")
    editing.get_one(Service, PREFECTURE).sites.append(Site(id="annexe", rank=1, address="1 rue d'Ici"))
    editing.flush()
    edit(editing, PREFECTURE, editing.get_one(Service, PREFECTURE).version, {"name": "Autre", "opening_hours": "24/7"})
    third, version = whole(editing), editing.get_one(Service, PREFECTURE).version
    restore(editing, "service", PREFECTURE, 1)
    assert whole(editing) == first
    restore(editing, "service", PREFECTURE, 3)
    assert whole(editing) == second
    restore(editing, "service", PREFECTURE, version)
    assert whole(editing) == third
    with pytest.raises(UnknownVersion):
        restore(editing, "service", PREFECTURE, 99)


def test_two_editors_never_overwrite_each_other(own: Engine) -> None:
    with Session(own) as first, Session(own) as second:
        sign(first, "Camille", MONDAY)
        sign(second, "Noé", MONDAY)
        seen = second.get_one(Service, PREFECTURE).version
        second.rollback()
        edit(first, PREFECTURE, seen, {"phone": "1"})
        first.commit()
        with pytest.raises(StaleVersion) as refused:
            edit(second, PREFECTURE, seen, {"phone": "2"})
        assert (refused.value.read, refused.value.found, refused.value.others) == (1, 2, {"phone": "Camille"})
        second.commit()
        assert second.get_one(Service, PREFECTURE).phone == "1"


def test_even_at_the_same_moment(own: Engine) -> None:
    with Session(own) as first, Session(own, expire_on_commit=False) as second:
        sign(first, "Camille", MONDAY)
        sign(second, "Noé", MONDAY)
        read = second.get_one(Service, PREFECTURE)
        second.commit()
        edit(first, PREFECTURE, 1, {"phone": "1"})
        first.commit()
        assert read.version == 1
        with pytest.raises(StaleVersion):
            edit(second, PREFECTURE, 1, {"phone": "2"})


def test_a_site_is_part_of_its_service(own: Engine) -> None:
    with Session(own) as session:
        sign(session, "Camille", MONDAY)
        session.get_one(Site, PREFECTURE).address = "ailleurs"
        session.flush()
        service = session.get_one(Service, PREFECTURE)
        assert (service.version, service.edited_at is not None) == (2, True)


def test_changing_the_french_marks_the_other_languages_outdated(editing: Session) -> None:
    translate(editing, PREFECTURE, "summary", "ar", "تصاريح الإقامة")
    translate(editing, PREFECTURE, "name", "ar", "المحافظة")
    editing.flush()
    review(editing, PREFECTURE, "summary", "ar")
    editing.flush()
    service = editing.get_one(Service, PREFECTURE)
    assert text_in(service, "summary", "ar") == ("تصاريح الإقامة", "ar", "reviewed")
    edit(editing, PREFECTURE, service.version, {"summary": "Titres de séjour."})
    assert text_in(service, "summary", "ar")[2] == "outdated"
    assert text_in(service, "name", "ar")[2] == "draft"
    assert text_in(service, "summary", "so") == ("Titres de séjour.", "fr", "reviewed")


def test_a_check_makes_a_record_fresh_and_says_who(editing: Session) -> None:
    verify(editing, PREFECTURE, "call")
    editing.flush()
    service = editing.get_one(Service, PREFECTURE)
    assert freshness(service, MONDAY.date()) == "fresh"
    assert (service.verified_by, service.verified_how) == ("Camille, mission", "call")


def test_an_organisation_has_a_history_too(editing: Session) -> None:
    organisation = editing.scalars(select(Organisation).where(Organisation.name == "CNDA")).first()
    organisation = organisation or editing.scalars(select(Organisation)).first()
    assert organisation
    before = organisation.name
    organisation.name = "Nouveau nom"
    editing.flush()
    restore(editing, "organisation", organisation.id, 1)
    assert organisation.name == before
    assert editing.scalars(select(Change).where(Change.kind == "organisation", Change.action == "changed")).all()
