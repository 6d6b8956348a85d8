"""A record as an outside file gives it, compared with the record that is there, and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from directory.errors import StaleVersion
from directory.history import SEED, next_revision, signature
from directory.ledger import Change, Foreign
from directory.models import Organisation, Service, Site
from directory.tables import audiences_in
from directory.words import slug

Values = dict[str, Any]


@dataclass
class Draft:
    """Only what the file speaks of: a field that is not there is left as it is. ``foreign``: (kind, id, words);
    ``version``: of the record that it was compared with."""

    row: int
    service: Values
    site: Values = field(default_factory=dict)
    organisation: Values = field(default_factory=dict)
    standard: str = ""
    foreign: list[tuple[str, str, Values]] = field(default_factory=list)
    version: int = 0

    @property
    def id(self) -> str:
        return str(self.service["id"])


def completed(draft: Draft) -> Draft:
    """What follows from what is said: an id from the name, audiences from their text, the organisation's id."""
    values = draft.service
    if not values.get("id"):
        values["id"] = slug(f"{values.get('name', '')} {draft.site.get('city', '')}")[:120]
    if "audience" in values and "audiences" not in values:
        values["audiences"] = list(audiences_in(values["audience"]))
    if draft.organisation.get("name"):
        draft.organisation.setdefault("id", slug(draft.organisation["name"])[:120])
        values["organisation_id"] = draft.organisation["id"]
    elif "name" in draft.organisation:
        values["organisation_id"], draft.organisation = None, {}
    return draft


def differences(service: Service, draft: Draft) -> dict[tuple[str, str], tuple[Any, Any]]:
    """(part, field): (before, after)."""
    found = {}
    records = (("service", service, draft.service), ("site", service.site, draft.site))
    for part, record, values in (*records, ("organisation", _same(service.organisation, draft), draft.organisation)):
        for name, after in values.items():
            before = getattr(record, name) if record is not None else _EMPTY.get((part, name), "")
            if before != after and name != "id":
                found[part, name] = (before, after)
    return found


_EMPTY: dict[tuple[str, str], Any] = {("site", "lat"): None, ("site", "lon"): None, ("site", "precision"): "none"}


def _same(organisation: Organisation | None, draft: Draft) -> Organisation | None:
    return organisation if organisation and organisation.id == draft.organisation.get("id") else None


def change(session: Session, service: Service, draft: Draft) -> None:
    """Sets what differs and nothing else, so that the history stays readable. Raises StaleVersion."""
    if draft.version and service.version != draft.version:
        raise StaleVersion(service.id, draft.version, service.version, {})
    with session.no_autoflush:
        _change(session, service, draft)


def _change(session: Session, service: Service, draft: Draft) -> None:
    if draft.organisation:
        _set(_organisation(session, draft), draft.organisation)
    _set(service, draft.service)
    if draft.site and service.site is None and any(draft.site.values()):
        service.sites.append(Site(id=draft.site.get("id", service.id), rank=0))
    if service.site is not None:
        _set(service.site, draft.site)


def _organisation(session: Session, draft: Draft) -> Organisation:
    key = draft.organisation["id"]
    pending = (one for one in session.new if isinstance(one, Organisation) and one.id == key)
    known = next(pending, None) or session.get(Organisation, key)
    if known is None:
        known = Organisation(**{"name": key, **draft.organisation})
        session.add(known)
    return known


def _set(record: Any, values: Values) -> None:
    for name, value in values.items():
        if name != "id" and getattr(record, name) != value:
            setattr(record, name, value)


def add(session: Session, drafts: list[Draft]) -> None:
    """New records, many at a time and past the session, so that a whole country fits in a minute."""
    signed, revision = signature(session), next_revision(session)
    connection = session.connection()
    organisations = {draft.organisation["id"]: draft.organisation for draft in drafts if draft.organisation}
    known = set(session.scalars(select(Organisation.id).where(Organisation.id.in_(organisations))))
    for key in known:
        _set(session.get_one(Organisation, key), organisations[key])
    new = [{"name": key, **values} for key, values in organisations.items() if key not in known]
    edited_at = None if signed.by == SEED else signed.utc
    always = {"revision": revision, "version": 1, "edited_at": edited_at}
    _insert(connection, Organisation, [{**values, **always} for values in new])
    _insert(connection, Service, [{**draft.service, **always} for draft in drafts])
    _insert(
        connection, Site, [{"id": draft.id, **draft.site, "service_id": draft.id} for draft in drafts if draft.site]
    )
    line = {"version": 1, "action": "created", "by": signed.by, "how": signed.how, "at": signed.utc}
    made = [("service", draft.id) for draft in drafts] + [("organisation", values["id"]) for values in new]
    _insert(connection, Change, [{**line, "kind": kind, "record_id": key, "whole_id": key} for kind, key in made])


def write_organisation(session: Session, draft: Draft) -> None:
    """A draft of no service: an organisation, or words of a standard that are no record here."""
    if draft.organisation:
        with session.no_autoflush:
            _set(_organisation(session, draft), draft.organisation)


def keep_words(session: Session, drafts: list[Draft]) -> None:
    """What the file said, instead of what an earlier one said."""
    rows = [
        {"standard": one.standard, "kind": kind, "id": key, "record_id": one.service.get("id", ""), "said": said}
        for one in drafts
        for kind, key, said in one.foreign
    ]
    connection = session.connection()
    for row in rows:
        connection.execute(delete(Foreign).where(*(getattr(Foreign, name) == row[name] for name in _WORDS_KEY)))
    _insert(connection, Foreign, list({(row["kind"], row["id"]): row for row in rows}.values()))


_WORDS_KEY = ("standard", "kind", "id")


def _insert(connection: Any, table: Any, rows: list[Values]) -> None:
    """Rows of one insert must name the same columns: those of a file do, missing ones get the model's default."""
    if not rows:
        return
    names = set().union(*rows)
    defaults = {name: _default(table, name) for name in names}
    connection.execute(insert(table), [{**defaults, **row} for row in rows])


def _default(table: Any, name: str) -> Any:
    default = table.__table__.c[name].default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg
