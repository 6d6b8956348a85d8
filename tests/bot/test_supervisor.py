"""Real processes: restarted when they die, all stopped together, nobody else touched."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.supervisor import Child, Supervisor


def child(name: str, code: str) -> Child:
    return Child(name, (sys.executable, "-u", "-c", code), dict(os.environ), Path.cwd())


def alive(pid: int) -> bool:
    """Running, not a zombie that waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


FOR_EVER = "import time, os; print(os.getpid(), flush=True)\nwhile True: time.sleep(1)"
WITH_A_CHILD = (
    "import subprocess, sys, time\n"
    "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(other.pid, flush=True)\n"
    "time.sleep(600)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


async def until_written(path: Path) -> None:
    async with asyncio.timeout(20):
        while not path.exists() or not path.read_text():
            await asyncio.sleep(0.05)


def test_stops_what_it_started_and_its_children_and_nobody_else(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", FOR_EVER], stdout=subprocess.DEVNULL)

    async def scene() -> int:
        supervisor = Supervisor([child("one", FOR_EVER), child("two", WITH_A_CHILD)], tmp_path, print)
        running = asyncio.create_task(supervisor.run())
        await until_written(tmp_path / "one.log")
        await until_written(tmp_path / "two.log")
        supervisor.stop()
        return await running

    try:
        assert asyncio.run(scene()) == 0
        pids = [int((tmp_path / f"{name}.log").read_text().split()[0]) for name in ("one", "two")]
        assert [alive(pid) for pid in pids] == [False, False]
        assert alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_child_that_dies_is_restarted_with_its_last_lines_shown(tmp_path: Path) -> None:
    told: list[str] = []
    marker = tmp_path / "died"
    dies_once = (
        f"import pathlib, sys, time; marker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists(): marker.touch(); print('the reason', flush=True); sys.exit(3)\n"
        "print('second life', flush=True); time.sleep(600)"
    )

    async def scene() -> int:
        supervisor = Supervisor([child("one", dies_once)], tmp_path, told.append)
        running = asyncio.create_task(supervisor.run())
        async with asyncio.timeout(20):
            while "second life" not in ((tmp_path / "one.log").read_text() if marker.exists() else ""):
                await asyncio.sleep(0.05)
        supervisor.stop()
        return await running

    assert asyncio.run(scene()) == 0
    assert "one ended with code 3" in told[0]
    assert "the reason" in told[0]


def test_three_quick_deaths_stop_everything_with_a_clear_message(tmp_path: Path) -> None:
    told: list[str] = []

    async def scene() -> int:
        children = [child("good", FOR_EVER), child("bad", "raise SystemExit('no such model')")]
        return await asyncio.wait_for(Supervisor(children, tmp_path, told.append).run(), 30)

    assert asyncio.run(scene()) == 1
    assert told[-1] == "bad died 3 times in a row: everything stops."
    assert "no such model" in told[0]
    assert not alive(int((tmp_path / "good.log").read_text().split()[0]))


def test_one_that_does_not_stop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.supervisor.STOP_SECONDS", 0.5)
    told: list[str] = []

    async def scene() -> int:
        supervisor = Supervisor([child("one", STUBBORN)], tmp_path, told.append)
        running = asyncio.create_task(supervisor.run())
        await until_written(tmp_path / "one.log")
        supervisor.stop()
        return await asyncio.wait_for(running, 20)

    assert asyncio.run(scene()) == 0
    assert told == ["one does not stop: ending it."]
