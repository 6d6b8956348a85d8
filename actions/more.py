"""The next services for the need on the screen."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.find import answer
from bot.turn import Answer, Call, Say


def more(call: Call, directory: Session) -> Answer:
    need = call.slots.get("need")
    if not need:
        return Answer((Say("nothing_shown"), Say("menu")))
    return answer(call, directory, need, call.slots.get("place"), tuple(call.slots.get("seen") or ()))
