"""Keeps a few processes running together: restarts one that dies, stops all on Ctrl-C, and only those it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

Tell = Callable[[str], None]
Ready = Callable[[], Awaitable[bool]]

QUICK_SECONDS = 60.0
MOST_QUICK_DEATHS = 3
STOP_SECONDS = 10.0
LAST_LINES = 12
LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Child:
    """``environment`` is the whole environment of the process."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    folder: Path


@dataclass
class _Life:
    """One child over its restarts."""

    child: Child
    vital: bool = True  # dying too often stops everything; one that is only tried out does not
    over: bool = False
    quick_deaths: int = 0
    keeper: asyncio.Task[None] | None = None
    process: asyncio.subprocess.Process | None = None
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))


class Supervisor:
    """``run`` returns 0 after a stop that was asked for, 1 when a child died too often."""

    def __init__(self, children: list[Child], logs: Path, tell: Tell) -> None:
        self._lives = [_Life(child) for child in children]
        self._logs, self._tell = logs, tell
        logs.mkdir(parents=True, exist_ok=True)
        self._stop = asyncio.Event()
        self._failed = False

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        for life in self._lives:
            life.keeper = asyncio.create_task(self._keep(life))
        await self._stop.wait()
        await asyncio.gather(*(self._end(life) for life in self._lives))
        return 1 if self._failed else 0

    async def replace(self, child: Child, ready: Ready, switch: Callable[[], None], drain: float) -> bool:
        """Starts ``child`` beside the one of the same name; when it is ``ready``, calls ``switch``, waits ``drain``
        seconds for what the old one still has in hand, and ends it. False: the new one did not come up; nothing
        changed."""
        old = next(life for life in self._lives if life.child.name == child.name)
        new = _Life(child, vital=False)
        self._lives.append(new)
        new.keeper = asyncio.create_task(self._keep(new))
        if not await ready():
            await self._drop(new)
            return False
        switch()
        new.vital = True
        await asyncio.sleep(drain)
        await self._drop(old)
        return True

    async def _drop(self, life: _Life) -> None:
        await self._end(life)
        self._lives.remove(life)

    async def _keep(self, life: _Life) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            await self._live(life)
            if self._stop.is_set() or life.over:
                return
            quick = time.monotonic() - started < QUICK_SECONDS
            life.quick_deaths = life.quick_deaths + 1 if quick else 1
            self._say_died(life)
            if not life.vital:
                return
            if life.quick_deaths >= MOST_QUICK_DEATHS:
                self._tell(f"{life.child.name} died {MOST_QUICK_DEATHS} times in a row: everything stops.")
                self._failed = True
                self.stop()
                return
            await asyncio.sleep(1)

    async def _live(self, life: _Life) -> None:
        child = life.child
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
        process = await asyncio.create_subprocess_exec(
            *child.command,
            cwd=child.folder,
            env=child.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=1 << 20,
        )
        life.process = process
        assert process.stdout is not None
        path = self._logs / f"{child.name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with open(path, "a", encoding="utf-8") as log:
            async for line in process.stdout:
                text = line.decode("utf-8", "replace")
                log.write(text)
                log.flush()
                life.last.append(text.rstrip())
        await process.wait()

    def _say_died(self, life: _Life) -> None:
        assert life.process is not None
        lines = "\n".join(f"    {line}" for line in life.last)
        self._tell(f"{life.child.name} ended with code {life.process.returncode}; its last lines:\n{lines}")

    async def _end(self, life: _Life) -> None:
        life.over = True
        process = life.process
        if process is not None and process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._tell(f"{life.child.name} does not stop: ending it.")
                _signal_group(process.pid, signal.SIGKILL)
                await process.wait()
        if life.keeper:
            life.keeper.cancel()
            await asyncio.gather(life.keeper, return_exceptions=True)


def _signal_group(pid: int, number: int) -> None:
    """The child leads its own group (start_new_session), so its own children go with it and nobody else's."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
