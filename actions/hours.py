"""When the services on the screen are open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.detail import on_screen
from bot.turn import Answer, Call, Say


def hours(call: Call, directory: Session) -> Answer:
    return Answer((Say("opening", {"services": on_screen(call)}),))
