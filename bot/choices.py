"""Buttons are promises: only a choice that was offered to this conversation is obeyed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

from bot.turn import Choice

_SIGNATURE_LENGTH = 16
# Stands for every conversation: the topics of the menu are offered to all, on pages and posters too.
EVERYONE = ""


class UnknownChoice(Exception):
    """The payload was not offered to this conversation."""


def seal(key: str, conversation: str, choice: Choice) -> str:
    """``intent?about~signature``: nothing is kept on the server, and nobody else can make one."""
    body = choice.intent + ("?" + urlencode(sorted(choice.about.items())) if choice.about else "")
    return f"{body}~{_sign(key, conversation, body)}"


def unseal(key: str, conversation: str, payload: str) -> Choice:
    """Raises UnknownChoice."""
    body, _, signature = payload.rpartition("~")
    right = [_sign(key, offered_to, body) for offered_to in (conversation, EVERYONE)]
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in right):
        raise UnknownChoice
    intent, _, about = body.partition("?")
    return Choice(intent, dict(parse_qsl(about)))


def _sign(key: str, conversation: str, body: str) -> str:
    mac = hmac.new(key.encode(), f"{conversation}\n{body}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac)[:_SIGNATURE_LENGTH].decode()
