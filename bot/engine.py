"""Talks to the Rasa engine on loopback, and tells apart its ways of failing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from bot.turn import Heard, Incoming, Say, Understood

# A long message costs the engine seconds of its only core: 100 KB took 0.9 s, 1 MB 10 s.
LONGEST = 2_000


class EngineDown(Exception):
    """No answer in time, or not an answer of Rasa."""


class EngineSilent(Exception):
    """200 with an empty list: Rasa's way of saying that an action, the lock store or itself failed."""


class Address:
    """Where the engine listens: ``file`` says it since a new model took over, else it is ``first``."""

    def __init__(self, file: Path, first: str) -> None:
        self._file, self._read_at, self._url = file, 0, first

    def __call__(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            written = self._file.stat().st_mtime_ns
            if written != self._read_at:
                self._url, self._read_at = self._file.read_text().strip(), written
        return self._url


class Engine:
    """``client`` has the time limit set; ``token`` is the engine's own; ``address`` is asked before each request."""

    def __init__(self, client: httpx2.AsyncClient, token: str, address: Callable[[], str]) -> None:
        self._client, self._token, self._address = client, token, address

    async def say(self, incoming: Incoming) -> Heard:
        """The engine keeps nothing between turns: what is remembered goes along. Raises EngineDown, EngineSilent."""
        metadata = {
            "locale": incoming.locale,
            "heard": incoming.heard,
            "audience": incoming.audience,
            "slots": dict(incoming.slots),
        }
        body = {"sender": incoming.conversation, "message": _as_message(incoming), "metadata": metadata}
        replies = (await self._request("POST", "/webhooks/rest/webhook", json=body)).json()
        turn = next((reply["custom"] for reply in replies if "custom" in reply), None)
        if turn is None:
            raise EngineSilent
        said = tuple(Say(key, values) for key, values in turn["say"])
        return Heard(_understood(turn["understood"]), said, turn["slots"])

    async def model(self) -> str | None:
        """The name of the model that answers; None while there is none. Raises EngineDown."""
        response = await self._request("GET", "/status", params={"token": self._token})
        name: str | None = response.json().get("model_file")
        return name

    async def warm_up(self) -> None:
        """The first message after a start costs up to 0.7 s; nobody should wait for it. Raises EngineDown."""
        params = {"token": self._token}
        await self._request("POST", "/model/parse", params=params, json={"text": "bonjour"})

    async def _request(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        try:
            response = await self._client.request(method, self._address() + path, **arguments)
            response.raise_for_status()
        except httpx2.HTTPError as error:
            # The type alone: an address in a message may hold the token.
            raise EngineDown(type(error).__name__) from None
        return response


def _as_message(incoming: Incoming) -> str:
    """A typed text never begins with "/": to Rasa that would be a command."""
    if incoming.choice:
        about = json.dumps(dict(incoming.choice.about), ensure_ascii=False) if incoming.choice.about else ""
        return f"/{incoming.choice.intent}{about}"
    return (incoming.text or "").lstrip("/ \n\t")[:LONGEST] or "?"


def _understood(raw: dict[str, Any]) -> Understood:
    entities = tuple((entity["entity"], entity["value"]) for entity in raw["entities"])
    guesses = tuple((guess["intent"], guess["confidence"]) for guess in raw["guesses"])
    return Understood(raw["intent"], raw["confidence"], entities, guesses)
