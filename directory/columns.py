"""The mission's own table: each column with its heading, the field behind it, and how its cells are read and written.

The same table reads the seed files, whose headings are the aliases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from directory import cells
from directory.models import Service
from directory.tables import audiences, topics
from directory.words import folded

SERVICE, SITE, ORGANISATION = "service", "site", "organisation"
YES_NO = {"oui": True, "non": False, "1": True, "0": False, "vrai": True, "faux": False}
CONFIDENCES = {"haute": "high", "moyenne": "medium", "basse": "low"}
CAPACITIES = {"places libres": "free", "liste d'attente": "waiting", "complet": "full"}
REACH = {"se présenter": "come", "téléphoner": "call", "écrire": "mail", "en ligne": "link"}
REACH_BY = {"soi-même": "oneself", "professionnel": "professional"}
HOW = {"appel": "call", "visite": "visit", "courriel": "mail", "site": "web"}
WHEELCHAIR = {"oui": "yes", "en partie": "limited", "non": "no"}
PRECISIONS = {"rue": "street", "arrêt": "stop", "quartier": "quartier", "commune": "commune", "aucune": "none"}


@dataclass(frozen=True)
class Column:
    """``part`` is the record that ``field`` belongs to; ``words`` say in French what a stored value means."""

    heading: str
    part: str
    field: str
    read: cells.Read
    help: str
    aliases: tuple[str, ...] = ()
    words: dict[str, str] | None = None

    def write(self, service: Service) -> str:
        record: Any = {SERVICE: service, SITE: service.site, ORGANISATION: service.organisation}[self.part]
        value = getattr(record, self.field) if record is not None else None
        if self.words is None:
            return cells.written(value)
        values = value if isinstance(value, list) else [value]
        return ";".join(self.words.get(one, cells.written(one)) for one in values if one not in (None, ""))


def _choice(heading: str, part: str, field: str, choices: dict[str, Any], help: str, default: Any = "") -> Column:
    words = {meaning: said for said, meaning in reversed(choices.items())}
    return Column(heading, part, field, cells.one_of(choices, default), help, (field,), words)


def _several(heading: str, field: str, choices: dict[str, str], help: str) -> Column:
    words = {meaning: said for said, meaning in choices.items()}
    return Column(heading, SERVICE, field, cells.several_of(choices), help, (field,), words)


def _text(heading: str, field: str, help: str, *aliases: str, part: str = SERVICE, longest: int = 20_000) -> Column:
    return Column(heading, part, field, cells.text(longest), help, aliases or (field,))


def _made(
    heading: str, field: str, read: Callable[[str], Any], help: str, *aliases: str, part: str = SERVICE
) -> Column:
    return Column(heading, part, field, read, help, aliases or (field,))


COLUMNS = (
    _text("Identifiant", "id", "ne pas changer ; vide pour un nouveau service", longest=120),
    _text("Nom", "name", "obligatoire, comme sur la porte", longest=250),
    _text("Sigle", "acronym", "CAF, SPADA…", longest=80),
    _text("Organisme", "name", "qui tient le service", "operator", part=ORGANISATION, longest=250),
    _made("SIRET", "siret", cells.siret, "14 chiffres", part=ORGANISATION),
    Column(
        *("Thèmes", SERVICE, "topics", cells.topic_list, "le plus important d'abord, séparés par ;", ("topics",)),
        {key: topic.title for key, topic in topics().items()},
    ),
    _text("Résumé", "summary", "ce que l'on y trouve, en phrases courtes", "summary_fr"),
    Column(
        *("Publics", SERVICE, "audiences", cells.audience_list, "séparés par ;", ("audiences",)),
        {key: one.title for key, one in audiences().items()},
    ),
    _text("Publics (précisions)", "audience", "comme le service le dit"),
    _text("Conditions", "conditions", "âge, situation, commune…"),
    _text("Adresse", "address", "numéro et rue", part=SITE, longest=250),
    _text("Complément d'adresse", "address_more", "bâtiment, étage", part=SITE, longest=250),
    _text("Code postal", "postcode", "", part=SITE, longest=20),
    _text("Commune", "city", "", part=SITE, longest=120),
    _text("Code INSEE", "insee", "", part=SITE, longest=5),
    _made("Latitude", "lat", cells.number(-90, 90), "47.2173", part=SITE),
    _made("Longitude", "lon", cells.number(-180, 180), "-1.5534", part=SITE),
    _choice("Précision", SITE, "precision", PRECISIONS, "de la position", "none"),
    _text("Accès", "access", "arrêt, ligne", part=SITE),
    _choice("Fauteuil roulant", SITE, "wheelchair", WHEELCHAIR, ""),
    _made("Téléphone", "phone", cells.phone, "public"),
    _made("Courriel", "email", cells.mail, "public"),
    _made("Téléphone (professionnels)", "phone_professional", cells.phone, "jamais montré au public"),
    _made("Courriel (professionnels)", "email_professional", cells.mail, "jamais montré au public"),
    _made("Site", "website", cells.link, ""),
    _made("Horaires", "opening_hours", cells.hours, "Mo-Fr 09:00-12:00,14:00-17:00", "opening_hours_osm"),
    _text("Horaires (texte)", "opening_hours_text", "ce que les horaires ne disent pas"),
    _made("Langues parlées", "spoken", cells.many, "codes : fr;ar;en"),
    _text("Langues (texte)", "languages", "", "languages"),
    _text("Interprète", "interpreting", "par téléphone, sur place…"),
    _text("Coût", "cost", "gratuit, ou combien"),
    _text("Rendez-vous", "appointment", "oui, non, ou comment"),
    _made("Papiers à apporter", "papers", cells.many, "séparés par ;"),
    _several("Comment venir", "reach", REACH, "séparés par ;"),
    _several("Qui demande", "reach_by", REACH_BY, "séparés par ;"),
    _made("Lien pour demander", "reach_link", cells.link, ""),
    _choice("Places", SERVICE, "capacity", CAPACITIES, ""),
    _made("Places au", "capacity_on", cells.day, "date"),
    _choice("Publié", SERVICE, "published", YES_NO, "non : personne ne le voit", True),
    _text("Source", "source_url", "où on l'a lu"),
    _text("Date de la source", "source_date", "", longest=20),
    _choice("Confiance", SERVICE, "confidence", CONFIDENCES, "dans la source", "low"),
    _made("Vérifié le", "verified_on", cells.day, "date"),
    _text("Vérifié par", "verified_by", "", longest=120),
    _choice("Vérifié comment", SERVICE, "verified_how", HOW, ""),
    _made("Vérifier tous les", "check_every", cells.months, "1, 3, 6 ou 12 mois"),
    _text("Notes pour les agents", "notes", "ne sortent jamais de la mission", "notes"),
)

NAMED = {folded(name): column for column in COLUMNS for name in (column.heading, *column.aliases)}
HEADINGS = {(column.part, column.field): column.heading for column in COLUMNS}
