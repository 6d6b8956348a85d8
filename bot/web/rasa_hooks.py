"""Where the engine asks what to do: Rasa's action protocol, which is plain JSON, turned into calls of ACTIONS."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from actions import ACTIONS
from bot.turn import Answer, Call, Understood, remember
from bot.web.errors import NotAllowed

# The fallback of the pipeline stands first in the ranking and hides what was understood best.
FALLBACK = "nlu_fallback"


def rasa_hooks(directory: Engine, token: str, clock: Any) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.post("/engine/actions")
    async def act(request: Request, authorization: str = Header("")) -> dict[str, Any]:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise NotAllowed
        body = await request.json()
        call = read_call(body["sender_id"], body["tracker"], clock())
        answer = await run_in_threadpool(_act, directory, body["next_action"], call)
        return as_reply(call, answer)

    return router


def _act(directory: Engine, name: str, call: Call) -> Answer:
    with Session(directory) as session:
        return ACTIONS[name](call, session)


def read_call(conversation: str, tracker: Mapping[str, Any], now: Any) -> Call:
    latest = tracker["latest_message"]
    metadata = latest.get("metadata") or {}
    return Call(
        conversation=conversation,
        understood=read_understood(latest),
        locale=metadata.get("locale", "fr"),
        now=now,
        slots=metadata.get("slots") or {},
        audience=metadata.get("audience", "newcomer"),
    )


def read_understood(latest: Mapping[str, Any]) -> Understood:
    ranking = [guess for guess in latest.get("intent_ranking") or [] if guess["name"] != FALLBACK]
    best = ranking[0] if latest["intent"]["name"] == FALLBACK and ranking else latest["intent"]
    return Understood(
        intent=best["name"],
        confidence=best["confidence"],
        entities=tuple((one["entity"], str(one["value"])) for one in latest.get("entities") or []),
        guesses=tuple((guess["name"], guess["confidence"]) for guess in ranking),
    )


def as_reply(call: Call, answer: Answer) -> dict[str, Any]:
    """One message for the whole turn: what was understood (Rasa's REST channel does not tell), what to say, what to
    remember."""
    understood = call.understood
    turn = {
        "understood": {
            "intent": understood.intent,
            "confidence": understood.confidence,
            "entities": [{"entity": name, "value": value} for name, value in understood.entities],
            "guesses": [{"intent": name, "confidence": sure} for name, sure in understood.guesses],
        },
        "say": [[say.key, dict(say.values)] for say in answer.say],
        "slots": remember(call.slots, answer.slots),
    }
    return {"events": [], "responses": [{"custom": turn}]}
