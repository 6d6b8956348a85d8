"""What every request meets first: a size limit, a pace limit, headers that keep the page to itself, named errors."""

from __future__ import annotations

import logging
import time

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.errors import InvalidJson, InvalidRequest, MessageTooLong, Refused, TooManyTurns

log = logging.getLogger(__name__)

LARGEST_BODY = 8 * 1024
CHAT = "/api/chat"
# The engine posts a whole conversation, never a person; the hook has its own token.
_HOOKS = "/engine/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}


class LimitBody:
    """Refuses a larger body while it arrives, so that it is never held in memory."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_HOOKS):
            await self._app(scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise MessageTooLong
            return message

        await self._app(scope, limited, send)


def guard(app: FastAPI, turns_per_minute: int) -> None:
    limiter = MovingWindowRateLimiter(MemoryStorage())
    pace = RateLimitItemPerMinute(turns_per_minute)

    @app.middleware("http")
    async def pace_and_headers(request: Request, go_on):  # type: ignore[no-untyped-def]
        address = request.client.host if request.client else ""
        if request.url.path == CHAT and not await limiter.hit(pace, address):
            window = await limiter.get_window_stats(pace, address)
            return _answer(TooManyTurns(max(1, round(window.reset_time - time.time()))))
        response = await go_on(request)
        if not request.url.path.startswith("/api/docs"):
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    app.add_middleware(LimitBody, largest=LARGEST_BODY)
    app.add_exception_handler(Refused, lambda request, error: _answer(error))  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _fault)


def _answer(error: Refused) -> JSONResponse:
    body = {"error": type(error).__name__, "detail": error.detail}
    return JSONResponse(body, error.status, headers=error.headers)


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """FastAPI's own answer repeats the input; a person's words have no place in an error."""
    broken = any(one["type"] == "json_invalid" for one in error.errors())
    return _answer(InvalidJson() if broken else InvalidRequest())


def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    name = {404: "NotFound", 405: "MethodNotAllowed"}.get(error.status_code, "HttpError")
    return JSONResponse({"error": name, "detail": str(error.detail)}, error.status_code)


def _fault(request: Request, error: Exception) -> JSONResponse:
    """The log gets where and what type (uvicorn writes the trace); the person gets no trace."""
    return JSONResponse({"error": "Fault", "detail": "Something failed here. It was noted."}, 500)
