"""Everything known of a conversation goes; the dialogue does it when it reads this answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say


def forget(call: Call, directory: Session) -> Answer:
    return Answer((Say("forgotten"),), {"need": None, "place": None, "shown": None, "seen": None})
