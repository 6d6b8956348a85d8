"""The engine remembers what was meant, not what was written, and not for ever."""

from __future__ import annotations

import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.memory import BoundedTrackerStore

DOMAIN = Domain.from_yaml('version: "3.1"\nintents: [greet]\nslots: {need: {type: text, mappings: [{type: custom}]}}')


def tracker(sender: str, words: str = "mon nom est Amina") -> DialogueStateTracker:
    parsed = {"intent": {"name": "greet", "confidence": 1.0}, "entities": [], "text": words}
    made = DialogueStateTracker.from_events(sender, [], DOMAIN.slots)
    made.update(UserUttered(words, parsed["intent"], [], parsed), DOMAIN)
    made.update(SlotSet("need", "ask_food"), DOMAIN)
    return made


def test_no_word_is_kept_and_the_rest_is() -> None:
    store = BoundedTrackerStore(DOMAIN)
    asyncio.run(store.save(tracker("a")))
    assert "Amina" not in str(store.store["a"])
    back = asyncio.run(store.retrieve("a"))
    assert back is not None
    assert back.get_slot("need") == "ask_food"
    assert back.latest_message.intent["name"] == "greet"


def test_the_longest_silent_conversation_goes_first() -> None:
    store = BoundedTrackerStore(DOMAIN, most=2)
    for sender in ("a", "b", "a", "c"):
        asyncio.run(store.save(tracker(sender)))
    assert list(store.store) == ["a", "c"]


def test_an_emptied_conversation_leaves_nothing() -> None:
    store = BoundedTrackerStore(DOMAIN)
    asyncio.run(store.save(tracker("a")))
    asyncio.run(store.save(DialogueStateTracker.from_events("a", [], DOMAIN.slots)))
    assert not store.store
