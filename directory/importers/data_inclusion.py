"""data·inclusion v1, JSON or CSV, into drafts; each object is checked with the official package first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from data_inclusion.schema.v1 import Service, Structure
from pydantic import ValidationError

from directory.cells import Unreadable, hours
from directory.drafts import Draft, completed
from directory.exporters.data_inclusion import OWN_STRUCTURE, REACH, REACH_BY
from directory.importers.mission import Refusal
from directory.tables import audiences, topics

Object = dict[str, Any]
STANDARD = "data-inclusion"
_LISTS = frozenset(
    {
        *("thematiques", "publics", "modes_accueil", "zone_eligibilite", "modes_mobilisation", "mobilisable_par"),
        "reseaux_porteurs",
    }
)


def is_data_inclusion(said: Any) -> bool:
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict):
        return False
    # An HSDS organization has services too, but it is an object of its own, with an id.
    return "nom" in first or ("id" not in first and ("structures" in first or "services" in first))


def drafts(said: Any) -> Iterator[Draft | Refusal]:
    if isinstance(said, dict) and ("structures" in said or "services" in said):
        yield from of_objects(said.get("structures") or [])
        yield from of_objects(said.get("services") or [])
    else:
        yield from of_objects(said if isinstance(said, list) else [said])


def of_objects(objects: Iterable[Object]) -> Iterator[Draft | Refusal]:
    for row, one in enumerate(objects, 1):
        yield _draft(row, one)


def of_rows(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Draft | Refusal]:
    for row, cells in rows:
        try:
            yield _draft(row, {name: _read(name, cell) for name, cell in cells.items() if cell})
        except ValueError as reason:
            yield Refusal(row, "", f"une liste ne se lit pas : {reason}")


def _read(name: str, cell: str) -> Any:
    if name not in _LISTS:
        return cell
    return json.loads(cell) if cell.startswith("[") else [part.strip() for part in cell.strip("{}").split(",")]


def _draft(row: int, one: Object) -> Draft | Refusal:
    is_service = "structure_id" in one
    try:
        (Service if is_service else Structure).model_validate(one)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        return Refusal(row, ".".join(map(str, first["loc"])), _reason(first))
    kind = "service" if is_service else "structure"
    foreign = [(kind, str(one["id"])[:120], {k: v for k, v in one.items() if v not in (None, "")})]
    if not is_service and _local(one["id"]).startswith(OWN_STRUCTURE):
        return Draft(row, {})
    if not is_service:
        return Draft(row, {}, organisation=_organisation(one), standard=STANDARD, foreign=foreign)
    try:
        hours(one.get("horaires_accueil") or "")
    except Unreadable as reason:
        return Refusal(row, "horaires_accueil", str(reason))
    alone = _local(one["structure_id"]).startswith(OWN_STRUCTURE)
    organisation = {} if alone else {"id": _local(one["structure_id"]), "source": one["source"]}
    return completed(Draft(row, _service(one), _site(one), organisation, STANDARD, foreign))


def _reason(error: Any) -> str:
    known = {"missing": "cette propriété manque", "enum": "cette valeur n'est pas dans le référentiel"}
    return known.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


def _local(key: str) -> str:
    """« escale--pref44 » is our own pref44 coming back; others keep their whole id."""
    return str(key).removeprefix("escale--")[:120]


def _service(one: Object) -> Object:
    free = {"gratuit": "gratuit", "payant": "payant"}.get(one.get("frais") or "", "")
    ways = {said: ours for ours, said in REACH.items()} | {said: ours for ours, said in REACH_BY.items()}
    return {
        "id": _local(one["id"]),
        "organisation_id": None
        if _local(one["structure_id"]).startswith(OWN_STRUCTURE)
        else _local(one["structure_id"]),
        "name": one["nom"],
        "summary": one["description"],
        "topics": [key for key, topic in topics().items() if set(topic.reads) & set(one.get("thematiques") or ())],
        "audiences": _audiences(one.get("publics") or ()),
        "audience": one.get("publics_precisions") or "",
        "conditions": one.get("conditions_acces") or "",
        "cost": one.get("frais_precisions") or free,
        "reach": [ways[said] for said in one.get("modes_mobilisation") or () if said in ways],
        "reach_by": [ways[said] for said in one.get("mobilisable_par") or () if said in ways],
        "reach_link": one.get("lien_mobilisation") or "",
        "appointment": one.get("mobilisation_precisions") or "",
        "phone": (one.get("telephone") or "")[:60],
        "email": (one.get("courriel") or "")[:120],
        "opening_hours": one.get("horaires_accueil") or "",
        "source": one["source"],
        "source_url": one.get("lien_source") or "",
        "source_date": str(one["date_maj"])[:10],
        "confidence": "medium",
    }


def _audiences(publics: Iterable[str]) -> list[str]:
    """The widest of ours for each of theirs: « personnes-exilees » are newcomers, whatever their papers."""
    first = {value: key for key, one in reversed(audiences().items()) for value in one.publics}
    wide = {**first, "personnes-exilees": "newcomers", "jeunes": "young"}
    return [wide[value] for value in publics if value in wide]


def _site(one: Object) -> Object:
    lat, lon = one.get("latitude"), one.get("longitude")
    return {
        "address": (one.get("adresse") or "")[:250],
        "address_more": (one.get("complement_adresse") or "")[:250],
        "postcode": one.get("code_postal") or "",
        "city": (one.get("commune") or "")[:120],
        "insee": one.get("code_insee") or "",
        "lat": float(lat) if lat not in (None, "") else None,
        "lon": float(lon) if lon not in (None, "") else None,
        "precision": "street" if lat not in (None, "") else "none",
    }


def _organisation(one: Object) -> Object:
    return {
        "id": _local(one["id"]),
        "name": one["nom"],
        "siret": one.get("siret") or "",
        "description": one.get("description") or "",
        "website": one.get("site_web") or "",
        "networks": list(one.get("reseaux_porteurs") or ()),
        "source": one["source"],
    }
