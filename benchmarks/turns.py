"""One turn of Escale against one turn of Rasa's own starter bot, in the same run: ``make bench``.

Writes docs/benchmarks.md. The starter bot is what ``rasa init`` makes, trained and served as Rasa does it; Escale is
what ``make run`` starts, with directory, twelve languages and cards. Both are asked one message at a time, in
alternating blocks, so that a busy machine slows both alike.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2

from bot.cli import trained
from bot.settings import ROOT, Settings
from bot.training import ENGINE_PYTHON, engine_environment

BLOCKS = 10
TURNS_PER_BLOCK = 40
TURNS_PER_CONVERSATION = 5
STARTER_SAYS = ("hello", "I am very sad", "yes", "are you a bot", "goodbye")
# Needs that call the directory, in three languages: every one is an action turn with cards.
ESCALE_SAYS = (
    "où apprendre le français près de Bellevue ?",
    "where can I eat for free",
    "كيف أسجل ابنتي في المدرسة",
    "je cherche un logement social",
    "I have nowhere to sleep tonight",
)
Ask = Callable[[str, str], str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell(text: str) -> None:
    print(f"· {text}", flush=True)


@contextlib.contextmanager
def started(command: list[str], folder: Path, environment: dict[str, str], ready: Callable[[], bool]) -> Iterator[int]:
    """Yields the process id once ``ready``; ends only that process and its own children."""
    with open(folder / "output.log", "w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            end = time.monotonic() + 300
            while not answers(ready):
                assert process.poll() is None, (folder / "output.log").read_text()[-2000:]
                assert time.monotonic() < end, "not ready in 300 s"
                time.sleep(0.2)
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def answers(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except httpx2.HTTPError:
        return False


@contextlib.contextmanager
def starter_bot(folder: Path) -> Iterator[tuple[Ask, int, float]]:
    """Asks, process id, seconds of training."""
    environment = {**engine_environment(), "PYTHONPATH": ""}
    rasa = [str(ENGINE_PYTHON), "-m", "rasa"]
    tell("Rasa's starter bot: making and training it")
    subprocess.run([*rasa, "init", "--no-prompt", "--init-dir", str(folder)], env=environment, capture_output=True)
    shutil.rmtree(folder / "models", ignore_errors=True)
    begun = time.monotonic()
    subprocess.run([*rasa, "train"], cwd=folder, env=environment, capture_output=True, check=True)
    took = time.monotonic() - begun
    port = free_port()
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)

    def ask(conversation: str, text: str) -> str:
        replies = client.post("/webhooks/rest/webhook", json={"sender": conversation, "message": text}).json()
        return str(replies)

    command = [*rasa, "run", "-i", "127.0.0.1", "-p", str(port), "--enable-api"]
    ready = lambda: client.get("/status").status_code == 200  # noqa: E731
    with started(command, folder, environment, ready) as pid:
        yield ask, pid, took


@contextlib.contextmanager
def escale(folder: Path) -> Iterator[tuple[Ask, int, float]]:
    """Asks, the supervisor's process id, seconds until ready."""
    tell("Escale: training (when not done yet) and starting it")
    model = trained(Settings())
    (folder / "models").mkdir()
    shutil.copy(model, folder / "models" / model.name)
    port = free_port()
    environment = {
        **os.environ,
        "ESCALE_VAR": str(folder),
        "ESCALE_PORT": str(port),
        "ESCALE_ENGINE_PORT": str(free_port()),
        "ESCALE_TURNS_PER_MINUTE": "1000000",
        "PYTHONPATH": str(ROOT),
    }
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
    ids: dict[str, str] = {}

    def ask(conversation: str, text: str) -> str:
        body = {"text": text, "conversation": ids.get(conversation)}
        turn = client.post("/api/chat", json={key: value for key, value in body.items() if value}).json()
        assert "degraded" not in turn, turn
        ids[conversation] = turn["conversation"]
        assert any(message["kind"] == "services" for message in turn["messages"]), turn
        return str(turn)

    ready = lambda: client.get("/api/health/ready").status_code == 200  # noqa: E731
    begun = time.monotonic()
    with started([sys.executable, "-m", "bot.cli", "run"], folder, environment, ready) as pid:
        yield ask, pid, time.monotonic() - begun


def block(ask: Ask, says: tuple[str, ...], name: str) -> list[float]:
    """Milliseconds of each turn."""
    took = []
    for turn in range(TURNS_PER_BLOCK):
        conversation = f"{name}-{turn // TURNS_PER_CONVERSATION}"
        begun = time.perf_counter()
        ask(conversation, says[turn % len(says)])
        took.append((time.perf_counter() - begun) * 1000)
    return took


def memory_mb(pid: int) -> int:
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(said.stdout) // 1024


def children(pid: int) -> dict[str, int]:
    said = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in said.splitlines()]
    return {arguments: int(child) for child, parent, arguments in rows if int(parent) == pid}


def quantiles(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def main() -> None:
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second, contextlib.ExitStack() as all:
        ask_starter, starter_pid, starter_training = all.enter_context(starter_bot(Path(first)))
        ask_escale, escale_pid, escale_ready = all.enter_context(escale(Path(second)))
        tell("Warming up")
        block(ask_starter, STARTER_SAYS, "warm")
        block(ask_escale, ESCALE_SAYS, "warm")
        starter, ours = [], []
        for number in range(BLOCKS):
            starter += block(ask_starter, STARTER_SAYS, f"s{number}")
            ours += block(ask_escale, ESCALE_SAYS, f"e{number}")
            tell(f"block {number + 1} of {BLOCKS}")
        parts = children(escale_pid)
        engine = next(pid for arguments, pid in parts.items() if "bot.nlu.launch" in arguments)
        app = next(pid for arguments, pid in parts.items() if "bot.cli serve" in arguments)
        memory = {
            "starter": memory_mb(starter_pid),
            "engine": memory_mb(engine),
            "app": memory_mb(app),
            "supervisor": memory_mb(escale_pid),
        }
    again = training_seconds()
    report(quantiles(starter), quantiles(ours), memory, starter_training, again, escale_ready)


def training_seconds() -> float:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        trained(Settings(var=Path(folder)))
        return time.monotonic() - begun


def report(
    starter: tuple[float, float],
    ours: tuple[float, float],
    memory: dict[str, int],
    starter_training: float,
    our_training: float,
    ready: float,
) -> None:
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    text = f"""# Benchmarks

Written by `make bench` on {time.strftime("%Y-%m-%d")}; machine: {machine}. Timings move with the machine and with
what else it does; the ratio, taken within one run, is what counts.

{BLOCKS * TURNS_PER_BLOCK} turns each, one at a time, in alternating blocks. Escale's turns are needs in French,
English and Arabic over `POST /api/chat`: language detection, understanding, directory, cards.

| | Rasa's starter bot (`rasa init`) | Escale | ratio |
|---|---|---|---|
| turn, p50 | {starter[0]:.1f} ms | {ours[0]:.1f} ms | **{ours[0] / starter[0]:.2f}** |
| turn, p95 | {starter[1]:.1f} ms | {ours[1]:.1f} ms | {ours[1] / starter[1]:.2f} |
| training | {starter_training:.0f} s | {our_training:.0f} s | {our_training / starter_training:.2f} |
| ready after a second start | | {ready:.0f} s | |

| process | memory (resident) |
|---|---|
| Rasa's starter bot | {memory["starter"]} MB |
| Escale: engine | {memory["engine"]} MB |
| Escale: app | {memory["app"]} MB |
| Escale: supervisor | {memory["supervisor"]} MB |
"""
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
