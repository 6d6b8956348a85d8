"""One fact about the services on the screen: papers, cost, contact, the way, languages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say


def detail(call: Call, directory: Session) -> Answer:
    return Answer((Say("detail", {"about": call.understood.intent, "services": on_screen(call)}),))


def on_screen(call: Call) -> list[str]:
    """The service that the message names, else all that were shown last."""
    named = call.understood.entity("service")
    return [named] if named else list(call.slots.get("shown") or ())
