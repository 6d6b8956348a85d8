"""HSDS 3.1 JSON into drafts: services, organizations, services at locations, pages of them, or the tables of a package.

What has no field here is kept word for word, and leaves again with the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from directory.drafts import Draft, completed
from directory.exporters.schedules import expression
from directory.hours import is_readable
from directory.importers.mission import Refusal
from directory.tables import TOPIC_KEYS, audiences

Object = dict[str, Any]
STANDARD = "hsds"
# What our tables have room for; the whole is kept word for word anyway.
_LENGTHS = {"name": 250, "acronym": 80, "phone": 60, "email": 120, "address": 250, "address_more": 250}
_LENGTHS |= {"postcode": 20, "city": 120}


def is_hsds(said: Any) -> bool:
    one = _first(said)
    return isinstance(one, dict) and ("status" in one or kind_of(one) != "service" or "organizations.csv" in one)


def _first(said: Any) -> Any:
    if isinstance(said, dict) and isinstance(said.get("contents"), list):
        said = said["contents"]
    return (said[0] if said else {}) if isinstance(said, list) else said


def kind_of(one: Object) -> str:
    """By what only this kind of object has."""
    if "location_type" in one:
        return "location"
    if "location" in one or "service" in one:
        return "service_at_location"
    if "taxonomy_detail" in one or "taxonomy_id" in one or "taxonomy" in one:
        return "taxonomy_term"
    if "version" in one and "status" not in one:
        return "taxonomy"
    return "service" if "status" in one else "organization"


def drafts(said: Any) -> Iterator[Draft | Refusal]:
    if isinstance(said, dict) and "organizations.csv" in said:
        yield from _tables(said)
        return
    objects = said["contents"] if isinstance(said, dict) and "contents" in said else said
    for row, one in enumerate(objects if isinstance(objects, list) else [objects], 1):
        yield _draft(row, one)


def _draft(row: int, one: Object) -> Draft | Refusal:
    kind = kind_of(one) if isinstance(one, dict) else "service"
    missing = [name for name in ("id", *(("name",) if kind == "service" else ())) if not dict(one).get(name)]
    if missing:
        return Refusal(row, missing[0], "cette propriété manque")
    if kind == "service":
        return draft_of_service(one, row)
    if kind == "service_at_location" and "service" in one:
        draft = draft_of_service(one["service"], row)
        draft.site = draft_of_site({**one.get("location", {}), "id": one["id"]})
        draft.foreign = [(kind, one["id"], one)]
        return draft
    organisation = _organisation(one) if kind == "organization" else {}
    return Draft(row, {}, organisation=organisation, standard=STANDARD, foreign=[(kind, one["id"], one)])


def _tables(said: Object) -> Iterator[Draft]:
    """A package of tables in one file: its services become records, each row is kept."""
    for table, rows in said.items():
        for number, one in enumerate(rows, 1):
            draft = draft_of_service(one, number) if table == "services.csv" else Draft(number, {}, standard=STANDARD)
            draft.foreign = [(table.removesuffix(".csv"), one["id"], one)]
            yield draft


def draft_of_service(one: Object, row: int = 0) -> Draft:
    places = one.get("service_at_locations") or []
    site = draft_of_site({**places[0].get("location", {}), "id": places[0]["id"]}) if places else {}
    organisation = _organisation(one["organization"]) if one.get("organization") else {}
    draft = Draft(row, _service(one), site, organisation, STANDARD, [("service", str(one["id"]), one)])
    return completed(draft)


def _service(one: Object) -> Object:
    phones = [str(phone.get("number", "")).strip('"') for phone in one.get("phones") or []]
    terms = [(term.get("link_type"), term.get("value")) for term in one.get("attributes") or []]
    told = {
        "id": str(one["id"]),
        "name": one["name"],
        "acronym": one.get("alternate_name", ""),
        "summary": one.get("description", ""),
        "website": one.get("url", ""),
        "email": one.get("email", ""),
        "published": one.get("status") in ("active", "temporarily closed"),
        "interpreting": one.get("interpretation_services", ""),
        "appointment": one.get("application_process", ""),
        "cost": one.get("fees_description", ""),
        "audience": one.get("eligibility_description", ""),
        "verified_on": _day(one.get("assured_date", "")),
        "phone": phones[0] if phones else "",
        "opening_hours": _hours(one.get("schedules") or []),
        "spoken": [language["code"] for language in one.get("languages") or [] if language.get("code")],
        "papers": [paper["document"] for paper in one.get("required_documents") or [] if paper.get("document")],
        "topics": [value for kind, value in terms if kind == "topics" and value in TOPIC_KEYS],
        "audiences": [value for kind, value in terms if kind == "audiences" and value in audiences()],
        "source": STANDARD,
    }
    return _fitting(told)


def _fitting(told: Object) -> Object:
    return {name: str(value)[: _LENGTHS[name]] if name in _LENGTHS else value for name, value in told.items()}


def _hours(schedules: list[Object]) -> str:
    """A wrong hour is worse than none."""
    said = expression(schedules)
    return said if is_readable(said) else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if re.match(r"\d{4}-\d{2}-\d{2}", text) else None


def _organisation(one: Object) -> Object:
    identifiers = [str(known.get("identifier")) for known in one.get("organization_identifiers") or []]
    siret = next((value for value in identifiers if re.fullmatch(r"\d{14}", value)), "")
    told = {"id": str(one["id"]), "name": one.get("name", "")[:250], "acronym": one.get("alternate_name", "")[:80]}
    said = {"description": one.get("description", ""), "website": one.get("website", "")}
    return {**told, **said, "siret": siret, "source": STANDARD}


def draft_of_site(one: Object) -> Object:
    """``id`` is that of the service at the location."""
    address = (one.get("addresses") or [{}])[0]
    lat, lon = one.get("latitude"), one.get("longitude")
    placed = lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180
    told = {
        "id": str(one["id"]),
        "name": one.get("name", ""),
        "address": address.get("address_1", ""),
        "address_more": address.get("address_2", ""),
        "postcode": address.get("postal_code", ""),
        "city": address.get("city", ""),
        "lat": lat if placed else None,
        "lon": lon if placed else None,
        "precision": "street" if placed else "none",
        "access": one.get("transportation", ""),
    }
    return _fitting(told)
