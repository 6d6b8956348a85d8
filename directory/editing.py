"""What a person does to a service: edit, check, close for a while, translate. The session is signed before."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from directory.errors import StaleVersion, UnknownService
from directory.history import changes_of, signature
from directory.models import TRANSLATED, Closure, Service, Translation

OF_SITE = frozenset(
    {"address", "address_more", "postcode", "city", "insee", "lat", "lon", "precision", "access", "wheelchair"}
)


def service_for(session: Session, service_id: str) -> Service:
    """Published or not. Raises UnknownService."""
    service = session.get(Service, service_id)
    if service is None:
        raise UnknownService(service_id)
    return service


def edit(session: Session, service_id: str, read: int, changes: dict[str, Any]) -> Service:
    """Sets fields of a service or of its first site, if it is still in the version that was ``read``.

    Raises UnknownService, StaleVersion: then nothing is written and the session is as it was.
    """
    service = service_for(session, service_id)
    if service.version != read:
        raise _stale(session, service_id, read)
    for name, value in changes.items():
        setattr(service.site if name in OF_SITE else service, name, value)
    try:
        session.flush()
    except StaleDataError:
        session.rollback()
        raise _stale(session, service_id, read) from None
    return service


def _stale(session: Session, service_id: str, read: int) -> StaleVersion:
    found = session.scalar(select(Service.version).where(Service.id == service_id)) or 0
    return StaleVersion(service_id, read, found, {one.field: one.by for one in changes_of(session, service_id, read)})


def verify(session: Session, service_id: str, how: str) -> None:
    """Somebody called, went there, wrote or read the site today, and the record is right."""
    signed, service = signature(session), service_for(session, service_id)
    service.verified_on, service.verified_by, service.verified_how = signed.at.date(), signed.by, how


def close(session: Session, service_id: str, begins: date, ends: date, message: str = "", hours: str = "") -> None:
    """Closed, or open at other ``hours``, from one day to another, both included."""
    service = service_for(session, service_id)
    key = f"{service_id}:{begins}"
    known = session.get(Closure, key) or Closure(id=key)
    known.begins, known.ends, known.message, known.opening_hours = begins, ends, message, hours
    if known not in service.closures:
        service.closures.append(known)


def translate(session: Session, service_id: str, field: str, language: str, text: str) -> None:
    """A draft, until somebody who speaks the language has read it."""
    assert field in TRANSLATED, field
    service, known = service_for(session, service_id), _translation(session, service_id, field, language)
    if known is None:
        key = f"{service_id}:{field}:{language}"
        service.translations.append(Translation(id=key, field=field, language=language, text=text, state="draft"))
        return
    known.text, known.state, known.reviewed_by, known.reviewed_on = text, "draft", "", None


def review(session: Session, service_id: str, field: str, language: str) -> None:
    """Who signs the session has read the translation, and it says what the French says."""
    known, signed = _translation(session, service_id, field, language), signature(session)
    if known is None:
        raise UnknownService(f"{service_id}, {field}, {language}")
    known.state, known.reviewed_by, known.reviewed_on = "reviewed", signed.by, signed.at.date()


def _translation(session: Session, service_id: str, field: str, language: str) -> Translation | None:
    wanted = select(Translation).where(Translation.service_id == service_id, Translation.field == field)
    return session.scalar(wanted.where(Translation.language == language))


def text_in(service: Service, field: str, language: str) -> tuple[str, str, str]:
    """The text, its language and its state; the French, which is the source, where there is no other."""
    for one in service.translations:
        if one.field == field and one.language == language:
            return one.text, language, one.state
    value = getattr(service, field)
    return ("\n".join(value) if isinstance(value, list) else value), "fr", "reviewed"
