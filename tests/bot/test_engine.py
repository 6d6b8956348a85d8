"""The engine's ways of failing are told apart, and a typed text is never a command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from bot.engine import LONGEST, Engine, EngineDown, EngineSilent
from bot.turn import Choice, Incoming

TURN = {
    "understood": {"intent": "greet", "confidence": 0.9, "entities": [], "guesses": []},
    "say": [["greet", {}], ["menu", {}]],
    "slots": {"need": "ask_food"},
}


def engine(answer: Callable[[httpx2.Request], httpx2.Response], sent: list[Any] | None = None) -> Engine:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if sent is not None:
            sent.append(json.loads(request.content or b"null"))
        return answer(request)

    return Engine(httpx2.AsyncClient(transport=httpx2.MockTransport(handle)), "tok", lambda: "http://engine")


def good(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=[{"recipient_id": "me", "custom": TURN}])


def incoming(text: str | None = None, choice: Choice | None = None) -> Incoming:
    return Incoming("me", "fr", "fr", "newcomer", text, choice)


def said(text: str | None = None, choice: Choice | None = None) -> list[str]:
    sent: list[Any] = []
    asyncio.run(engine(good, sent).say(incoming(text, choice)))
    return [body["message"] for body in sent]


def test_a_turn_is_heard() -> None:
    heard = asyncio.run(engine(good).say(incoming("bonjour")))
    assert heard.understood.intent == "greet"
    assert [say.key for say in heard.say] == ["greet", "menu"]
    assert heard.slots == {"need": "ask_food"}


def test_what_is_remembered_goes_with_the_message() -> None:
    sent: list[Any] = []
    asyncio.run(engine(good, sent).say(Incoming("me", "fr", "fr", text="x", slots={"place": "bellevue"})))
    assert sent[0]["metadata"]["slots"] == {"place": "bellevue"}


def test_an_empty_answer_is_an_error() -> None:
    with pytest.raises(EngineSilent):
        asyncio.run(engine(lambda request: httpx2.Response(200, json=[])).say(incoming("x")))


def refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


def too_slow(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout("slow")


@pytest.mark.parametrize("failure", [refuse, too_slow, lambda request: httpx2.Response(500)])
def test_no_answer_is_an_error_without_the_address(failure: Callable[[httpx2.Request], httpx2.Response]) -> None:
    with pytest.raises(EngineDown) as caught:
        asyncio.run(engine(failure).model())
    assert "tok" not in str(caught.value)


@pytest.mark.parametrize(("typed", "sent"), [("/emergency", "emergency"), (" //x", "x"), ("/", "?"), ("a/b", "a/b")])
def test_a_typed_text_is_never_a_command(typed: str, sent: str) -> None:
    assert said(typed) == [sent]


def test_a_choice_is_a_command_with_what_it_is_about() -> None:
    assert said(choice=Choice("show_menu")) == ["/show_menu"]
    assert said(choice=Choice("ask_cost", {"service": "pref44"})) == ['/ask_cost{"service": "pref44"}']


def test_a_long_text_does_not_block_the_engine() -> None:
    assert len(said("x" * 100_000)[0]) == LONGEST
