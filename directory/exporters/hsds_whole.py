"""HSDS objects with what an imported file said of them word for word, and without what must not leave.

An imported object goes out again as it came, except for what was changed here since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from directory.drafts import Draft
from directory.exporters import hsds
from directory.importers.hsds import draft_of_service
from directory.ledger import Change, Foreign
from directory.models import PRIVATE, Organisation, Service, Site

Object = dict[str, Any]
# Names and addresses of persons, at any depth.
PERSONAL = frozenset({"contacts", "assurer_email", "updated_by", "attention"})
_METADATA_KEPT = 20
_ALWAYS_NEW = frozenset({"last_modified", "metadata"})


class Whole:
    """``private``: for the mission itself, with what imported files say of persons."""

    def __init__(self, session: Session, now: datetime, private: bool = False) -> None:
        self._session, self._now, self._private = session, now, private

    def full_service(self, one: Service) -> Object:
        told = {**hsds.full_service(one, self._now), **self._metadata(one)}
        return self._with_words("service", one.uuid, told, lambda before: hsds.full_service(before, self._now))

    def service(self, one: Service) -> Object:
        told = hsds.service(one, self._now)
        told = self._with_words("service", one.uuid, told, lambda before: hsds.service(before, self._now))
        return {name: value for name, value in told.items() if name in BASIC_SERVICE}

    def organization(self, one: Organisation) -> Object:
        told = self._with_words("organization", one.uuid, hsds.organization(one), None)
        return {name: value for name, value in told.items() if name in BASIC_ORGANIZATION}

    def full_organization(self, one: Organisation, services: Iterable[Service]) -> Object:
        return self._with_words("organization", one.uuid, hsds.full_organization(one, services), None)

    def at_location(self, one: Site, full: bool) -> Object:
        told = hsds.service_at_location(one, self._now, full)
        return self._with_words("service_at_location", one.uuid, told, None)

    def others(self, kind: str) -> list[Object]:
        """Imported objects that are no records here: taxonomies, locations, rows of tables."""
        rows = self._session.scalars(select(Foreign).where(Foreign.standard == "hsds", Foreign.kind == kind))
        return [self.public(row.said) for row in rows]

    def public(self, told: Any) -> Any:
        return told if self._private else without(told, PERSONAL)

    def _with_words(self, kind: str, uuid: str, told: Object, again: Callable[[Service], Object] | None) -> Object:
        known = self._session.get(Foreign, ("hsds", kind, uuid))
        if known is None:
            return told
        before = again(_record(draft_of_service(known.said))) if again else told
        changed = {name for name in {*told, *before} - _ALWAYS_NEW if told.get(name) != before.get(name)}
        kept = {name: value for name, value in known.said.items() if name not in changed}
        anew = {name: told[name] for name in (changed | _ALWAYS_NEW if changed else changed) if name in told}
        return self.public({**kept, **anew})  # type: ignore[no-any-return]

    def _metadata(self, one: Service) -> Object:
        """The last changes of what is public; who made them does not leave."""
        wanted = select(Change).where(Change.whole_id == one.id, Change.action == "changed", Change.kind == "service")
        rows = self._session.scalars(
            wanted.where(Change.field.not_in(PRIVATE)).order_by(Change.id.desc()).limit(_METADATA_KEPT)
        )
        told = [_metadata(one, row) for row in rows]
        return {"metadata": told} if told else {}


def _metadata(one: Service, row: Change) -> Object:
    about = {"id": hsds.uuid("metadata", one.uuid, str(row.version), row.field), "resource_id": one.uuid}
    when = {"resource_type": "service", "last_action_date": row.at.date().isoformat(), "last_action_type": "update"}
    values = {"previous_value": _written(row.before), "replacement_value": _written(row.after)}
    return {**about, **when, "field_name": row.field, **values, "updated_by": "Escale"}


def _written(value: Any) -> str:
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _record(draft: Draft) -> Service:
    """What the import made of an object, as a record that no session knows."""
    service = Service(uuid=draft.id, **draft.service)
    for name in ("topics", "audiences", "reach", "reach_by", "papers", "spoken"):
        setattr(service, name, getattr(service, name) or [])
    for column in Service.__mapper__.columns:
        if getattr(service, column.key) is None and isinstance(column.default, ScalarElementColumnDefault):
            setattr(service, column.key, column.default.arg)
    if draft.organisation:
        service.organisation = _organisation(draft)
    if draft.site:
        service.sites = [_site(draft)]
    return service


def _organisation(draft: Draft) -> Organisation:
    empty = {"acronym": "", "website": "", "description": "", "other_names": [], "siret": ""}
    return Organisation(**{**empty, "uuid": draft.organisation["id"], **draft.organisation})


def _site(draft: Draft) -> Site:
    texts = ("name", "address", "address_more", "postcode", "city", "insee", "access", "wheelchair", "position_source")
    empty = {**dict.fromkeys(texts, ""), "precision": "none", "rank": 0, "uuid": draft.site.get("id")}
    return Site(**{**empty, **draft.site})


def without(told: Any, names: frozenset[str]) -> Any:
    if isinstance(told, dict):
        return {name: without(value, names) for name, value in told.items() if name not in names}
    return [without(one, names) for one in told] if isinstance(told, list) else told


BASIC_SERVICE = frozenset(
    {
        *("id", "organization_id", "program_id", "name", "alternate_name", "description", "url", "email", "status"),
        *("interpretation_services", "application_process", "fees_description", "wait_time", "fees", "accreditations"),
        *("eligibility_description", "minimum_age", "maximum_age", "assured_date", "assurer_email", "licenses"),
        *("alert", "last_modified", "organization", "program"),
    }
)
BASIC_ORGANIZATION = frozenset(
    {
        *("id", "name", "alternate_name", "description", "email", "website", "tax_status", "tax_id"),
        *("year_incorporated", "legal_status", "logo", "uri", "parent_organization_id"),
    }
)
