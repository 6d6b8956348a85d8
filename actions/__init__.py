"""What the assistant can do: one function per file, each ``(Call, Session) -> Answer``; ACTIONS names them all."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from actions.danger import danger
from actions.detail import detail
from actions.did_you_mean import did_you_mean
from actions.find import find
from actions.forget import forget
from actions.hours import hours
from actions.human import human
from actions.more import more
from actions.nearest import nearest
from actions.place import place
from actions.talk import talk
from actions.wrong_info import wrong_info
from bot.turn import Answer, Call

Action = Callable[[Call, Session], Answer]

# The names stand in domain.yml too; a test holds the two together.
ACTIONS: dict[str, Action] = {
    "action_danger": danger,
    "action_detail": detail,
    "action_did_you_mean": did_you_mean,
    "action_find": find,
    "action_forget": forget,
    "action_hours": hours,
    "action_human": human,
    "action_more": more,
    "action_nearest": nearest,
    "action_place": place,
    "action_talk": talk,
    "action_wrong_info": wrong_info,
}
