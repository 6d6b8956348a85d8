"""What everyone can reach: the page, one turn of conversation, and whether all is well."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine as Database
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Mount

from bot import choices
from bot.dialogue import Dialogue, Message, Turn
from bot.engine import Engine, EngineDown
from bot.i18n.catalogues import OWN_NAMES, direction, words
from bot.i18n.detection import from_header
from bot.records import Conversations
from bot.replies.titles import TOPICS
from bot.settings import Settings
from bot.turn import LANGUAGES, Choice, Point
from bot.web.errors import EmptyMessage, NotOneOf, UnknownChoice, UnknownLocale
from bot.web.page_texts import page_texts

HERE = Path(__file__).parent


class Location(BaseModel):
    """WGS 84 degrees; kept nowhere."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class ChatRequest(BaseModel):
    """One turn: exactly one of ``text``, ``choice``, ``location``."""

    model_config = ConfigDict(extra="ignore")

    conversation: str | None = Field(None, max_length=100)
    text: str | None = None
    choice: str | None = None
    location: Location | None = None
    locale: str | None = None
    audience: Literal["newcomer", "agent"] = "newcomer"


def public(
    settings: Settings,
    dialogue: Dialogue,
    conversations: Conversations,
    engine: Engine,
    database: Database,
    hmac_key: str,
) -> APIRouter:
    pages = Jinja2Templates(HERE / "templates")
    more = choices.seal(hmac_key, choices.EVERYONE, Choice("show_menu", {"page": "1"}))
    router = APIRouter(routes=[Mount("/static", StaticFiles(directory=HERE / "static"))])

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page(request: Request, lang: str | None = None, accept_language: str | None = Header(None)) -> HTMLResponse:
        locale = lang if lang in LANGUAGES else from_header(accept_language) or settings.language
        known = {"locale": locale, "direction": direction(locale), "names": OWN_NAMES, "t": page_texts(words(locale))}
        return pages.TemplateResponse(request, "pages/chat.html", {**known, "topics": topics(locale), "more": more})

    @router.post("/api/chat", summary="One turn of conversation")
    async def chat(request: ChatRequest, accept_language: str | None = Header(None)) -> dict[str, Any]:
        known = await run_sync(conversations.open, request.conversation)
        message = Message(
            known=known,
            text=_text(request),
            choice=_choice(request, hmac_key, known.id),
            location=Point(round(request.location.lat, 3), round(request.location.lon, 3))
            if request.location
            else None,
            locale=_locale(request.locale),
            hint=from_header(accept_language) or settings.language
            if not request.text
            else from_header(accept_language),
            audience=request.audience,
        )
        return as_json(await dialogue.take(message), hmac_key)

    @router.get("/api/languages", summary="The languages Escale speaks")
    def languages() -> list[dict[str, str]]:
        return [{"locale": code, "name": name, "direction": direction(code)} for code, name in OWN_NAMES.items()]

    @router.get("/api/topics", summary="The thirty topics, in the order of the menu")
    def topics(locale: str = settings.language) -> list[dict[str, str]]:
        return [
            {
                "topic": intent.removeprefix("ask_"),
                "title": words(_locale(locale) or settings.language).say(title),
                "payload": choices.seal(hmac_key, choices.EVERYONE, Choice(intent)),
            }
            for intent, title in TOPICS.items()
        ]

    @router.get("/api/health/live", summary="The process runs")
    def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/api/health/ready", summary="Engine, model and database answer")
    async def ready() -> JSONResponse:
        missing = [name for name, well in (await _parts(engine, database)).items() if not well]
        return JSONResponse(
            {"status": "not ready" if missing else "ready", "missing": missing}, 503 if missing else 200
        )

    return router


async def _parts(engine: Engine, database: Database) -> dict[str, bool]:
    try:
        model, engine_up = bool(await engine.model()), True
    except EngineDown:
        model, engine_up = False, False
    return {"engine": engine_up, "model": model, "database": await run_sync(_database_answers, database)}


def _database_answers(database: Database) -> bool:
    try:
        with database.connect() as connection:
            connection.execute(text("SELECT 1 FROM services LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True


def _text(request: ChatRequest) -> str | None:
    if sum(part is not None for part in (request.text, request.choice, request.location)) != 1:
        raise NotOneOf
    if request.text is not None and not request.text.strip():
        raise EmptyMessage
    return request.text


def _choice(request: ChatRequest, key: str, conversation: str) -> Any:
    if request.choice is None:
        return None
    try:
        return choices.unseal(key, conversation, request.choice)
    except choices.UnknownChoice:
        raise UnknownChoice from None


def _locale(locale: str | None) -> str | None:
    if locale is not None and locale not in LANGUAGES:
        raise UnknownLocale
    return locale


def as_json(turn: Turn, key: str) -> dict[str, Any]:
    """The response of the HTTP contract."""
    offered = [
        {"label": label, "payload": choices.seal(key, turn.conversation.id, choice)}
        for label, choice in turn.reply.choices
    ]
    return {
        "conversation": turn.conversation.id,
        "locale": turn.reply.locale,
        "direction": direction(turn.reply.locale),
        "understood": {
            "intent": turn.understood.intent,
            "confidence": round(turn.understood.confidence, 4),
            "entities": [{"entity": name, "value": value} for name, value in turn.understood.entities],
        },
        "messages": list(turn.reply.messages),
        "choices": offered,
        **({"degraded": True} if turn.degraded else {}),
    }
