"""Records as structures and services of data·inclusion v1."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from directory.models import Organisation, Service
from directory.shelving import NO, YES, free
from directory.tables import audiences, topics

Object = dict[str, Any]
# A service that stands for itself comes back as no organisation.
OWN_STRUCTURE = "structure-"
_LONGEST_NAME = 150
_LONGEST_TEXT = 10_000
REACH = {
    "come": "se-presenter",
    "call": "telephoner",
    "mail": "envoyer-un-courriel",
    "link": "utiliser-lien-mobilisation",
}
REACH_BY = {"oneself": "usagers", "professional": "professionnels"}
_FREE = {YES: "gratuit", NO: "payant"}


def structure(one: Organisation, today: date) -> Object:
    return _said(
        {
            "source": one.source,
            "id": f"{one.source}--{one.id}",
            "nom": name(one.name),
            "date_maj": _day(one.edited_at.date() if one.edited_at else None, today),
            "description": one.description if len(one.description) >= 5 else None,
            "siret": one.siret,
            "site_web": _link(one.website),
            "reseaux_porteurs": sorted(one.networks),
        }
    )


def own_structure(one: Service, today: date) -> Object:
    """A service that nobody is known to run stands for itself: data·inclusion wants a structure for each."""
    site = _address(one)
    told = {"source": one.source, "id": structure_id(one), "nom": name(one.name), "date_maj": updated(one, today)}
    return _said({**told, **site, "telephone": phone(one.phone), "courriel": one.email})


def structure_id(one: Service) -> str:
    if one.organisation:
        return f"{one.organisation.source}--{one.organisation.id}"
    return f"{one.source}--{OWN_STRUCTURE}{one.id}"


def service(one: Service, today: date) -> Object:
    return _said(
        {
            "source": one.source,
            "id": f"{one.source}--{one.id}",
            "structure_id": structure_id(one),
            "nom": name(one.name),
            "description": description(one),
            "lien_source": None,
            "date_maj": updated(one, today),
            "thematiques": sorted({value for key in one.topics for value in topics()[key].thematiques}),
            "frais": _FREE.get(free(one.cost)),
            "frais_precisions": one.cost if one.cost != "gratuit" else None,
            "publics": publics(one.audiences),
            "publics_precisions": one.audience,
            "conditions_acces": conditions(one),
            **_address(one),
            "telephone": phone(one.phone),
            "courriel": one.email,
            "modes_accueil": ["en-presentiel"] if one.address else None,
            "lien_mobilisation": _link(one.reach_link),
            "modes_mobilisation": sorted(REACH[way] for way in one.reach),
            "mobilisable_par": sorted(REACH_BY[who] for who in one.reach_by),
            "mobilisation_precisions": one.appointment,
            "horaires_accueil": one.opening_hours,
        }
    )


def _said(values: Object) -> Object:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def name(text: str) -> str:
    """150 characters at most, cut at a word, and no full stop."""
    if len(text) > _LONGEST_NAME:
        text = text[: _LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"
    return text if text.endswith("etc.") else text.rstrip(".")


def description(one: Service) -> str:
    text = one.summary if len(one.summary) >= 5 else f"{one.name} {one.summary}".strip()
    return text[:_LONGEST_TEXT]


def updated(one: Service, today: date) -> str:
    """When the information is of: checked, else edited, else the date of its source."""
    edited = one.edited_at.date() if one.edited_at else None
    return _day(one.verified_on or edited or _first_day(one.source_date), today)


def _first_day(said: str) -> date | None:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", said)
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None


def _day(known: date | None, today: date) -> str:
    """data·inclusion wants a date of this century; without any, the day of the export. After midnight in Paris it is
    still yesterday for a reader in UTC, who refuses a date of tomorrow."""
    latest = min(today, datetime.now(UTC).date())
    return (min(known, latest) if known and known.year >= 2000 else latest).isoformat()


def publics(keys: list[str]) -> list[str]:
    """« tous-publics » stands alone, and for those that data·inclusion has no word for nothing stands."""
    found = sorted({value for key in keys for value in audiences()[key].publics})
    return [value for value in found if value != "tous-publics"] or found


def conditions(one: Service) -> str:
    papers = f"Papiers à apporter : {', '.join(one.papers)}" if one.papers else ""
    return "\n".join(part for part in (one.conditions, papers) if part)


def _address(one: Service) -> Object:
    site = one.site
    if site is None:
        return {}
    placed = site.precision != "commune"
    return {
        "commune": re.sub(r" cedex.*", "", site.city, flags=re.IGNORECASE),
        "code_postal": site.postcode if re.fullmatch(r"\d{5}", site.postcode) else None,
        "code_insee": site.insee,
        "adresse": site.address,
        "complement_adresse": site.address_more,
        "longitude": site.lon if placed else None,
        "latitude": site.lat if placed else None,
    }


def phone(text: str) -> str | None:
    """One number, in the international form where it has one: "02 40 41 20 20" → "+33240412020"."""
    digits = re.sub(r"[^\d+]", "", text.split("/")[0])
    return f"+33{digits[1:]}" if re.fullmatch(r"0\d{9}", digits) else digits or None


def _link(text: str) -> str | None:
    return text if re.match(r"https?://\S+\.\S+$", text) else None
