"""Danger to life right now: the numbers, and nothing that stands before them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say

NUMBERS = ("112", "15", "17", "18", "114", "119", "3919", "3114", "115")


def danger(call: Call, directory: Session) -> Answer:
    return Answer((Say("danger", {"numbers": list(NUMBERS)}),))
