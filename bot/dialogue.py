"""One turn from a channel to a reply: language, engine, rendering, and what happens when the engine does not answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anyio.to_thread import run_sync
from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from actions import ACTIONS
from bot.engine import LONGEST, Engine, EngineDown, EngineSilent
from bot.i18n.detection import Detector
from bot.records import Conversations, Known
from bot.replies import render
from bot.turn import TOPICS, Audience, Call, Choice, Heard, Incoming, Point, Reply, Say, Understood
from directory.geo import nearest_place

log = logging.getLogger(__name__)

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

    async def take(self, message: Message) -> Turn:
        chosen = message.locale or _language_of(message.choice) or message.known.chosen
        before = {"last": message.known.locale, "hint": message.hint}
        heard_in = self._detector.settle(message.text, chosen=None, **before)
        locale = chosen or heard_in
        text, was_cut = cut(message.text)
        choice = await run_sync(self._located, message.location) if message.location else message.choice
        incoming = Incoming(message.known.key, locale, heard_in, message.audience, text, choice)
        heard, degraded = await self._hear(incoming, message.known.turns)
        if heard.understood.intent == "forget_me" and not degraded:
            return await self._forget(message.known, heard, locale)
        first = (Say("cut"),) if was_cut else ()
        reply = await run_sync(self._tell_and_keep, (*first, *heard.say), message.known, locale, chosen)
        return Turn(message.known, reply, heard.understood, degraded)

    async def _hear(self, incoming: Incoming, turns: int) -> tuple[Heard, bool]:
        try:
            return await self._engine.say(incoming, turns), False
        except (EngineDown, EngineSilent) as failure:
            log.error("engine: %s %s", type(failure).__name__, failure)
            return await run_sync(self._without_engine, incoming), True

    def _without_engine(self, incoming: Incoming) -> Heard:
        """What the directory alone can answer: a pressed topic; else the topics themselves."""
        intent = incoming.choice.intent if incoming.choice else "show_menu"
        about = tuple(incoming.choice.about.items()) if incoming.choice else ()
        understood = Understood(intent, 1.0 if incoming.choice else 0.0, about)
        action = ACTIONS["action_find" if intent in TOPICS else "action_talk"]
        if intent not in TOPICS and intent != "show_menu":
            understood = Understood("show_menu", 0.0)
        call = Call(incoming.conversation, understood, incoming.locale, self._clock(), {}, incoming.audience)
        with Session(self._database) as session:
            return Heard(understood, (Say("degraded"), *action(call, session).say))

    def _located(self, location: Point) -> Choice:
        """A position is turned into the nearest named place at once; no coordinate goes any farther."""
        with Session(self._database) as session:
            near = nearest_place(session, location)
        return Choice("give_location", {"place": near}) if near else Choice("give_location", {"far": "yes"})

    def _tell(self, say: tuple[Say, ...], locale: str) -> Reply:
        with Session(self._database) as session:
            return render(say, locale, session, self._clock())

    def _tell_and_keep(self, say: tuple[Say, ...], known: Known, locale: str, chosen: str | None) -> Reply:
        reply = self._tell(say, locale)
        self._conversations.keep(known, locale, chosen, self._clock())
        return reply

    async def _forget(self, known: Known, heard: Heard, locale: str) -> Turn:
        """ "It is done" is said only when it is."""
        try:
            await self._engine.forget(known.key)
        except EngineDown as failure:
            log.error("engine: %s while forgetting", failure)
            reply = await run_sync(self._tell, (Say("not_forgotten"),), locale)
            return Turn(known, reply, heard.understood, degraded=True)
        await run_sync(self._conversations.forget, known)
        reply = await run_sync(self._tell, heard.say, locale)
        return Turn(self._conversations.open(None), reply, heard.understood)


def _language_of(choice: Choice | None) -> str | None:
    return choice.about.get("language") if choice and choice.intent == "change_language" else None


def cut(text: str | None) -> tuple[str | None, bool]:
    """At most LONGEST characters, ended at a word."""
    if text is None or len(text) <= LONGEST:
        return text, False
    head, space, _ = text[: LONGEST + 1].rpartition(" ")
    return (head if space else text[:LONGEST]), True
