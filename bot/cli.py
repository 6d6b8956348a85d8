"""The ``escale`` command: run, train, ask, directory."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import httpx2
import uvicorn
from sqlalchemy.orm import Session

from bot import evaluation, swapping
from bot.app import create_app, open_database
from bot.directory_cli import directory
from bot.settings import ROOT, SettingError, Settings, read_settings
from bot.supervisor import Child, Supervisor
from bot.training import TrainingFailed, train
from bot.turn import LANGUAGES
from directory.errors import UnreadableSeed
from directory.migrations import migrate
from directory.names import known_names
from directory.seeding import seed

_WAIT_TELLS = 5.0


def tell(text: str) -> None:
    click.echo(f"· {text}")


def settings_or_exit() -> Settings:
    try:
        settings = read_settings()
    except SettingError as problem:
        raise click.ClickException(str(problem)) from None
    if settings.encoder:  # perhaps from .env, which the engine does not read
        os.environ["ESCALE_ENCODER"] = str(settings.encoder)
    return settings


@click.group()
@click.version_option("0.1.0", prog_name="Escale")
def main() -> None:
    """Escale: the right office in Nantes, in twelve languages."""


@main.command()
def run() -> None:
    """Seed, train, start engine and app, and keep them running until Ctrl-C."""
    settings = settings_or_exit()
    _check_ports(settings)
    model = trained(settings)
    sys.exit(asyncio.run(_supervise(settings, model)))


def _check_ports(settings: Settings) -> None:
    ports = (("ESCALE_PORT", settings.host, settings.port), ("ESCALE_ENGINE_PORT", "127.0.0.1", settings.engine_port))
    for setting, host, port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as reason:
                said = f"Port {port} cannot be used ({reason.strerror}). Choose another: {setting}={port + 1} make run"
                raise click.ClickException(said) from None


def _seed(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    try:
        loaded = {file: count for file, count in seed(database).items() if count}
    except UnreadableSeed as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        database.dispose()
    if loaded:
        tell("Directory: " + ", ".join(f"{count} rows of {file}" for file, count in loaded.items()))


def _migrate(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    migrate(database)
    database.dispose()


def trained(settings: Settings, *, again: bool = False, tell: Callable[[str], None] = tell) -> Path:
    """The model of today's sentences and of the names in today's directory."""
    _seed(settings)
    database = open_database(settings.database)
    try:
        with Session(database) as session:
            names = known_names(session)
        return train(settings, tell, names, again=again)
    except TrainingFailed as problem:
        raise click.ClickException(f"Training failed; Rasa's last lines:\n{problem}") from None
    finally:
        database.dispose()


async def _supervise(settings: Settings, model: Path) -> int:
    supervisor = Supervisor(
        [swapping.engine_child(settings, model, settings.engine_port), app_child(settings)], settings.var / "logs", tell
    )
    settings.engine_address.unlink(missing_ok=True)
    beside = [asyncio.create_task(_announce(settings)), asyncio.create_task(swapping.watch(settings, supervisor, tell))]
    code = await supervisor.run()
    for task in beside:
        task.cancel()
    tell("Stopped.")
    return code


def app_child(settings: Settings) -> Child:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return Child("app", (sys.executable, "-m", "bot.cli", "serve"), environment, ROOT)


async def _announce(settings: Settings) -> None:
    started = told = time.monotonic()
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=2) as client:
        while not await _ready(client):
            if time.monotonic() - told > _WAIT_TELLS:
                told = time.monotonic()
                tell(f"Starting engine and app ({told - started:.0f} s)")
            await asyncio.sleep(0.2)
    tell(f"Ready after {time.monotonic() - started:.0f} s.")
    click.echo(
        f"\n  Escale:   {settings.public_url}\n  API docs: {settings.public_url}/api/docs\n\n  Ctrl-C stops it.\n"
    )


async def _ready(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/api/health/ready")).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False


@main.command(hidden=True)
def serve() -> None:
    """The app alone, as the supervisor starts it."""
    settings = settings_or_exit()
    _migrate(settings)
    # No access log: who asked when is nobody's business.
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, access_log=False, log_level="warning")


@main.command("train")
@click.option("--again", is_flag=True, help="Train even when nothing changed.")
def train_command(again: bool) -> None:
    """Train the model when its inputs changed."""
    click.echo(trained(settings_or_exit(), again=again))


@main.command()
@click.argument("model", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--anyway", is_flag=True, help="Even when it understands less.")
def swap(model: Path | None, anyway: bool) -> None:
    """Let the running Escale take over MODEL, or the model of today's inputs, if it understands no less."""
    settings = settings_or_exit()
    running = swapping.running_model(settings)
    if running is None:
        raise click.ClickException(f"Nothing answers at {settings.public_url}. Start it with: make run")
    new = model.resolve() if model else trained(settings)
    if new == running:
        tell(f"{new.name} answers already.")
        return
    before, after = (swapping.figures_of(one) for one in (running, new))
    click.echo(swapping.as_table(before, after))
    if (worse := swapping.worse(before, after)) and not anyway:
        raise click.ClickException(f"The model that answers stays: less is understood in {', '.join(worse)}.")
    if not swapping.take_over(settings, new):
        raise click.ClickException(f"{new.name} did not come up; see {settings.var / 'logs' / 'engine.log'}.")
    tell(f"{new.name} answers now; {running.name} has ended.")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the misread rows here.")
def evaluate(files: tuple[Path, ...], as_json: bool, errors: Path | None) -> None:
    """How well the trained model understands FILES (columns lang, text, intent, perhaps difficulty)."""
    model = trained(settings_or_exit(), tell=lambda said: click.echo(f"· {said}", err=True))
    try:
        rows = [row for path in files for row in evaluation.read_rows(path)]
    except evaluation.UnreadableFile as problem:
        raise click.ClickException(str(problem)) from None
    with click.progressbar(evaluation.judge(model, rows), length=len(rows), label="Reading", file=sys.stderr) as bar:
        judged = list(bar)
    found = evaluation.figures(judged)
    click.echo(json.dumps(found) if as_json else evaluation.as_table(found))
    if errors:
        evaluation.write_errors(errors, judged)


@main.command()
@click.argument("text")
@click.option("--locale", type=click.Choice(LANGUAGES), help="Answer in this language.")
@click.option("--place", help="Where you are: a quartier, town or stop.")
def ask(text: str, locale: str | None, place: str | None) -> None:
    """Ask the running Escale one question, from the terminal."""
    settings = settings_or_exit()
    with httpx2.Client(base_url=f"http://127.0.0.1:{settings.port}", timeout=settings.engine_timeout + 5) as client:
        turn = _turn(client, settings, {"text": text, "locale": locale})
        if place:
            turn = _turn(client, settings, {"text": place, "locale": locale, "conversation": turn["conversation"]})
    for message in turn["messages"]:
        click.echo(_as_text(message))
    if turn["choices"]:
        click.echo("[" + "]  [".join(choice["label"] for choice in turn["choices"]) + "]")


def _turn(client: httpx2.Client, settings: Settings, body: dict[str, str | None]) -> dict:  # type: ignore[type-arg]
    try:
        response = client.post("/api/chat", json={name: value for name, value in body.items() if value})
    except httpx2.ConnectError:
        raise click.ClickException(f"Nothing answers at {settings.public_url}. Start it with: make run") from None
    answer: dict = response.json()  # type: ignore[type-arg]
    if response.is_error:
        raise click.ClickException(f"{answer['error']}: {answer['detail']}")
    return answer


def _as_text(message: dict) -> str:  # type: ignore[type-arg]
    if message["kind"] == "services":
        return "\n".join(_card_as_text(card) for card in message["services"])
    if message["kind"] == "emergency":
        return "\n".join(f"  {one['number']:>6}  {one['label']}" for one in message["numbers"])
    return str(message.get("text", ""))


def _card_as_text(card: dict) -> str:  # type: ignore[type-arg]
    away = f"{card['distance_m']} m" if "distance_m" in card else ""
    where = " · ".join(part for part in (card.get("address"), away, card.get("phone")) if part)
    sure = " · ".join(part for part in (card["hours"]["text"], card.get("confirm"), card.get("source_date")) if part)
    return f"\n■ {card['name']}\n  {where}\n  {sure}"


main.add_command(directory)


if __name__ == "__main__":
    main()
