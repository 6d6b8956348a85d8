"""Tables of the directory. A record keeps its source and confidence, who checked it last, and how to check it again.

A service is a whole: its sites, closures and translations are edited, versioned and brought back with it. Lists are
JSON columns: assign a new list, a list changed in place is not seen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from directory.hours import with_closures

Confidence = Literal["high", "medium", "low"]
Capacity = Literal["", "free", "waiting", "full"]
TextState = Literal["draft", "reviewed", "outdated"]

# Whom a service is for; "everyone" stands alone.
AUDIENCES = (
    *("everyone", "asylum_seekers", "refugees", "undocumented", "newcomers", "minors", "families", "women", "young"),
    *("seniors", "disabled", "lgbt", "travellers", "homeless", "jobseekers", "poor", "tenants"),
)
# How one reaches it, and who may.
REACH = ("come", "call", "mail", "link")
REACH_BY = ("oneself", "professional")
VERIFIED_HOW = ("call", "visit", "mail", "web")
CHECK_EVERY = (1, 3, 6, 12)
PRECISIONS = ("street", "stop", "quartier", "commune", "none")
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


class Service(Base):
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

    @property
    def site(self) -> Site | None:
        """Where it receives; the first one when there are several."""
        return self.sites[0] if self.sites else None

    @property
    def operator(self) -> str:
        return self.organisation.name if self.organisation else ""

    @property
    def address(self) -> str:
        return self.site.address if self.site else ""

    @property
    def postcode(self) -> str:
        return self.site.postcode if self.site else ""

    @property
    def city(self) -> str:
        return self.site.city if self.site else ""

    @property
    def insee(self) -> str:
        return self.site.insee if self.site else ""

    @property
    def lat(self) -> float | None:
        return self.site.lat if self.site else None

    @property
    def lon(self) -> float | None:
        return self.site.lon if self.site else None

    @property
    def precision(self) -> str:
        return self.site.precision if self.site else "none"


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


class Foreign(Base):
    """What an imported file said of a record, word for word: what has no field here is kept, and leaves with it."""

    __tablename__ = "foreign_records"
    __table_args__ = (Index("ix_foreign_records_record", "standard", "record_id"),)

    standard: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(120), default="")
    said: Mapped[dict[str, Any]] = mapped_column(JSON)


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
