"""A newly trained model takes over from the running one: a second engine comes up, the app turns to it, the first ends.

The engine keeps nothing between two messages, so nothing has to move. ``escale swap`` compares both models first and
asks the supervisor of ``escale run`` through two small files under ``var/``.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from bot import evaluation
from bot.settings import ROOT, Settings
from bot.supervisor import Child, Supervisor
from bot.training import ENGINE_PYTHON, engine_environment

JUDGED = ROOT / "tests" / "evaluation"
# How much less may be understood, overall or in one language: a point is two rows of a language.
TOLERATED = 0.01
COMPARED = "accuracy"
STARTING_SECONDS = 120.0
WARM_UPS = 5
_LOOK_SECONDS = 0.5

Figures = dict[str, dict[str, float]]


def engine_child(settings: Settings, model: Path, port: int) -> Child:
    command = [str(ENGINE_PYTHON), "-m", "bot.nlu.launch", "run", "--enable-api", "--model", str(model)]
    command += ["-i", "127.0.0.1", "-p", str(port)]
    command += ["--endpoints", "bot/nlu/endpoints.yml", "--credentials", "bot/nlu/credentials.yml"]
    environment = {
        **engine_environment(),
        "ESCALE_ENGINE_TOKEN": settings.engine_token.get_secret_value(),
        "ESCALE_ACTIONS_URL": f"http://127.0.0.1:{settings.port}/engine/actions",
    }
    return Child("engine", tuple(command), environment, ROOT)


def figures_of(model: Path) -> Figures:
    """Of the judged messages; kept beside the model, which never changes under its name."""
    kept = model.with_name(model.name + ".figures.json")
    if not kept.exists():
        rows = [row for path in sorted(JUDGED.glob("[a-z][a-z].csv")) for row in evaluation.read_rows(path)]
        kept.write_text(json.dumps(evaluation.figures(evaluation.judge(model, rows))))
    found: Figures = json.loads(kept.read_text())
    return found


def worse(before: Figures, after: Figures) -> list[str]:
    """Groups (overall, a language, its hard rows…) in which the new model understands less than is tolerated."""
    whole = [group for group in before if " " not in group]
    return [group for group in whole if after[group][COMPARED] < before[group][COMPARED] - TOLERATED]


def as_table(before: Figures, after: Figures) -> str:
    lines = [f"{'':8}{'now':>8}{'new':>8}"]
    for group in before:
        if " " not in group:
            lines.append(f"{group:8}{before[group][COMPARED]:8.3f}{after[group][COMPARED]:8.3f}")
    return "\n".join(lines)


def take_over(settings: Settings, model: Path) -> bool:
    """Asks the running Escale and waits until the model answers, or until it is clear that it will not."""
    asked = _wish(settings)
    _write(asked, str(model))
    end = time.monotonic() + STARTING_SECONDS + settings.engine_timeout + 10
    while asked.exists() and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    return running_model(settings) == model


def running_model(settings: Settings) -> Path | None:
    url = settings.engine_address.read_text() if settings.engine_address.exists() else settings.engine_url
    try:
        status = httpx2.get(f"{url}/status", params={"token": settings.engine_token.get_secret_value()}, timeout=5)
    except httpx2.HTTPError:
        return None
    name = status.json().get("model_file")
    return settings.var.resolve() / "models" / Path(name).name if name else None


async def watch(settings: Settings, supervisor: Supervisor, tell: Callable[[str], None]) -> None:
    """Beside the supervisor: serves one wish after the other. A wish is gone when it was served or refused."""
    asked = _wish(settings)
    asked.unlink(missing_ok=True)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if asked.exists():
            model = Path(asked.read_text())
            tell(f"Model {model.name}: starting beside the one that answers")
            well = await _serve(settings, supervisor, model)
            tell(f"Model {model.name}: " + ("it answers now" if well else "it did not come up; nothing changed"))
            asked.unlink(missing_ok=True)


async def _serve(settings: Settings, supervisor: Supervisor, model: Path) -> bool:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"

    async def ready() -> bool:
        end = time.monotonic() + STARTING_SECONDS
        async with httpx2.AsyncClient(base_url=url, timeout=10) as client:
            while time.monotonic() < end:
                if await _answers(client, settings.engine_token.get_secret_value()):
                    return True
                await asyncio.sleep(_LOOK_SECONDS)
        return False

    def switch() -> None:
        _write(settings.engine_address, url)

    return await supervisor.replace(engine_child(settings, model, port), ready, switch, settings.engine_timeout + 1)


async def _answers(client: httpx2.AsyncClient, token: str) -> bool:
    """It reads messages, and the first slow ones are behind it."""
    try:
        status = await client.get("/status", params={"token": token})
        if not status.is_success or not status.json().get("model_file"):
            return False
        for _ in range(WARM_UPS):
            (await client.post("/model/parse", params={"token": token}, json={"text": "bonjour"})).raise_for_status()
    except httpx2.HTTPError:
        return False
    return True


def _wish(settings: Settings) -> Path:
    return settings.var / "wanted.model"


def _write(path: Path, text: str) -> None:
    """At once and whole: a reader never sees half of it."""
    passing = path.with_name(path.name + ".new")
    passing.write_text(text)
    os.replace(passing, path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
