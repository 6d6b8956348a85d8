"""Records as the objects of Open Referral HSDS 3.1: optional fields are left out, never null.

Only what is public: contacts for professionals, agents' notes and the names of those who checked are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from directory.exporters import schedules
from directory.models import Organisation, Service, Site, stable_uuid
from directory.tables import audiences, topics

Object = dict[str, Any]
VERSION = "3.1"
TAXONOMIES = {
    "topics": "Besoins des personnes, tels qu'Escale les nomme",
    "audiences": "Publics auxquels un service s'adresse",
}
_CAPACITY = {"free": (1, "places libres"), "waiting": (0, "liste d'attente"), "full": (0, "complet")}
_COUNTRY = "FR"


def uuid(kind: str, *parts: str) -> str:
    return stable_uuid(kind, "escale", "--".join(parts))


def said(values: Object) -> Object:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def link(text: str) -> str:
    return text if re.match(r"https?://\S+$", text) else f"https://{text}" if text and " " not in text else ""


def taxonomy(name: str) -> Object:
    return {"id": uuid("taxonomy", name), "name": name, "description": TAXONOMIES[name], "version": VERSION}


def terms() -> list[Object]:
    return [term("topics", key) for key in topics()] + [term("audiences", key) for key in audiences()]


def term(taxonomy_name: str, key: str) -> Object:
    title = topics()[key].title if taxonomy_name == "topics" else audiences()[key].title
    return {
        "id": uuid("term", taxonomy_name, key),
        "code": key,
        "name": title,
        "description": title,
        "taxonomy": taxonomy_name,
        "taxonomy_detail": taxonomy(taxonomy_name),
        "language": "fr",
    }


def organization(one: Organisation) -> Object:
    """The basic form, as lists give it."""
    return said(
        {
            "id": one.uuid,
            "name": one.name,
            "alternate_name": one.acronym or ", ".join(one.other_names),
            "description": one.description or one.name,
            "website": link(one.website),
        }
    )


def full_organization(one: Organisation, services: Iterable[Service]) -> Object:
    identifier = {"id": uuid("identifier", one.uuid), "identifier_scheme": "FR-SIRET", "identifier_type": "SIRET"}
    identifiers = [{**identifier, "identifier": one.siret}] if one.siret else []
    places = [location(site) for service in services for site in service.sites]
    return said({**organization(one), "organization_identifiers": identifiers, "locations": places})


def service(one: Service, now: datetime) -> Object:
    """The basic form; ``organization`` inside it."""
    closure = one.closure_on(now.date())
    status = "active" if one.published else "inactive"
    return said(
        {
            "id": one.uuid,
            "name": one.name,
            "alternate_name": one.acronym,
            "description": one.summary,
            "url": link(one.website),
            "email": one.email,
            "status": "temporarily closed" if closure and not closure.opening_hours and one.published else status,
            "interpretation_services": one.interpreting,
            "application_process": " ; ".join(part for part in (one.appointment, one.reach_link) if part),
            "fees_description": one.cost,
            "eligibility_description": " ; ".join(part for part in (one.audience, one.conditions) if part),
            "assured_date": one.verified_on.isoformat() if one.verified_on else None,
            "alert": closure.message if closure else None,
            "last_modified": moment(one.edited_at),
            "organization": organization(one.organisation) if one.organisation else None,
        }
    )


def full_service(one: Service, now: datetime) -> Object:
    terms = [("topics", key) for key in one.topics] + [("audiences", key) for key in one.audiences]
    return said(
        {
            **service(one, now),
            "phones": [{"id": uuid("phone", one.uuid), "number": one.phone}] if one.phone else None,
            "schedules": _schedules(one.uuid, one),
            "languages": [{"id": uuid("language", one.uuid, code), "code": code} for code in one.spoken],
            "required_documents": [{"id": uuid("paper", one.uuid, name), "document": name} for name in one.papers],
            "cost_options": _costs(one),
            "capacities": _capacity(one),
            "service_at_locations": [_at_location(site) for site in one.sites],
            "attributes": [_attribute(one.uuid, name, key) for name, key in terms],
        }
    )


def moment(at: datetime | None) -> str | None:
    return at.replace(tzinfo=UTC).isoformat() if at else None


def _schedules(owner: str, one: Service) -> list[Object]:
    regular = schedules.rows(one.opening_hours)
    special = [
        {"valid_from": c.begins.isoformat(), "valid_to": c.ends.isoformat(), "description": c.message or "Fermé"}
        for c in one.closures
    ]
    text = {"description": one.opening_hours_text} if one.opening_hours_text else {}
    rows = [{**text, **row} for row in regular] or ([text] if text else [])
    return [{"id": uuid("schedule", owner, str(number)), **row} for number, row in enumerate([*rows, *special])]


def _costs(one: Service) -> list[Object]:
    free = {"id": uuid("cost", one.uuid), "option": "gratuit", "amount": 0, "currency": "EUR"}
    return [free] if one.cost == "gratuit" else []


def _capacity(one: Service) -> list[Object]:
    if not one.capacity:
        return []
    available, words = _CAPACITY[one.capacity]
    updated = datetime.combine(one.capacity_on or date(2000, 1, 1), datetime.min.time(), UTC)
    unit = {"id": uuid("unit", "places"), "name": "places"}
    told = {"unit": unit, "available": available, "description": words, "updated": updated.isoformat()}
    return [{"id": uuid("capacity", one.uuid), **told}]


def _attribute(owner: str, taxonomy_name: str, key: str) -> Object:
    known = term(taxonomy_name, key)
    about = {"link_id": owner, "taxonomy_term_id": known["id"], "link_entity": "service", "link_type": taxonomy_name}
    return {"id": uuid("attribute", owner, taxonomy_name, key), **about, "value": key, "taxonomy_term": known}


def _at_location(site: Site) -> Object:
    return {"id": site.uuid, "location": location(site)}


def service_at_location(site: Site, now: datetime, full: bool) -> Object:
    """``service`` stands in the basic form only: HSDS knows no service inside a full one."""
    if not full:
        place = {k: v for k, v in location(site).items() if k not in ("addresses", "accessibility")}
        return {"id": site.uuid, "location": place, "service": service(site.service, now)}
    told = {"id": site.uuid, "service_id": site.service.uuid, "location_id": uuid("location", site.uuid)}
    return said({**told, "location": location(site), "schedules": _schedules(site.uuid, site.service)})


def location(site: Site) -> Object:
    accessible = {"yes": "Accessible en fauteuil roulant", "limited": "Accessible en partie", "no": "Non accessible"}
    access = accessible.get(site.wheelchair)
    placed = site.lat is not None and site.lon is not None and site.precision != "commune"
    return said(
        {
            "id": uuid("location", site.uuid),
            "location_type": "physical",
            "name": site.name,
            "transportation": site.access,
            "latitude": site.lat if placed else None,
            "longitude": site.lon if placed else None,
            "addresses": _addresses(site),
            "accessibility": [{"id": uuid("accessibility", site.uuid), "description": access}] if access else None,
        }
    )


def _addresses(site: Site) -> list[Object]:
    """HSDS wants all parts of an address; half of one is not told."""
    if not (site.address and site.city and site.postcode):
        return []
    told = {"address_1": site.address, "address_2": site.address_more, "city": site.city, "postal_code": site.postcode}
    where = {"state_province": site.insee[:2] or site.postcode[:2], "country": _COUNTRY, "address_type": "physical"}
    return [said({"id": uuid("address", site.uuid), **told, **where})]
