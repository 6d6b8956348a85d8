"""What a request can be refused for: the class name is the public code, the status its translation to HTTP."""

from __future__ import annotations


class Refused(Exception):
    """``detail`` is for the engineer who reads the answer; it never repeats what was sent."""

    status = 422
    detail = ""
    headers: dict[str, str] = {}


class InvalidJson(Refused):
    status = 400
    detail = "The body is not JSON."


class InvalidRequest(Refused):
    detail = "A field has the wrong type or an unknown name: see the API docs."


class EmptyMessage(Refused):
    detail = "The text is empty."


class NotOneOf(Refused):
    detail = "Send exactly one of text, choice, location."


class UnknownLocale(Refused):
    detail = "The locale is not one of /api/languages."


class UnknownChoice(Refused):
    detail = "This choice was not offered to this conversation."


class UnknownRecord(Refused):
    status = 404
    detail = "Nothing published has this id."


class MessageTooLong(Refused):
    status = 413
    detail = "The request is larger than 8 KiB."


class NotAllowed(Refused):
    status = 403
    detail = "The token is missing or wrong."


class TooManyTurns(Refused):
    status = 429
    detail = "Too many messages from this address."

    def __init__(self, seconds: int) -> None:
        self.headers = {"Retry-After": str(seconds)}


class NotReady(Refused):
    status = 503
    detail = "Not ready yet."
