"""The conversation itself: greetings, thanks, the menu, who Escale is."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.turn import Answer, Call, Say

# What is told for each intent; the menu follows wherever the person has said no need yet.
TALK: dict[str, tuple[str, ...]] = {
    "greet": ("greet", "menu"),
    "goodbye": ("goodbye",),
    "thank": ("thank",),
    "affirm": ("menu",),
    "deny": ("menu",),
    "show_menu": ("menu",),
    "change_language": ("languages",),
    "ask_bot_identity": ("identity", "menu"),
    "ask_privacy": ("privacy",),
    "out_of_scope": ("out_of_scope", "menu"),
}


def talk(call: Call, directory: Session) -> Answer:
    page = call.understood.entity("page")
    values = {"page": page} if page else {}
    language = call.understood.entity("language")
    keys = ("language_kept", "menu") if language else TALK[call.understood.intent]
    return Answer(tuple(Say(key, values) for key in keys))
