"""When the engine is gone, the app answers from topics and directory, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import create_app, open_database
from bot.settings import Settings
from directory.seeding import seed
from tests.conftest import MONDAY, free_port, services, texts


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(
        var=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'escale.db'}",
        engine_port=free_port(),
        engine_token=SecretStr("t"),
        hmac_key=SecretStr("k"),
        session_key=SecretStr("s"),
        turns_per_minute=20,
    )
    database = open_database(settings.database)
    seed(database)
    database.dispose()
    with TestClient(create_app(settings, lambda: MONDAY)) as started:
        yield started


def test_free_text_gets_the_topics(client: TestClient) -> None:
    turn = client.post("/api/chat", json={"text": "je cherche un cours", "locale": "fr"}).json()
    assert turn["degraded"] is True
    assert texts(turn)[0].startswith("Je comprends mal")
    assert len(turn["choices"]) == 8


def test_a_pressed_topic_is_answered_from_the_directory(client: TestClient) -> None:
    turn = client.post("/api/chat", json={"text": "hello, I need help"}).json()
    assert turn["locale"] == "en"
    payload = turn["choices"][0]["payload"]
    turn = client.post("/api/chat", json={"choice": payload, "conversation": turn["conversation"]}).json()
    assert turn["degraded"] is True
    assert services(turn)


def test_more_and_forget_need_no_engine(client: TestClient) -> None:
    turn = client.post("/api/chat", json={"text": "bonjour", "locale": "fr"}).json()
    for wanted in ("Santé", "D'autres"):
        payload = next((one["payload"] for one in turn["choices"] if one["label"].startswith(wanted)), None)
        assert payload, [one["label"] for one in turn["choices"]]
        turn = client.post("/api/chat", json={"choice": payload, "conversation": turn["conversation"]}).json()
    assert services(turn)


def test_not_ready_says_what_is_missing(client: TestClient) -> None:
    response = client.get("/api/health/ready")
    assert response.status_code == 503
    assert response.json()["missing"] == ["engine", "model"]
    assert client.get("/api/health/live").status_code == 200


def test_forget_me_is_not_claimed_when_it_could_not_be_done(client: TestClient) -> None:
    turn = client.post("/api/chat", json={"text": "oublie-moi"}).json()
    assert "effacé" not in " ".join(texts(turn))


def test_too_many_messages_are_slowed_down(client: TestClient) -> None:
    for _ in range(20):
        assert client.post("/api/chat", json={}).status_code == 422
    response = client.post("/api/chat", json={"text": "x"})
    assert (response.status_code, response.json()["error"]) == (429, "TooManyTurns")
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_a_stream_larger_than_the_limit_is_refused(client: TestClient) -> None:
    response = client.post("/api/chat", content=(b"x" * 1024 for _ in range(100)))
    assert (response.status_code, response.json()["error"]) == (413, "MessageTooLong")
