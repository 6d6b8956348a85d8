"""« Près de Bellevue » is a point; an address is asked outside only when somebody wants that, and never waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy.orm import Session

from directory.geo import named, walk_minutes
from directory.geocoder import locate, missing
from directory.models import Site


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Bellevue", "Bellevue"),
        ("bellevu", "Bellevue"),
        ("Dervallieres", "Dervallières"),
        ("REZÉ", "Rezé"),
        ("saint herblain", "Saint-Herblain"),
        ("St-Herblain", "Saint-Herblain"),
        ("Commerce", "Commerce"),
        ("Bouffay", None),
    ],
)
def test_a_place_is_known_by_its_spellings_and_with_typing_errors(
    directory: Session, said: str, name: str | None
) -> None:
    found = named(directory, said)
    assert found is not None
    assert name is None or found.name.startswith(name) or name in found.aliases


def test_what_is_no_place_is_none(directory: Session) -> None:
    assert named(directory, "xyzzy") is None
    assert named(directory, "") is None


def test_a_quartier_comes_before_a_stop_of_the_same_name(directory: Session) -> None:
    found = named(directory, "Malakoff")
    assert found is not None
    assert found.kind in ("quartier", "micro_quartier")


@pytest.mark.parametrize(("metres", "minutes"), [(0, 1), (400, 6), (2000, 30)])
def test_a_distance_is_said_in_minutes(metres: int, minutes: int) -> None:
    assert walk_minutes(metres) == minutes


def geocoder(answer: Callable[[httpx2.Request], httpx2.Response]) -> httpx2.Client:
    return httpx2.Client(base_url="https://geocoder.test/search", transport=httpx2.MockTransport(answer))


def feature(score: float, kind: str = "housenumber") -> dict[str, Any]:
    properties = {"score": score, "type": kind}
    return {"features": [{"geometry": {"coordinates": [-1.55, 47.22]}, "properties": properties}]}


def test_a_sure_answer_of_the_geocoder_is_taken_with_its_source(directory: Session) -> None:
    found = locate(directory, "6 quai Ceineray", "Nantes", geocoder(lambda _: httpx2.Response(200, json=feature(0.95))))
    assert found is not None
    assert (found.point.lat, found.precision, found.source) == (47.22, "street", "geocoder.test")


def late(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout("too late", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        late,
        lambda _: httpx2.Response(500),
        lambda _: httpx2.Response(200, text="not JSON"),
        lambda _: httpx2.Response(200, json={"features": []}),
        lambda _: httpx2.Response(200, json={"features": [{}]}),
        lambda _: httpx2.Response(200, json=feature(0.2)),
        lambda _: httpx2.Response(200, json=feature(0.9, "continent")),
    ],
)
def test_without_a_sure_answer_the_gazetteer_says_what_it_knows(directory: Session, answer: Any) -> None:
    found = locate(directory, "rue Inconnue", "Rezé", geocoder(answer))
    assert found is not None
    assert found.precision == "commune"
    assert "geocoder" not in found.source


def test_by_default_nobody_outside_is_asked(directory: Session) -> None:
    found = locate(directory, "6 quai Ceineray", "Nantes Cedex 1")
    assert found is not None
    assert found.precision == "commune"
    assert locate(directory, "", "") is None


def test_what_is_missing_is_asked_and_nothing_else(directory: Session) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.params["q"])
        return httpx2.Response(200, json=feature(0.9))

    sites = [site for site, _ in missing(directory, geocoder(answer))]
    assert len(asked) == len(sites) == directory.query(Site).filter(Site.address != "", Site.lat.is_(None)).count()
