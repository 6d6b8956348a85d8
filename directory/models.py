"""Tables of the directory. A record keeps its source and confidence, who checked it last, and how to check it again.

A service is a whole: its sites, closures and translations are edited, versioned and brought back with it. Lists are
JSON columns: assign a new list, a list changed in place is not seen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from directory.first_site import FirstSite
from directory.hours import with_closures

PRIVATE = frozenset({"notes", "phone_professional", "email_professional", "verified_by"})
# Texts of a service that can be told in another language than French.
TRANSLATED = ("name", "summary", "conditions", "appointment", "cost", "opening_hours_text", "audience", "papers")


class Base(DeclarativeBase):
    pass


def _uuid(kind: str) -> Mapped[str]:
    """HSDS wants a UUID for everything: of the record's kind, source and id, so that it is the same everywhere."""

    def made(context: Any) -> str:
        row = context.get_current_parameters()
        return stable_uuid(kind, row.get("source") or "escale", row["id"])

    return mapped_column(String(36), default=made, unique=True)


def stable_uuid(kind: str, source: str, key: str) -> str:
    """An id that is a UUID already stays as it is."""
    try:
        return str(UUID(key))
    except ValueError:
        said = f"{source}--{key}" if kind == "services" else f"{kind}--{source}--{key}"
        return str(uuid5(_NAMESPACE, said))


_NAMESPACE = uuid5(NAMESPACE_URL, "urn:escale")


def _list() -> Mapped[list[Any]]:
    return mapped_column(JSON, default=list)


class Organisation(Base):
    """Who runs services: an association, a town hall, a state office."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    uuid: Mapped[str] = _uuid("organisations")
    name: Mapped[str] = mapped_column(String(250))
    acronym: Mapped[str] = mapped_column(String(80), default="")
    other_names: Mapped[list[str]] = _list()
    siret: Mapped[str] = mapped_column(String(14), default="", index=True)
    networks: Mapped[list[str]] = _list()
    website: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(80), default="escale")
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, index=True)

    __mapper_args__ = {"version_id_col": version}


class Service(FirstSite, Base):
    """What a person is sent to. Texts are French, as the source has them; empty means that no source says it.

    ``topics`` are intent names without ``ask_``, most important first. ``audience`` is the source's own text,
    ``audiences`` what of it is in AUDIENCES. What is in PRIVATE is for the mission and the agents, and never leaves.
    """

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    uuid: Mapped[str] = _uuid("services")
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(250))
    acronym: Mapped[str] = mapped_column(String(80), default="")
    topics: Mapped[list[str]] = _list()
    summary: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    audiences: Mapped[list[str]] = _list()
    conditions: Mapped[str] = mapped_column(Text, default="")
    reach: Mapped[list[str]] = _list()
    reach_by: Mapped[list[str]] = _list()
    reach_link: Mapped[str] = mapped_column(Text, default="")
    appointment: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[str] = mapped_column(Text, default="")
    papers: Mapped[list[str]] = _list()
    languages: Mapped[str] = mapped_column(Text, default="")
    spoken: Mapped[list[str]] = _list()
    interpreting: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[str] = mapped_column(String(10), default="")
    capacity_on: Mapped[date | None]
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(Text, default="")
    phone_professional: Mapped[str] = mapped_column(String(60), default="")
    email_professional: Mapped[str] = mapped_column(String(120), default="")
    opening_hours: Mapped[str] = mapped_column(Text, default="")
    opening_hours_text: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[bool] = mapped_column(default=True)

    source: Mapped[str] = mapped_column(String(80), default="escale")
    source_url: Mapped[str] = mapped_column(Text, default="")
    source_date: Mapped[str] = mapped_column(String(20), default="")
    confidence: Mapped[str] = mapped_column(String(10), default="low")
    verified_on: Mapped[date | None]
    verified_by: Mapped[str] = mapped_column(String(120), default="")
    verified_how: Mapped[str] = mapped_column(String(10), default="")
    check_every: Mapped[int] = mapped_column(default=6)
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, index=True)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    sites: Mapped[list[Site]] = relationship(
        order_by="Site.rank", cascade="all, delete-orphan", lazy="selectin", back_populates="service"
    )
    closures: Mapped[list[Closure]] = relationship(
        order_by="Closure.begins", cascade="all, delete-orphan", lazy="selectin", back_populates="service"
    )
    translations: Mapped[list[Translation]] = relationship(
        order_by="Translation.id", cascade="all, delete-orphan", back_populates="service"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def current_hours(self) -> str:
        """Opening hours with temporary closures and temporary hours counted in."""
        return with_closures(self.opening_hours, self.closures)

    def closure_on(self, day: date) -> Closure | None:
        return next((one for one in self.closures if one.begins <= day <= one.ends), None)


class Site(Base):
    """Where a service receives. ``precision``: what the position is of; ``wheelchair``: yes, limited, no or ""."""

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    uuid: Mapped[str] = _uuid("sites")
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(250), default="")
    address: Mapped[str] = mapped_column(String(250), default="")
    address_more: Mapped[str] = mapped_column(String(250), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    insee: Mapped[str] = mapped_column(String(5), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(20), default="none")
    position_source: Mapped[str] = mapped_column(Text, default="")
    access: Mapped[str] = mapped_column(Text, default="")
    wheelchair: Mapped[str] = mapped_column(String(10), default="")

    service: Mapped[Service] = relationship(back_populates="sites")


class Closure(Base):
    """From–to, both days included: closed, or other hours when ``opening_hours`` says some."""

    __tablename__ = "closures"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), index=True)
    begins: Mapped[date]
    ends: Mapped[date]
    opening_hours: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")

    service: Mapped[Service] = relationship(back_populates="closures")


class Translation(Base):
    """One text of a service in another language. ``outdated``: the French changed since it was written."""

    __tablename__ = "translations"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    reviewed_by: Mapped[str] = mapped_column(String(120), default="")
    reviewed_on: Mapped[date | None]

    service: Mapped[Service] = relationship(back_populates="translations")


class FirstDoor(Base):
    """An official source says that a person with this need begins at this service."""

    __tablename__ = "first_doors"

    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    why: Mapped[str] = mapped_column(Text, default="")


class Place(Base):
    """A quartier, commune or stop of the gazetteer; ``aliases`` are its other spellings."""

    __tablename__ = "places"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[list[str]] = _list()
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
