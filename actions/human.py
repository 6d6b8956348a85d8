"""The way to a person: the town hall's desk, which receives everyone, and the city's switchboard."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say

DESKS = ("mairie-nantes", "nantes-ccas")


def human(call: Call, directory: Session) -> Answer:
    return Answer((Say("human", {"services": list(DESKS)}),))
