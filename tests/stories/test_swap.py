"""A newly trained model takes over while people talk: no message is lost, no conversation forgets what it was about."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import Running, Talk, running, services

PEOPLE = 4
RECORDED = json.loads((ROOT / "tests" / "evaluation" / "recorded.json").read_text())
JUDGED = {group: values for group, values in RECORDED.items() if "accuracy" in values}


@pytest.fixture
def own(model: Path, tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "models").mkdir()
    for name in (model.name, "taught.tar.gz"):
        shutil.copy(model, tmp_path / "models" / name)
        # Judged before, as every model that answered once is: judging again would only compete with the talk.
        (tmp_path / "models" / f"{name}.figures.json").write_text(json.dumps(JUDGED))
    with running(tmp_path) as started:
        yield started


def swap(escale: Running, model: Path) -> subprocess.CompletedProcess[str]:
    settings = escale.settings
    environment = {
        **os.environ,
        "ESCALE_VAR": str(escale.var),
        "ESCALE_PORT": str(settings.port),
        "ESCALE_ENGINE_PORT": str(settings.engine_port),
    }
    command = [sys.executable, "-m", "bot.cli", "swap", str(model)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def converse(escale: Running, until: threading.Event, lost: list[str], turns: list[float]) -> None:
    """Asks for a need, then for more of it: the second turn fails when the first is forgotten."""
    talk = Talk(escale.url, locale="fr")
    while not until.is_set():
        for words in ("je cherche un cours de français", "d'autres adresses"):
            started = time.monotonic()
            turn = talk.say(words)
            turns.append(time.monotonic() - started)
            if turn.get("degraded") or not services(turn):
                lost.append(f"{words}: {turn}")
        talk.id = None
    talk.close()


def test_nothing_is_lost_while_a_model_takes_over(own: Running) -> None:
    until, lost, turns = threading.Event(), list[str](), list[float]()
    people = [threading.Thread(target=converse, args=(own, until, lost, turns)) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    try:
        told = swap(own, own.var / "models" / "taught.tar.gz")
        before = len(turns)
        time.sleep(2)
    finally:
        until.set()
        for person in people:
            person.join()
    assert told.returncode == 0, told.stdout + told.stderr
    assert "taught.tar.gz answers now" in told.stdout
    assert lost == []
    assert len(turns) > before > PEOPLE
