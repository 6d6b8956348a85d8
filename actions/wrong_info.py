"""Somebody found a record to be wrong: sorry, and the next best places."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.more import more
from bot.turn import Answer, Call, Say


def wrong_info(call: Call, directory: Session) -> Answer:
    if not call.slots.get("need"):
        return Answer((Say("wrong_info"),))
    others = more(call, directory)
    return Answer((Say("wrong_info"), *others.say), others.slots)
