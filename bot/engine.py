"""Talks to the Rasa engine on loopback, and tells apart its ways of failing."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from bot.turn import Heard, Incoming, Say, Understood

# Every action call posts all events since the last session start: 57 ms at turn 0, 305 ms at turn 250.
TURNS_PER_SESSION = 30
# A long message costs the engine seconds of its only core: 100 KB took 0.9 s, 1 MB 10 s.
LONGEST = 2_000


class EngineDown(Exception):
    """No answer in time, or not an answer of Rasa."""


class EngineSilent(Exception):
    """200 with an empty list: Rasa's way of saying that an action, the lock store or itself failed."""


class Engine:
    """``client`` has the engine's address and time limit set; ``token`` is the engine's own."""

    def __init__(self, client: httpx2.AsyncClient, token: str) -> None:
        self._client, self._token = client, token

    async def say(self, incoming: Incoming, turns: int) -> Heard:
        """Raises EngineDown, EngineSilent."""
        if turns and turns % TURNS_PER_SESSION == 0:
            await self._send(incoming, "/session_start")
        replies = await self._send(incoming, _as_message(incoming))
        turn = next((reply["custom"] for reply in replies if "custom" in reply), None)
        if turn is None:
            raise EngineSilent
        return Heard(_understood(turn["understood"]), tuple(Say(key, values) for key, values in turn["say"]))

    async def _send(self, incoming: Incoming, message: str) -> list[dict[str, Any]]:
        metadata = {"locale": incoming.locale, "heard": incoming.heard, "audience": incoming.audience}
        body = {"sender": incoming.conversation, "message": message, "metadata": metadata}
        response = await self._request("POST", "/webhooks/rest/webhook", json=body)
        replies: list[dict[str, Any]] = response.json()
        return replies

    async def forget(self, conversation: str) -> None:
        """Replaces what the engine remembers of a conversation by nothing. Raises EngineDown."""
        path = f"/conversations/{conversation}/tracker/events"
        await self._request("PUT", path, params={"token": self._token}, json=[])

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
            response = await self._client.request(method, path, **arguments)
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
