"""The engine keeps nothing between two messages: what a conversation remembers comes along with each one."""

from __future__ import annotations

from typing import Iterable, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker


class ForgetfulTrackerStore(TrackerStore):
    """Every conversation has just begun. So any engine can take any turn, one that dies takes nothing along, and no
    word of anybody stays in it."""

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        tracker = self.init_tracker(sender_id)
        # As Rasa begins a session; without these it would begin one itself, with an action more in every turn.
        for event in (ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)):
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing is kept."""

    async def keys(self) -> Iterable[str]:
        return []
