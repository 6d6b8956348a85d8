"""What the mission changes is what people are told on their next turn, without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.app import create_app, open_database
from bot.i18n.catalogues import words
from bot.replies.render import FACTS
from bot.settings import Settings
from directory.editing import close, edit
from directory.history import sign
from directory.models import Service
from directory.seeding import seed
from tests.conftest import MONDAY, free_port, services


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'escale.db'}")
    seed(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def client(tmp_path: Path, database: Engine) -> Iterator[TestClient]:
    secrets = {name: SecretStr("s") for name in ("engine_token", "hmac_key", "session_key")}
    settings = Settings(var=tmp_path, database_url=str(database.url), engine_port=free_port(), **secrets)
    with TestClient(create_app(settings, lambda: MONDAY)) as started:
        yield started


def card(client: TestClient, topic: str, service_id: str) -> dict[str, Any] | None:
    payload = next(one["payload"] for one in client.get("/api/topics").json() if one["topic"] == topic)
    shown = services(client.post("/api/chat", json={"choice": payload, "locale": "fr"}).json())
    return next((one for one in shown if one["id"] == service_id), None)


def change(database: Engine, service_id: str, **fields: Any) -> None:
    with Session(database) as session, session.begin():
        sign(session, "Camille", MONDAY)
        edit(session, service_id, session.get_one(Service, service_id).version, fields)


def test_an_hour_is_told_at_once(client: TestClient, database: Engine) -> None:
    before = card(client, "asylum", "ftda-spada-nantes")
    assert before is not None
    assert before["hours"]["state"] == "unknown"
    change(database, "ftda-spada-nantes", opening_hours="Mo-Fr 09:00-12:00", papers=["passeport"], spoken=["fr", "ar"])
    after = card(client, "asylum", "ftda-spada-nantes")
    assert after is not None
    assert (after["hours"]["state"], after["bring"], after["languages"]) == ("open", ["passeport"], ["fr", "ar"])


def test_a_closure_is_told_with_its_message_and_its_end(client: TestClient, database: Engine) -> None:
    change(database, "ftda-spada-nantes", opening_hours="Mo-Fr 09:00-12:00")
    with Session(database) as session, session.begin():
        sign(session, "Camille", MONDAY)
        close(session, "ftda-spada-nantes", date(2026, 11, 20), date(2026, 11, 24), "Fermé pour travaux")
    told = card(client, "asylum", "ftda-spada-nantes")
    assert told is not None
    assert told["hours"]["next"].startswith("2026-11-25T09:00")
    assert told["hours"]["note"] == "Fermé pour travaux"


def test_what_is_withdrawn_is_shown_no_more(client: TestClient, database: Engine) -> None:
    change(database, "ftda-spada-nantes", published=False)
    assert card(client, "asylum", "ftda-spada-nantes") is None


def test_what_is_for_professionals_is_never_on_a_card(client: TestClient, database: Engine) -> None:
    change(database, "ftda-spada-nantes", phone_professional="0699999999", notes="SECRET")
    told = str(card(client, "asylum", "ftda-spada-nantes"))
    assert "0699999999" not in told
    assert "SECRET" not in told


@pytest.mark.parametrize(("language", "said"), [("fr", "arabe, français"), ("en", "Arabic, French"), ("so", "")])
def test_languages_spoken_are_named_in_the_language_of_the_person(language: str, said: str) -> None:
    told = FACTS["ask_languages_spoken"](Service(languages="", spoken=["ar", "fr"]), words(language))
    assert told == said if said else "ar" not in told.split(", ")
