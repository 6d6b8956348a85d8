"""Tables of the directory. A record keeps its source and confidence, and who checked it last."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Confidence = Literal["high", "medium", "low"]


class Base(DeclarativeBase):
    pass


class Service(Base):
    """What a person is sent to. Texts are French, as the source has them; empty means that no source says it."""

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(250))
    acronym: Mapped[str] = mapped_column(String(80), default="")
    operator: Mapped[str] = mapped_column(String(250), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(250), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    insee: Mapped[str] = mapped_column(String(5), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(20), default="none")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(Text, default="")
    opening_hours: Mapped[str] = mapped_column(Text, default="")
    opening_hours_text: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[str] = mapped_column(Text, default="")
    appointment: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[bool] = mapped_column(default=True)

    source_url: Mapped[str] = mapped_column(Text, default="")
    source_date: Mapped[str] = mapped_column(String(20), default="")
    confidence: Mapped[str] = mapped_column(String(10), default="low")
    verified_on: Mapped[date | None]
    verified_by: Mapped[str] = mapped_column(String(120), default="")
    check_every: Mapped[int] = mapped_column(default=6)
    edited_at: Mapped[datetime | None]

    topics: Mapped[list[ServiceTopic]] = relationship(
        order_by="ServiceTopic.rank", cascade="all, delete-orphan", lazy="selectin"
    )


class ServiceTopic(Base):
    """What a service is for, most important first (``rank`` 0); ``topic`` is an intent name without ``ask_``.

    ``first_door``: an official source says that a person with this need begins here.
    """

    __tablename__ = "service_topics"
    __table_args__ = (Index("ix_service_topics_topic", "topic"),)

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    rank: Mapped[int]
    first_door: Mapped[bool] = mapped_column(default=False)


class Place(Base):
    """A quartier, commune or stop of the gazetteer."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    # A quartier can lie in two communes: codes with ";" between.
    insee: Mapped[str] = mapped_column(String(40), default="")
    lat: Mapped[float]
    lon: Mapped[float]
    source: Mapped[str] = mapped_column(Text)


class EmergencyNumber(Base):
    """A number to call; its French name and purpose, and where that was read."""

    __tablename__ = "emergency_numbers"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text)
    available: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)


class Seeded(Base):
    """Which seed files were loaded, by fingerprint, so that a start loads only what changed."""

    __tablename__ = "seeded"

    file: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
