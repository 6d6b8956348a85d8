"""The closest of the services for the need on the screen."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.find import SHOWN
from bot.turn import Answer, Call, Say
from directory import search
from directory.geo import communes_of, point_of


def nearest(call: Call, directory: Session) -> Answer:
    need = call.slots.get("need")
    place = call.understood.entity("place") or call.slots.get("place")
    if not need:
        return Answer((Say("nothing_shown"), Say("menu")))
    near = point_of(directory, place)
    if near is None:
        return Answer((Say("ask_place"),))
    found = search.find(
        directory, search.Need(need.removeprefix("ask_"), near, communes_of(directory, place)), call.now
    )
    placed = [one for one in found if one.distance_m is not None]
    shown = [one.service_id for one in sorted(placed, key=lambda one: one.distance_m or 0)][:SHOWN]
    services = Say("services", {"services": shown, "place": place, "more": len(found) > SHOWN})
    return Answer((services,), {"place": place, "shown": shown, "seen": shown})
