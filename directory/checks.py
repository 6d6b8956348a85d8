"""What is wrong or old in the directory, a line each, and how complete it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data_inclusion.schema.v1 import Service as DataInclusionService
from data_inclusion.schema.v1.score_qualite import score
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.cells import Unreadable, hours, link, mail, phone
from directory.exporters import data_inclusion
from directory.exporters.files import Wanted, services
from directory.freshness import freshness
from directory.hours import PARIS
from directory.ledger import Change
from directory.models import TRANSLATED, Organisation, Service

# Short numbers, and ten digits that begin with a nought; several with « / » between.
_PHONE = re.compile(r"(?:\+33|0)\d{9}|\d{2,4}|116\d{3}")


@dataclass(frozen=True)
class Problem:
    """``kind`` is a key of KINDS; ``said`` is the value, or what is missing."""

    kind: str
    service_id: str
    name: str
    said: str = ""


KINDS = {
    "stale": "Fiches anciennes ou peu sûres",
    "hours": "Horaires qui ne se lisent pas",
    "phone": "Téléphones mal écrits",
    "email": "Courriels mal écrits",
    "link": "Liens mal écrits",
    "position": "Lieux sans coordonnées",
    "translation": "Traductions qui manquent ou ne sont plus à jour",
    "data_inclusion": "Fiches que data·inclusion refuserait",
}


def problems(session: Session, now: datetime, languages: tuple[str, ...] = ()) -> Iterator[Problem]:
    for service in services(session, Wanted(now)):
        for kind, said in _wrong(service, now.astimezone(PARIS).date(), languages):
            yield Problem(kind, service.id, service.name, said)


def _wrong(service: Service, today: date, languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if freshness(service, today) == "stale":
        yield "stale", service.verified_on.isoformat() if service.verified_on else f"source : {service.source_date}"
    for kind, value, read in (
        ("hours", service.opening_hours, hours),
        ("email", service.email, mail),
        ("link", service.website, link),
        ("phone", service.phone, _dialable),
    ):
        if not _readable(value, read):
            yield kind, value
    if any(site.address and site.lat is None for site in service.sites):
        yield "position", service.address
    yield from (("translation", said) for said in _untranslated(service, languages))
    refused = _refused(service, today)
    if refused:
        yield "data_inclusion", refused


def _readable(value: str, read: Callable[[str], Any]) -> bool:
    try:
        read(value)
    except Unreadable:
        return False
    return True


def _dialable(value: str) -> str:
    numbers = [re.sub(r"[\s.()-]", "", part) for part in phone(value).split("/") if part.strip()]
    if not all(_PHONE.fullmatch(number) for number in numbers):
        raise Unreadable(value)
    return value


def _untranslated(service: Service, languages: tuple[str, ...]) -> Iterator[str]:
    """Outdated ones always; missing ones in the languages asked."""
    known = {(one.field, one.language) for one in service.translations}
    yield from (f"{one.field}, {one.language} : plus à jour" for one in service.translations if one.state == "outdated")
    for field in TRANSLATED:
        for language in languages if getattr(service, field) else ():
            if field != "name" and (field, language) not in known:
                yield f"{field}, {language} : manque"


def _refused(service: Service, today: date) -> str:
    try:
        DataInclusionService.model_validate(data_inclusion.service(service, today))
    except ValidationError as wrong:
        return "; ".join(f"{'.'.join(map(str, one['loc']))} : {one['msg']}" for one in wrong.errors())
    return ""


@dataclass(frozen=True)
class Stats:
    """``quality``: the mean of data·inclusion's own score, and of each of its criteria, from 0 to 1."""

    services: int
    leads: int
    organisations: int
    changes: int
    freshness: dict[str, int]
    topics: dict[str, int]
    filled: dict[str, int]
    quality: dict[str, float]


_COUNTED = ("address", "phone", "email", "opening_hours", "spoken", "papers", "cost", "appointment", "verified_on")


def stats(session: Session, now: datetime) -> Stats:
    today = now.astimezone(PARIS).date()
    grades, topics, filled = Counter[str](), Counter[str](), Counter[str]()
    scores: list[dict[str, float]] = []
    for service in services(session, Wanted(now)):
        grades[freshness(service, today)] += 1
        topics.update(service.topics)
        filled.update(name for name in _COUNTED if getattr(service, name))
        scores.append(quality(service, today))

    def count(table: type[Any], *where: Any) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    return Stats(
        services=len(scores),
        leads=count(Service, ~Service.published),
        organisations=count(Organisation),
        changes=count(Change, Change.action == "changed"),
        freshness=dict(grades),
        topics=dict(topics.most_common()),
        filled={name: filled[name] for name in _COUNTED},
        quality=_means(scores),
    )


def quality(service: Service, today: date) -> dict[str, float]:
    """data·inclusion's criteria that apply to a service, and their mean as « score »; empty when it is refused."""
    try:
        told = DataInclusionService.model_validate(data_inclusion.service(service, today))
    except ValidationError:
        return {}
    whole, details = score(told)
    return {"score": whole, **{name: value for name, value in details.items() if value is not None}}


def _means(scores: list[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in scores for name in one)
    return {name: round(_mean([one[name] for one in scores if name in one]), 2) for name in names}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
