"""The engine keeps nothing between two messages."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.forgetful import ForgetfulTrackerStore

DOMAIN = Domain.from_yaml('version: "3.1"\nintents: [greet]')


def tracker(store: ForgetfulTrackerStore) -> DialogueStateTracker:
    return asyncio.run(store.get_or_create_tracker("a"))


def test_a_conversation_has_always_just_begun() -> None:
    store = ForgetfulTrackerStore(DOMAIN)
    made = tracker(store)
    made.update(UserUttered("je m'appelle Amina", {"name": "greet", "confidence": 1.0}), DOMAIN)
    asyncio.run(store.save(made))
    again = tracker(store)
    assert again.latest_message is None or not again.latest_message.text
    assert "Amina" not in str([event.as_dict() for event in again.events])
    assert "Amina" not in str(vars(store))


def test_rasa_begins_no_session_of_its_own() -> None:
    made = tracker(ForgetfulTrackerStore(DOMAIN))
    assert not MessageProcessor._has_session_expired(SimpleNamespace(domain=DOMAIN), made)  # type: ignore[arg-type]
    assert made.latest_action_name == "action_listen"
