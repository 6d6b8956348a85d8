"""Builds the app: the only place where settings, database, engine and channels meet."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx2
from anyio.to_thread import run_sync
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.dialogue import Dialogue
from bot.engine import Address, Engine
from bot.i18n.detection import Detector
from bot.i18n.letters import Letters, sentences
from bot.records import Conversations
from bot.settings import ROOT, Settings
from bot.web.hsds import open_directory
from bot.web.public import public
from bot.web.rasa_hooks import rasa_hooks
from bot.web.safety import guard
from directory.shelf import shelf_of

log = logging.getLogger(__name__)

_DAY_SECONDS = 24 * 60 * 60


def open_database(url: str) -> Database:
    database = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if url.startswith("sqlite"):
        event.listen(database, "connect", _sqlite_for_many_readers)
    return database


def _sqlite_for_many_readers(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """Readers do not wait for the one writer; a power cut may lose the last turns' language, never the file."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings, clock: Callable[[], datetime] = now) -> FastAPI:
    database = open_database(settings.database)
    client = httpx2.AsyncClient(timeout=settings.engine_timeout)
    token = settings.engine_token.get_secret_value()
    hmac_key = settings.hmac_key.get_secret_value()
    engine = Engine(client, token, Address(settings.engine_address, settings.engine_url))
    conversations = Conversations(database, hmac_key)
    detector = Detector(Letters.learn(sentences(ROOT / "data" / "nlu")))
    dialogue = Dialogue(engine, detector, conversations, database, clock)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_sync(_warm, database)
        daily = asyncio.create_task(_forget_daily(conversations, clock, settings.keep_days))
        yield
        daily.cancel()
        await client.aclose()
        database.dispose()

    app: FastAPI = FastAPIOffline(
        title="Escale",
        summary="Referral and orientation for newcomers in Nantes.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/docs-assets",
    )
    guard(app, settings.turns_per_minute)
    app.include_router(public(settings, dialogue, conversations, engine, database, hmac_key))
    app.include_router(rasa_hooks(database, token, clock))
    app.include_router(open_directory(database, settings.public_url, clock))
    return app


def _warm(database: Database) -> None:
    """The services are taken into memory before the first person asks."""
    # A database that is not there yet makes the app not ready, which `ready` tells; it need not stop it.
    with contextlib.suppress(SQLAlchemyError), Session(database) as session:
        shelf_of(session)


async def _forget_daily(conversations: Conversations, clock: Callable[[], datetime], days: int) -> None:
    while True:
        await run_sync(conversations.forget_silent, clock(), days)
        await asyncio.sleep(_DAY_SECONDS)
