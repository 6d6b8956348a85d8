"""Not sure: the likeliest topics as buttons; the second time in a row, the menu and a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.find import maybe_danger
from actions.human import DESKS
from bot.turn import TOPICS, Answer, Call, Say

OFFERED = 3


NUMBERS = ("112", "115")


def did_you_mean(call: Call, directory: Session) -> Answer:
    topics = [name for name, _ in call.understood.guesses if name in TOPICS][:OFFERED]
    first = (Say("emergency", {"numbers": list(NUMBERS)}),) if maybe_danger(call) else ()
    if call.slots.get("missed") or not topics:
        menu = (*first, Say("not_understood"), Say("menu"), Say("human", {"services": list(DESKS[:1])}))
        return Answer(menu)
    return Answer((*first, Say("did_you_mean", {"topics": topics})), {"missed": True})
