"""The right door first, with its reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.app import open_database
from bot.turn import TOPICS, Point
from directory.editing import edit
from directory.errors import UnknownPlace, UnknownService
from directory.geo import communes_of, nearest_place, place, point_of, walk_m
from directory.history import sign
from directory.hours import PARIS
from directory.models import Service
from directory.search import WEIGHTS, Found, Need, Words, emergency_numbers, find, published_service, search
from directory.tables import read, topics
from directory.words import stems
from tests.conftest import MONDAY


def ids(directory: Session, topic: str, place_id: str | None = None, **more: object) -> list[str]:
    need = Need(topic, point_of(directory, place_id), communes_of(directory, place_id), **more)  # type: ignore[arg-type]
    return [one.service_id for one in find(directory, need, MONDAY)]


def test_near_bellevue_the_french_assessment_of_bellevue_comes_first(directory: Session) -> None:
    first = published_service(directory, ids(directory, "french_class", "bellevue")[0])
    assert first.name == "Permanence d'évaluation linguistique – Bellevue"


def test_a_quartier_on_the_border_belongs_to_both_communes(directory: Session) -> None:
    assert communes_of(directory, "bellevue") == ("44109", "44162")
    assert communes_of(directory, None) == ("44109",)


def test_asylum_begins_at_the_first_reception(directory: Session) -> None:
    assert ids(directory, "asylum")[0] == "ftda-spada-nantes"


def test_school_in_nantes_begins_at_the_city_even_far_from_its_centre(directory: Session) -> None:
    assert ids(directory, "schooling", "bout-des-landes")[0] == "nantes-ecoles"


def test_the_town_hall_of_another_commune_is_for_its_own_people(directory: Session) -> None:
    assert "mairie-44215" not in ids(directory, "schooling", "bellevue")[:5]
    assert "mairie-44215" in ids(directory, "schooling", "vertou")[:3]


def test_what_one_cannot_enter_by_oneself_stands_last(directory: Session) -> None:
    found = ids(directory, "asylum")
    assert all(found.index(name) > 4 for name in ("cada-alizes", "cada-trajet", "cada-adoma"))


def test_leads_are_never_found(directory: Session) -> None:
    found = {service_id for topic in TOPICS for service_id in ids(directory, topic.removeprefix("ask_"))}
    assert all(directory.get_one(Service, service_id).published for service_id in found)
    with pytest.raises(UnknownService):
        published_service(directory, "ofii-nantes")


def test_every_point_of_a_score_has_a_reason_from_the_table(directory: Session) -> None:
    for one in find(directory, Need("health", point_of(directory, "bellevue")), MONDAY):
        assert set(one.reasons) <= set(WEIGHTS)
        assert one.score == pytest.approx(sum(one.reasons.values()))


def test_what_was_seen_is_skipped_and_the_order_is_stable(directory: Session) -> None:
    found = ids(directory, "food")
    assert ids(directory, "food", skip=tuple(found[:3])) == found[3:]


def test_a_walk_is_longer_than_the_crow_flies() -> None:
    # One minute of latitude is 1,852 m (nautical mile).
    assert walk_m(Point(47, -1.5), Point(47 + 1 / 60, -1.5)) == pytest.approx(1852 * 1.3, rel=0.005)


def test_a_position_becomes_a_named_place_nearby_and_none_far_away(directory: Session) -> None:
    near = nearest_place(directory, Point(47.2173, -1.5534))
    assert near is not None
    here = place(directory, near)
    assert walk_m(Point(47.2173, -1.5534), Point(here.lat, here.lon)) < 500
    assert nearest_place(directory, Point(48.85, 2.35)) is None


def test_anywhere_in_nantes_is_near_nothing(directory: Session) -> None:
    assert point_of(directory, "nantes") is None
    with pytest.raises(UnknownPlace):
        point_of(directory, "atlantis")


def test_numbers_come_in_the_order_asked(directory: Session) -> None:
    assert [row.number for row in emergency_numbers(directory, ("18", "112", "999", "15"))] == ["18", "112", "15"]


def reasons(found: list[Found]) -> dict[str, dict[str, float]]:
    return {one.service_id: one.reasons for one in found}


def test_a_wish_kept_lifts_and_a_wish_broken_lowers_but_hides_nothing(editing: Session) -> None:
    edit(editing, "restos-dalby", 1, {"spoken": ["fr", "ar"], "opening_hours": "Sa 10:00-12:00", "appointment": "non"})
    edit(editing, "entraide-diaconat", 1, {"opening_hours": "Mo-Fr 10:00-12:00", "capacity": "full"})
    editing.commit()
    saturday = datetime(2026, 11, 28, 10, 30, tzinfo=PARIS)
    wished = Need("food", language="ar", open_at=saturday, no_appointment=True, free=True, audience="women")
    found = reasons(find(editing, wished, MONDAY))
    assert {"language", "open_then", "no_appointment"} <= set(found["restos-dalby"])
    assert {"closed_then", "full"} <= set(found["entraide-diaconat"])
    assert not {"open_then", "closed_then"} & set(found["autre-cantine"])
    assert set(found) == set(reasons(find(editing, Need("food"), MONDAY)))
    assert next(iter(found)) == "restos-dalby"


def test_an_audience_that_is_named_comes_before_and_others_after(directory: Session) -> None:
    found = reasons(find(directory, Need("women_violence", audience="women"), MONDAY))
    assert "for_them" in found["solidarite-femmes-la"]
    others = reasons(find(directory, Need("employment", audience="women"), MONDAY))
    assert "for_others" in others["atdec-1"]


def test_age_of_a_check_lowers_and_never_hides(editing: Session) -> None:
    edit(editing, "caf44-nantes", 1, {"verified_on": date(2024, 1, 1)})
    edit(editing, "nantes-ccas", 1, {"verified_on": date(2026, 11, 1)})
    editing.commit()
    found = reasons(find(editing, Need("social_benefits"), MONDAY))
    assert {"checked", "overdue"} <= set(found["caf44-nantes"])
    assert "overdue" not in found["nantes-ccas"]


def test_an_edit_is_found_at_once_by_every_process(own: Engine) -> None:
    other = open_database(own.url.render_as_string(hide_password=False))
    with Session(own) as here, Session(other) as there:
        assert search(there, Words("zanzibar"), MONDAY).total == 0
        there.rollback()
        sign(here, "Camille", MONDAY)
        edit(here, "caf44-nantes", 1, {"summary": "Parle zanzibar", "opening_hours": "24/7"})
        here.commit()
        assert [one.service_id for one in search(there, Words("zanzibar"), MONDAY).found] == ["caf44-nantes"]
        there.rollback()
        assert "open_now" in reasons(find(there, Need("social_benefits"), MONDAY))["caf44-nantes"]
        edit(here, "caf44-nantes", 2, {"published": False})
        here.commit()
        there.rollback()
        assert search(there, Words("zanzibar"), MONDAY).total == 0
        assert "caf44-nantes" not in reasons(find(there, Need("social_benefits"), MONDAY))
    other.dispose()


def test_an_organisation_renamed_is_found_by_its_new_name(editing: Session) -> None:
    organisation = editing.get_one(Service, "gasprom-asti").organisation
    assert organisation
    organisation.name = "Ornithorynque"
    editing.commit()
    assert [one.service_id for one in search(editing, Words("ornithorynque"), MONDAY).found] == ["gasprom-asti"]


def first(directory: Session, text: str, **more: Any) -> str:
    return search(directory, Words(text, **more), MONDAY).found[0].service_id


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("CAF", "caf44-nantes"),
        ("PREFECTURE", "pref44"),
        ("préfècture", "pref44"),
        ("mediathèques jacque demy", "bm-demy"),
        ("FLE près de Bellevue", "perm-ling-6"),
        ("papiers", "pref44"),
        ("la cimade nantes", "cimade-nantes"),
    ],
)
def test_an_agent_finds_by_acronym_accents_typing_errors_and_synonyms(directory: Session, text: str, best: str) -> None:
    assert first(directory, text) == best


def test_names_come_first_and_each_result_says_why(directory: Session) -> None:
    results = search(directory, Words("préfecture"), MONDAY)
    assert "name" in results.found[0].reasons
    for one in results.found:
        assert set(one.reasons) <= set(WEIGHTS)
        assert one.score == pytest.approx(sum(one.reasons.values()))


def test_what_was_corrected_is_told(directory: Session) -> None:
    assert search(directory, Words("psycologue"), MONDAY).corrected == {"psycologu": "psychologu"}
    assert search(directory, Words("psychologue"), MONDAY).corrected == {}


def test_facets_count_what_fits_and_narrow_it(directory: Session) -> None:
    results = search(directory, Words("cours de français"), MONDAY)
    assert results.facets["topic"]["french_class"] == results.total
    free = search(directory, Words("cours de français", only={"cost": ["free"]}), MONDAY)
    assert free.total == results.facets["cost"]["free"] < results.total
    both = search(directory, Words("", only={"topic": ["food"], "city": ["Nantes"]}, most=100), MONDAY)
    assert both.total == both.facets["city"]["Nantes"] == both.facets["topic"]["food"]


def test_a_place_in_the_words_is_where_it_is_near(directory: Session) -> None:
    results = search(directory, Words("médecin à Bellevue"), MONDAY)
    assert results.place is not None
    assert "bellevue" in results.place
    best = results.found[0]
    assert best.service_id == "sante-bellevue"
    assert best.distance_m is not None
    assert best.minutes == round(best.distance_m / (4000 / 60))


def test_open_then_is_a_filter_for_agents_and_unknown_hours_stay(directory: Session) -> None:
    night = datetime(2026, 11, 25, 23, 0, tzinfo=PARIS)
    found = reasons(search(directory, Words("hébergement", open_at=night, most=60), MONDAY).found)
    assert "siao44" in found
    assert "maj-seligmann" not in found
    assert any("open_then" not in why for why in found.values())


@pytest.mark.parametrize("text", ["", "   ", "?!", "de la", "😀", "'; DROP TABLE services; --", "a" * 5000, "\x00"])
def test_anything_can_be_typed(directory: Session, text: str) -> None:
    search(directory, Words(text), MONDAY)


def test_every_synonym_means_a_topic_or_words_and_is_written_once() -> None:
    rows = read("synonyms.csv")
    assert all(row["kind"] in ("topic", "words") for row in rows)
    named = {key for row in rows if row["kind"] == "topic" for key in row["means"].split(";")}
    assert named == set(topics())
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert all(stems(row["said"]) for row in rows)
