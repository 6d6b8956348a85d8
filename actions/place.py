"""The person says where they are: the need on the screen is answered again from there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.find import answer
from bot.turn import Answer, Call, Say


def place(call: Call, directory: Session) -> Answer:
    here = call.understood.entity("place")
    need = call.slots.get("need")
    if call.understood.entity("far"):
        return Answer((Say("far_away"), Say("ask_place")))
    if not here:
        return Answer((Say("place_unknown"),))
    if not need:
        return Answer((Say("place_known", {"place": here}),), {"place": here})
    found = answer(call, directory, need, here)
    # What to do first was said a moment ago; only the services are new.
    return Answer(tuple(say for say in found.say if say.key == "services"), found.slots)
