"""Conversations of the engine in memory, without words and with an end: the longest silent ones go first."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, SerializedTrackerAsText
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

# About 12 KB each: 120 MB at the most.
MOST_CONVERSATIONS = 10_000


class BoundedTrackerStore(InMemoryTrackerStore, SerializedTrackerAsText):
    """Rasa's own store keeps every word until the process ends. This one keeps intents and slots only, drops the
    longest silent conversation past ``most``, and an emptied one ("forget me") leaves nothing behind."""

    def __init__(
        self,
        domain: Domain,
        event_broker: Optional[EventBroker] = None,
        most: int = MOST_CONVERSATIONS,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, Any] = OrderedDict()
        self._most = most

    async def save(self, tracker: DialogueStateTracker) -> None:
        self.store.pop(tracker.sender_id, None)
        if not tracker.events:
            return
        for event in tracker.events:
            if isinstance(event, UserUttered):
                _drop_words(event)
        await super().save(tracker)
        while len(self.store) > self._most:
            self.store.popitem(last=False)


def _drop_words(event: UserUttered) -> None:
    """A turn is over when it is saved: what it meant is needed later, what was written is not."""
    event.text = ""
    event.parse_data = {**event.parse_data, "text": ""}
