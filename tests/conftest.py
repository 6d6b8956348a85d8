"""What the tests share: a seeded directory, and one really running Escale for the whole run."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bot.settings import ROOT, Settings
from bot.training import train
from directory.hours import PARIS
from directory.names import known_names
from directory.seeding import seed

READY_SECONDS = 120
# A Monday morning on which offices work.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    database = create_engine(f"sqlite:///{tmp_path_factory.mktemp('directory') / 'escale.db'}")
    seed(database)
    yield database
    database.dispose()


@pytest.fixture
def directory(seeded: Any) -> Iterator[Session]:
    with Session(seeded) as session:
        yield session
        session.rollback()


@dataclass(frozen=True)
class Running:
    """A whole Escale as ``make run`` starts it, in a folder and on ports of its own."""

    url: str
    var: Path
    process: subprocess.Popen[str]
    settings: Settings

    @property
    def output(self) -> str:
        return (self.var / "run.log").read_text()

    @property
    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in (self.var / "logs").glob("*.log*"))


@contextlib.contextmanager
def running(var: Path, **more: str) -> Iterator[Running]:
    """Starts `escale run`, waits until it says that it is ready, and stops it with Ctrl-C's signal."""
    port, engine_port = free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ESCALE_")},
        "ESCALE_VAR": str(var),
        "ESCALE_PORT": str(port),
        "ESCALE_ENGINE_PORT": str(engine_port),
        "ESCALE_TURNS_PER_MINUTE": "100000",
        **more,
    }
    with open(var / "run.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True
        )
        settings = Settings(var=var, port=port, engine_port=engine_port)
        started = Running(f"http://127.0.0.1:{port}", var, process, settings)
        try:
            wait_until(lambda: "Ctrl-C stops it" in started.output or process.poll() is not None, READY_SECONDS)
            assert process.poll() is None, started.output
            yield started
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def model(seeded: Any) -> Path:
    """The shipped model, really trained; `make run` and the tests share it while its inputs are the same."""
    with Session(seeded) as session:
        return train(Settings(), lambda said: None, known_names(session))


@pytest.fixture(scope="session")
def var_with_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("var")
    (var / "models").mkdir()
    shutil.copy(model, var / "models" / model.name)
    return var


@pytest.fixture(scope="session")
def escale(var_with_model: Path) -> Iterator[Running]:
    with running(var_with_model) as started:
        yield started


class Talk:
    """One conversation over HTTP, as a page has it."""

    def __init__(self, url: str, **always: Any) -> None:
        self._client = httpx2.Client(base_url=url, timeout=15)
        self._always = always
        self.id: str | None = None
        self.last: dict[str, Any] = {}

    def say(self, text: str | None = None, **body: Any) -> dict[str, Any]:
        sent = {"text": text, "conversation": self.id, **self._always, **body}
        response = self._client.post("/api/chat", json={name: value for name, value in sent.items() if value})
        assert response.status_code == 200, response.text
        self.last = response.json()
        self.id = self.last["conversation"]
        return self.last

    def press(self, label: str) -> dict[str, Any]:
        """A button of the last answer, by the beginning of its label."""
        payload = next(choice["payload"] for choice in self.last["choices"] if choice["label"].startswith(label))
        return self.say(choice=payload)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def talk(escale: Running) -> Iterator[Talk]:
    conversation = Talk(escale.url)
    yield conversation
    conversation.close()


def services(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [card for message in turn["messages"] if message["kind"] == "services" for card in message["services"]]


def texts(turn: dict[str, Any]) -> list[str]:
    return [message["text"] for message in turn["messages"] if "text" in message]


def numbers(turn: dict[str, Any]) -> list[str]:
    found = [message["numbers"] for message in turn["messages"] if message["kind"] == "emergency"]
    return [one["number"] for group in found for one in group]
