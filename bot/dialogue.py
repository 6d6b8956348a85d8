"""One turn from a channel to a reply: language, engine, rendering, and what happens when the engine does not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from anyio.to_thread import run_sync
from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from actions import ACTIONS
from bot.engine import LONGEST, Engine, EngineDown, EngineSilent
from bot.i18n.detection import Detector
from bot.records import Conversations, Known
from bot.replies import render
from bot.turn import TOPICS, Audience, Call, Choice, Heard, Incoming, Point, Reply, Say, Understood, remember
from directory.geo import nearest_place

log = logging.getLogger(__name__)

# Buttons that need no engine, beside the topics.
WITHOUT_ENGINE = {
    "show_menu": "action_talk",
    "give_location": "action_place",
    "ask_more_results": "action_more",
    "forget_me": "action_forget",
}

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Message:
    """What a channel hands over: one of ``text``, ``choice``, ``location`` is set; ``locale`` is an explicit choice,
    ``hint`` what the phone or browser says."""

    known: Known
    text: str | None = None
    choice: Choice | None = None
    location: Point | None = None
    locale: str | None = None
    hint: str | None = None
    audience: Audience = "newcomer"


@dataclass(frozen=True)
class Turn:
    """``conversation`` is a new one after "forget me"."""

    conversation: Known
    reply: Reply
    understood: Understood
    degraded: bool = False


class Dialogue:
    """Shared by all channels; ``database`` holds the directory."""

    def __init__(
        self, engine: Engine, detector: Detector, conversations: Conversations, database: Database, clock: Clock
    ) -> None:
        self._engine, self._detector, self._clock = engine, detector, clock
        self._conversations, self._database = conversations, database
        self._speaking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, message: Message) -> Turn:
        """One turn after the other in a conversation: a second message sees what the first one left."""
        speaking = self._speaking.setdefault(message.known.key, asyncio.Lock())
        waits = speaking.locked()
        async with speaking:
            if waits:
                message = replace(message, known=await run_sync(self._conversations.open, message.known.id))
            return await self._take(message)

    async def _take(self, message: Message) -> Turn:
        chosen = message.locale or _language_of(message.choice) or message.known.chosen
        before = {"last": message.known.locale, "hint": message.hint}
        heard_in = self._detector.settle(message.text, chosen=None, **before)
        locale = chosen or heard_in
        text, was_cut = cut(message.text)
        choice = await run_sync(self._located, message.location) if message.location else message.choice
        first = (Say("cut"),) if was_cut else ()
        incoming = Incoming(message.known.key, locale, heard_in, message.audience, text, choice, message.known.slots)
        heard, degraded = await self._hear(incoming)
        known = replace(message.known, locale=locale, chosen=chosen, slots=heard.slots)
        forget = heard.understood.intent == "forget_me"
        reply = await run_sync(self._tell_and_keep, (*first, *heard.say), known, forget)
        return Turn(self._conversations.open(None) if forget else known, reply, heard.understood, degraded)

    async def _hear(self, incoming: Incoming) -> tuple[Heard, bool]:
        try:
            return await self._engine.say(incoming), False
        except (EngineDown, EngineSilent) as failure:
            log.error("engine: %s %s", type(failure).__name__, failure)
            return await run_sync(self._without_engine, incoming), True

    def _without_engine(self, incoming: Incoming) -> Heard:
        """What the directory alone can answer: a pressed topic and what follows it; else the topics themselves."""
        intent = incoming.choice.intent if incoming.choice else "show_menu"
        about = tuple(incoming.choice.about.items()) if incoming.choice else ()
        understood = Understood(intent, 1.0 if incoming.choice else 0.0, about)
        if intent not in TOPICS and intent not in WITHOUT_ENGINE:
            intent, understood = "show_menu", Understood("show_menu", 0.0)
        action = ACTIONS[WITHOUT_ENGINE.get(intent, "action_find")]
        slots = incoming.slots
        call = Call(incoming.conversation, understood, incoming.locale, self._clock(), slots, incoming.audience)
        with Session(self._database) as session:
            answer = action(call, session)
        return Heard(understood, (Say("degraded"), *answer.say), remember(slots, answer.slots))

    def _located(self, location: Point) -> Choice:
        """A position is turned into the nearest named place at once; no coordinate goes any farther."""
        with Session(self._database) as session:
            near = nearest_place(session, location)
        return Choice("give_location", {"place": near}) if near else Choice("give_location", {"far": "yes"})

    def _tell_and_keep(self, say: tuple[Say, ...], known: Known, forget: bool) -> Reply:
        """ "It is forgotten" is said only when it is."""
        if forget:
            self._conversations.forget(known)
        else:
            self._conversations.keep(known, self._clock())
        assert known.locale
        with Session(self._database) as session:
            return render(say, known.locale, session, self._clock())


def _language_of(choice: Choice | None) -> str | None:
    return choice.about.get("language") if choice and choice.intent == "change_language" else None


def cut(text: str | None) -> tuple[str | None, bool]:
    """At most LONGEST characters, ended at a word."""
    if text is None or len(text) <= LONGEST:
        return text, False
    head, space, _ = text[: LONGEST + 1].rpartition(" ")
    return (head if space else text[:LONGEST]), True
