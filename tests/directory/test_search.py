"""The right door first, with its reasons."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.turn import TOPICS, Point
from directory.errors import UnknownPlace, UnknownService
from directory.geo import communes_of, nearest_place, place, point_of, walk_m
from directory.models import Service
from directory.search import WEIGHTS, Need, emergency_numbers, find, published_service
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
