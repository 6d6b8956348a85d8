"""What is kept of a conversation: its language and what it is about, under a keyed hash, and no word of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Engine, String, delete, inspect, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

# 128 bits and more of an id cannot be guessed; anything shorter was not issued here.
ID_BYTES = 18


class Base(DeclarativeBase):
    pass


class Conversation(Base):
    """``slots`` are ids of topics, places and services (see actions)."""

    __tablename__ = "conversations"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    locale: Mapped[str | None] = mapped_column(String(2))
    chosen: Mapped[str | None] = mapped_column(String(2))
    slots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Known:
    """A conversation as one turn needs it. ``id`` is what its owner holds, ``key`` what we keep."""

    id: str
    key: str
    locale: str | None = None
    chosen: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)


class Conversations:
    """All methods are synchronous and short; times are naive UTC in the database."""

    def __init__(self, engine: Engine, hmac_key: str) -> None:
        self._engine, self._hmac_key = engine, hmac_key.encode()
        _drop_first_version(engine)
        Base.metadata.create_all(engine)

    def key(self, conversation_id: str) -> str:
        return hmac.new(self._hmac_key, conversation_id.encode(), hashlib.sha256).hexdigest()[:40]

    def open(self, conversation_id: str | None) -> Known:
        """A new one for an absent or unknown id: an id that was not issued here is never taken over."""
        if conversation_id:
            with Session(self._engine) as session:
                row = session.get(Conversation, self.key(conversation_id))
            if row:
                return Known(conversation_id, row.key, row.locale, row.chosen, row.slots)
        fresh = secrets.token_urlsafe(ID_BYTES)
        return Known(fresh, self.key(fresh))

    def keep(self, known: Known, now: datetime) -> None:
        values = {"locale": known.locale, "chosen": known.chosen, "slots": dict(known.slots), "seen": _utc(now)}
        with Session(self._engine) as session, session.begin():
            changed = session.execute(update(Conversation).where(Conversation.key == known.key).values(values))
            if not changed.rowcount:  # type: ignore[attr-defined]
                session.add(Conversation(key=known.key, **values))

    def forget(self, known: Known) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(delete(Conversation).where(Conversation.key == known.key))

    def forget_silent(self, now: datetime, days: int) -> None:
        """Deletes conversations silent for longer than ``days``."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(Conversation).where(Conversation.seen < _utc(now) - timedelta(days=days)))


def _drop_first_version(engine: Engine) -> None:
    """It held a language and a count for thirty days; conversations simply begin anew."""
    found = inspect(engine)
    if found.has_table("conversations") and "slots" not in {one["name"] for one in found.get_columns("conversations")}:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE conversations"))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
