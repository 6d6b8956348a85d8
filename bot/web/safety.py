"""What every request meets first: a size limit, a pace limit, headers that keep the page to itself, named errors."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.errors import InvalidJson, InvalidRequest, MessageTooLong, Refused, TooManyTurns

LARGEST_BODY = 8 * 1024
CHAT = "/api/chat"
# The engine posts a whole conversation, not a person; its hook has a token of its own.
HOOKS = "/engine/"
# Swagger's own page needs inline scripts; nothing of a person is on it.
DOCS = "/api/docs"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}


class Gate:
    """Plain ASGI: it stands in every turn, and a wrapped response would cost it a millisecond."""

    def __init__(self, app: ASGIApp, turns_per_minute: int) -> None:
        self._app = app
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._pace = RateLimitItemPerMinute(turns_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(HOOKS):
            await self._app(scope, receive, send)
            return
        try:
            await self._check_pace(scope)
            body = await _read(receive)
        except Refused as refused:
            await answer(refused)(scope, receive, _with_headers(send, scope))
            return
        await self._app(scope, _replay(body, receive), _with_headers(send, scope))

    async def _check_pace(self, scope: Scope) -> None:
        """By address, in memory for a minute; no address is written anywhere."""
        address = scope["client"][0] if scope.get("client") else ""
        if scope["path"] == CHAT and not await self._limiter.hit(self._pace, address):
            window = await self._limiter.get_window_stats(self._pace, address)
            raise TooManyTurns(max(1, round(window.reset_time - time.time())))


async def _read(receive: Receive) -> bytes:
    """Stops reading at the limit: a larger body is never held in memory."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise MessageTooLong
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def once() -> MutableMapping[str, Any]:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and not scope["path"].startswith(DOCS):
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def guard(app: FastAPI, turns_per_minute: int) -> None:
    app.add_middleware(Gate, turns_per_minute=turns_per_minute)
    app.exception_handler(Refused)(lambda request, error: answer(error))
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Exception)(_fault)


def answer(error: Refused) -> JSONResponse:
    body = {"error": type(error).__name__, "detail": error.detail}
    return JSONResponse(body, error.status, headers=error.headers)


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """FastAPI's own answer repeats the input; a person's words have no place in an error."""
    broken = any(one["type"] == "json_invalid" for one in error.errors())
    return answer(InvalidJson() if broken else InvalidRequest())


def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    name = {404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "HttpError")
    return JSONResponse({"error": name, "detail": str(error.detail)}, error.status_code)


def _fault(request: Request, error: Exception) -> JSONResponse:
    """The log gets the place and the type (uvicorn writes the trace); the person gets no trace."""
    return JSONResponse({"error": "Fault", "detail": "Something failed here. It was noted."}, 500)
