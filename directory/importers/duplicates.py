"""Services that may be there already under another id: by name, phone, address, SIRET, with a score and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.drafts import Draft
from directory.models import Organisation, Service, Site
from directory.words import slug

# What each sign is worth; the name alone is not enough, nor is an address that many share.
SIGNS = {"nom": 0.6, "téléphone": 0.15, "adresse": 0.15, "SIRET": 0.1}
LIKELY = 0.7
# A switchboard or an office block says nothing.
_TOO_COMMON = 25


class Face(NamedTuple):
    """What a service is recognised by."""

    id: str
    name: str
    phone: str
    address: str
    siret: str


@dataclass(frozen=True)
class Duplicate:
    row: int
    id: str
    name: str
    other_id: str
    other_name: str
    score: float
    why: tuple[str, ...]


class Faces:
    def __init__(self) -> None:
        self._by_sign: dict[tuple[str, str], list[Face]] = {}

    @classmethod
    def of_directory(cls, session: Session) -> Faces:
        faces = cls()
        wanted = select(Service.id, Service.name, Service.phone, Site.address, Site.city, Organisation.siret)
        wanted = wanted.outerjoin(Site, (Site.service_id == Service.id) & (Site.rank == 0))
        wanted = wanted.outerjoin(Organisation, Organisation.id == Service.organisation_id)
        for key, name, phone, address, city, siret in session.execute(wanted.execution_options(yield_per=5000)):
            faces.add(face(key, name, phone, address or "", city or "", siret or ""))
        return faces

    def add(self, one: Face) -> None:
        for sign in _signs(one):
            known = self._by_sign.setdefault(sign, [])
            if len(known) <= _TOO_COMMON:
                known.append(one)

    def like(self, row: int, one: Face) -> Iterator[Duplicate]:
        near = {other.id: other for sign in _signs(one) for other in self._known(sign) if other.id != one.id}
        for other in near.values():
            score, why = compare(one, other)
            if score >= LIKELY:
                yield Duplicate(row, one.id, one.name, other.id, other.name, round(score, 2), why)

    def _known(self, sign: tuple[str, str]) -> Iterable[Face]:
        known = self._by_sign.get(sign, [])
        return known if len(known) <= _TOO_COMMON else ()


def of_draft(draft: Draft) -> Face:
    values, site, organisation = draft.service, draft.site, draft.organisation
    where = site.get("address", ""), site.get("city", "")
    return face(draft.id, values.get("name", ""), values.get("phone", ""), *where, organisation.get("siret", ""))


def face(key: str, name: str, phone: str, address: str, city: str, siret: str) -> Face:
    place = f"{slug(address)} {slug(city)}" if address else ""
    return Face(key, name, re.sub(r"\D", "", phone.split("/")[0])[-9:], place, siret)


def _signs(one: Face) -> list[tuple[str, str]]:
    said = (
        ("nom", " ".join(sorted(_words(one.name).split()))),
        ("téléphone", one.phone),
        ("adresse", one.address),
        ("SIRET", one.siret),
    )
    return [(name, value) for name, value in said if value]


def _words(name: str) -> str:
    return slug(name).replace("-", " ")


def compare(one: Face, other: Face) -> tuple[float, tuple[str, ...]]:
    alike = token_sort_ratio(_words(one.name), _words(other.name)) / 100
    same = {
        "téléphone": bool(one.phone) and one.phone == other.phone,
        "adresse": bool(one.address) and one.address == other.address,
        "SIRET": bool(one.siret) and one.siret == other.siret,
    }
    score = SIGNS["nom"] * alike + sum(SIGNS[name] for name, true in same.items() if true)
    # The same name to the letter is a sign by itself, where nothing speaks against it.
    against = one.address and other.address and not same["adresse"]
    if alike == 1 and not against:
        score = max(score, LIKELY)
    return score, (f"nom {alike:.0%}", *(name for name, true in same.items() if true))
