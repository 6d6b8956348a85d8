"""Rasa's action protocol, both ways."""

from __future__ import annotations

from typing import Any

from bot.turn import Answer, Say
from bot.web.rasa_hooks import as_reply, read_call
from tests.conftest import MONDAY

LATEST: dict[str, Any] = {
    "intent": {"name": "ask_food", "confidence": 0.8},
    "intent_ranking": [{"name": "ask_food", "confidence": 0.8}, {"name": "greet", "confidence": 0.1}],
    "entities": [{"entity": "place", "value": "bellevue"}],
    "metadata": {"locale": "ar", "audience": "agent"},
}


def call(memory: dict[str, Any] | None = None, **latest: Any) -> Any:
    metadata = {**LATEST["metadata"], "slots": memory}
    return read_call("key", {"latest_message": {**LATEST, "metadata": metadata, **latest}}, MONDAY)


def test_a_call_is_read() -> None:
    read = call({"need": "ask_health"})
    assert (read.locale, read.audience, read.now) == ("ar", "agent", MONDAY)
    assert (read.understood.intent, read.understood.entity("place")) == ("ask_food", "bellevue")
    assert read.slots == {"need": "ask_health"}
    assert call(None).slots == {}


def test_the_fallback_hides_nothing() -> None:
    fallback = {"name": "nlu_fallback", "confidence": 0.35}
    read = call(intent=fallback, intent_ranking=[fallback, *LATEST["intent_ranking"]])
    assert read.understood.intent == "ask_food"
    assert [name for name, _ in read.understood.guesses] == ["ask_food", "greet"]


def memory_after(before: dict[str, Any], slots: dict[str, Any]) -> Any:
    reply = as_reply(call(before), Answer((Say("greet"),), slots))
    assert reply["events"] == []
    return reply["responses"][0]["custom"]["slots"]


def test_what_an_answer_remembers_joins_what_was_known() -> None:
    assert memory_after({"place": "bellevue"}, {"need": "ask_food"}) == {"place": "bellevue", "need": "ask_food"}
    assert memory_after({"place": "bellevue"}, {"place": None}) == {}


def test_two_misses_count_only_in_a_row() -> None:
    assert memory_after({"missed": True}, {}) == {}
    assert memory_after({}, {"missed": True}) == {"missed": True}


def test_the_turn_carries_what_was_understood_and_what_to_say() -> None:
    (response,) = as_reply(call(), Answer((Say("greet"), Say("menu", {"page": "1"}))))["responses"]
    assert response["custom"]["understood"]["intent"] == "ask_food"
    assert response["custom"]["say"] == [["greet", {}], ["menu", {"page": "1"}]]
