"""Tables that keep account of the directory: what changed, what was said elsewhere, what was loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.models import Base


class Foreign(Base):
    """What an imported file said of a record, word for word: what has no field here is kept, and leaves with it."""

    __tablename__ = "foreign_records"
    __table_args__ = (Index("ix_foreign_records_record", "standard", "record_id"),)

    standard: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(120), default="")
    said: Mapped[dict[str, Any]] = mapped_column(JSON)


class Seeded(Base):
    """Which seed files were loaded, by fingerprint, so that a start loads only what changed."""

    __tablename__ = "seeded"

    file: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))


class Change(Base):
    """One field of one record, before and after; ``version`` is that of the whole it belongs to.

    A record that appears or goes is one row: ``field`` is "", ``after`` or ``before`` the whole of it. A record
    brought in by an import has no ``after``: what it was is what it is, with its later changes undone.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_whole", "whole_id", "version"), Index("ix_changes_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(String(160))
    whole_id: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(10))
    field: Mapped[str] = mapped_column(String(30), default="")
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    by: Mapped[str] = mapped_column(String(120))
    how: Mapped[str] = mapped_column(String(250), default="")
    at: Mapped[datetime]


class State(Base):
    """One row: counts the changes of the directory, so that what is kept in memory knows when it is old."""

    __tablename__ = "directory_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
