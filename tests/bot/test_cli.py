"""The command line as people use it, against the running Escale."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from bot.settings import ROOT
from tests.conftest import Running, Talk, free_port, running, services, wait_until


def escale_command(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_ask_answers_in_the_terminal(escale: Running) -> None:
    port = str(escale.settings.port)
    said = escale_command("ask", "où apprendre le français près de Bellevue ?", ESCALE_PORT=port)
    assert said.returncode == 0, said.stderr
    assert "Bellevue" in said.stdout
    assert "À confirmer" in said.stdout
    said = escale_command("ask", "I have nowhere to sleep tonight", "--place", "Malakoff", ESCALE_PORT=port)
    assert "Malakoff" in said.stdout


def test_ask_without_a_running_escale_says_how_to_start_it() -> None:
    said = escale_command("ask", "bonjour", ESCALE_PORT=str(free_port()))
    assert said.returncode == 1
    assert "make run" in said.stderr


def test_a_port_in_use_is_said_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = escale_command("run", ESCALE_PORT=str(port), ESCALE_VAR=str(tmp_path))
    assert said.returncode == 1
    assert f"Port {port} cannot be used" in said.stderr
    assert "ESCALE_PORT=" in said.stderr


def test_a_wrong_setting_stops_the_start(tmp_path: Path) -> None:
    said = escale_command("run", ESCALE_PORT="abc", ESCALE_VAR=str(tmp_path))
    assert said.returncode == 1
    assert "ESCALE_PORT='abc' cannot be used. Accepted:" in said.stderr


def test_the_start_tells_where_it_is_and_trains_nothing_twice(escale: Running) -> None:
    assert f"http://localhost:{escale.settings.port}" in escale.output
    assert "/api/docs" in escale.output
    assert "Directory: 208 rows of services.csv" in escale.output
    assert "Training" not in escale.output


@pytest.fixture(scope="module")
def another(var_with_model: Path) -> Running:
    with running(var_with_model) as started:
        yield started  # type: ignore[misc]


def pid_of(started: Running, module: str) -> int:
    found = subprocess.run(
        ["pgrep", "-P", str(started.process.pid), "-f", module], capture_output=True, text=True, check=True
    )
    return int(found.stdout.split()[0])


def test_a_killed_engine_comes_back_and_people_are_answered_meanwhile(another: Running) -> None:
    assert "Directory:" not in another.output  # seeded before
    talk = Talk(another.url)
    talk.say("bonjour")
    os.kill(pid_of(another, "bot.nlu.launch"), signal.SIGKILL)
    turn = talk.say("où apprendre le français ?")
    assert turn["degraded"] is True
    assert services(talk.press("Apprendre le français"))
    wait_until(lambda: "engine ended with code -9" in another.output, 10)
    wait_until(lambda: httpx2.get(f"{another.url}/api/health/ready").status_code == 200, 90)
    assert "degraded" not in talk.say("où apprendre le français près de Bellevue ?")
    talk.close()


def test_ctrl_c_stops_all_that_was_started(another: Running) -> None:
    pids = [pid_of(another, "bot.nlu.launch"), pid_of(another, "bot.cli serve")]
    another.process.send_signal(signal.SIGINT)
    assert another.process.wait(30) == 0
    assert another.output.rstrip().endswith("Stopped.")
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
