"""The published directory as lists and single objects of HSDS, with its filters and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.turn import Point
from directory.exporters import hsds
from directory.exporters.hsds_whole import Whole
from directory.models import Organisation, Place, Service, Site
from directory.ranking import distances_m
from directory.search import matching
from directory.shelf import shelf_of
from directory.tables import TOPIC_KEYS, audiences, topics

Object = dict[str, Any]
Shape = Literal["basic", "full", "minimal"]
_AT_ONCE = 200


@dataclass(frozen=True)
class Asked:
    """Conditions that add up; an empty one asks nothing."""

    search: str = ""
    taxonomy_term: str = ""
    taxonomy: str = ""
    organization: str = ""
    postcode: str = ""
    metres: int | None = None
    modified_after: datetime | None = None


@dataclass(frozen=True)
class Page:
    """A list that is read a piece at a time: how many, and those from here to there."""

    total: int
    part: Callable[[int, int], list[Object]]

    def told(self, number: int, size: int) -> Object:
        contents = self.part((number - 1) * size, size)
        pages = -(-self.total // size)
        ends = {"first_page": number == 1, "last_page": number >= pages, "empty": not contents}
        counts = {"total_items": self.total, "total_pages": pages, "page_number": number, "size": len(contents)}
        return {**counts, **ends, "contents": contents}

    def each(self) -> Iterator[Object]:
        for start in range(0, self.total, _AT_ONCE):
            yield from self.part(start, _AT_ONCE)

    def with_id(self, key: str) -> Object | None:
        return next((one for one in self.each() if one["id"] == key), None)


def services(session: Session, whole: Whole, asked: Asked, shape: Shape) -> Page:
    tell = {"basic": whole.service, "full": whole.full_service, "minimal": _minimal}[shape]
    return _paged(session, _services(session, asked), Service.id, tell)


def service(session: Session, whole: Whole, uuid: str) -> Object | None:
    found = session.scalar(select(Service).where(Service.uuid == uuid, Service.published))
    return whole.full_service(found) if found else None


def organizations(session: Session, whole: Whole, asked: Asked, full: bool) -> Page:
    running = select(Service.organisation_id).where(Service.published)
    wanted = select(Organisation).where(Organisation.id.in_(running))
    if asked.taxonomy_term or asked.taxonomy or asked.search:
        served = _services(session, Asked(asked.search, asked.taxonomy_term, asked.taxonomy)).with_only_columns(
            Service.organisation_id
        )
        named = (
            Organisation.name.icontains(asked.search, autoescape=True) if asked.search else Organisation.id.is_(None)
        )
        wanted = wanted.where(or_(Organisation.id.in_(served), named))
    tell = (lambda one: _full_organization(session, whole, one)) if full else whole.organization
    return _paged(session, wanted, Organisation.id, tell)


def organization(session: Session, whole: Whole, uuid: str) -> Object | None:
    found = session.scalar(select(Organisation).where(Organisation.uuid == uuid))
    return _full_organization(session, whole, found) if found and _published(session, found) else None


def _full_organization(session: Session, whole: Whole, one: Organisation) -> Object:
    return whole.full_organization(one, _published(session, one))


def _published(session: Session, one: Organisation) -> list[Service]:
    return list(session.scalars(select(Service).where(Service.organisation_id == one.id, Service.published)))


def at_locations(session: Session, whole: Whole, asked: Asked, full: bool) -> Page:
    wanted = select(Site).join(Service).where(Service.id.in_(_services(session, asked).with_only_columns(Service.id)))
    return _paged(session, wanted, Site.id, lambda one: whole.at_location(one, full))


def at_location(session: Session, whole: Whole, uuid: str) -> Object | None:
    found = session.scalar(select(Site).join(Service).where(Site.uuid == uuid, Service.published))
    return whole.at_location(found, full=True) if found else None


def taxonomies(said: str) -> Page:
    return _kept([hsds.taxonomy(name) for name in hsds.TAXONOMIES], said)


def terms(said: str, taxonomy: str, parent: str) -> Page:
    """None has a parent: both taxonomies are flat."""
    found = [] if parent else hsds.terms()
    return _kept([one for one in found if not taxonomy or one["taxonomy_detail"]["id"] == taxonomy], said)


def _kept(objects: list[Object], said: str) -> Page:
    wanted = said.casefold()
    found = [one for one in objects if wanted in f"{one['name']} {one['description']}".casefold()]
    return Page(len(found), lambda start, size: found[start : start + size])


def _minimal(one: Service) -> Object:
    """Id and date alone, as the standard offers it; name and status because its own schema wants them."""
    told = {"id": one.uuid, "name": one.name, "status": "active", "last_modified": hsds.moment(one.edited_at)}
    return hsds.said(told)


def _paged(session: Session, wanted: Select[Any], order: Any, tell: Callable[[Any], Object]) -> Page:
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    ordered = wanted.order_by(order)
    return Page(total, lambda start, size: [tell(one) for one in session.scalars(ordered.offset(start).limit(size))])


def _services(session: Session, asked: Asked) -> Select[Any]:
    wanted = select(Service).where(Service.published)
    if asked.organization:
        wanted = wanted.join(Organisation).where(Organisation.uuid == asked.organization)
    if asked.modified_after:
        wanted = wanted.where(Service.edited_at >= asked.modified_after)
    narrowed = _in_memory(session, asked)
    return wanted if narrowed is None else wanted.where(Service.id.in_(narrowed))


def _in_memory(session: Session, asked: Asked) -> list[str] | None:
    """Ids by words, terms and distance, which the shelf answers; None when nothing of that is asked."""
    kept: list[set[str]] = []
    if asked.search.strip():
        kept.append(matching(session, asked.search))
    if asked.taxonomy_term or asked.taxonomy:
        kept.append(_with_term(session, asked))
    if asked.postcode:
        kept.append(_around(session, asked.postcode, asked.metres))
    return sorted(set.intersection(*kept)) if kept else None


def _with_term(session: Session, asked: Asked) -> set[str]:
    shelf = shelf_of(session)
    found: set[str] = set()
    for name, keys, column in (("topics", topics(), "topics"), ("audiences", audiences(), "audiences")):
        whole = asked.taxonomy == hsds.taxonomy(name)["id"] or not asked.taxonomy
        order = list(TOPIC_KEYS if name == "topics" else keys)
        for key in keys:
            if whole and asked.taxonomy_term in ("", hsds.uuid("term", name, key)):
                has = (shelf.columns[column] >> order.index(key)) & 1 > 0
                found |= {shelf.ids[row] for row in has.nonzero()[0]}
    return found


def _around(session: Session, postcode: str, metres: int | None) -> set[str]:
    """In the postcode; or so many metres around the middle of its commune."""
    here = session.scalar(
        select(Place).join(Site, Site.insee == Place.insee).where(Site.postcode == postcode, Place.kind == "commune")
    )
    if metres is None or here is None:
        return set(session.scalars(select(Site.service_id).where(Site.postcode == postcode)))
    shelf = shelf_of(session)
    far = distances_m(shelf, slice(None), Point(here.lat, here.lon))
    return {shelf.ids[row] for row in (far <= metres).nonzero()[0]}
