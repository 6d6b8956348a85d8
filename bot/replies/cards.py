"""A service as a card: every field comes from its record, read fresh; what no source says is left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.i18n.catalogues import SOURCE, Words, _
from bot.replies.titles import TOPICS
from bot.turn import Point
from directory.freshness import freshness
from directory.hours import PARIS, Hours, hours_at, spans_on
from directory.models import Service
from directory.search import distance_m

_YES = ("oui", "sur rendez-vous")
_FREE = ("gratuit",)


def card(service: Service, words: Words, now: datetime, near: Point | None = None) -> dict[str, Any]:
    """``lang`` says in which language the record's own texts are; ``hours.text`` and ``confirm`` are in ``words``'."""
    fields = {
        "id": service.id,
        "lang": SOURCE,
        "name": service.name,
        "summary": service.summary,
        "topics": [words.say(TOPICS[f"ask_{topic}"]) for topic in service.topics],
        "address": address(service),
        "distance_m": distance_m(service, near),
        "phone": dialable(service.phone),
        "email": service.email,
        "website": service.website,
        "hours": hours(service, words, now),
        "languages": service.spoken or None,
        "cost": "free" if service.cost in _FREE else service.cost,
        "bring": service.papers or None,
        "appointment": service.appointment,
        "checked_on": service.verified_on.isoformat() if service.verified_on else None,
        "freshness": freshness(service, now.date()),
        "confirm": confirm(service, words, now),
        "source_date": service.source_date,
        "lat": service.lat if service.precision != "commune" else None,
        "lon": service.lon if service.precision != "commune" else None,
        "links": {"map": map_link(service)} if map_link(service) else {},
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}


def address(service: Service) -> str:
    town = " ".join(part for part in (service.postcode, service.city) if part)
    return ", ".join(part for part in (service.address, town) if part) if service.address else ""


def dialable(phone: str) -> str:
    """ "02 40 41 20 20" → "+33240412020"; short numbers ("36 46", "115") as they are dialled."""
    digits = "".join(char for char in phone.split("/")[0] if char.isdigit())
    return f"+33{digits[1:]}" if len(digits) == 10 and digits.startswith("0") else digits


def map_link(service: Service) -> str | None:
    if service.lat is None or service.precision in ("commune", "none"):
        return None
    return f"https://www.openstreetmap.org/?mlat={service.lat}&mlon={service.lon}#map=17/{service.lat}/{service.lon}"


def confirm(service: Service, words: Words, now: datetime) -> str:
    """What a person must know before going there on the strength of this record."""
    grade = freshness(service, now.date())
    return words.say(CONFIRM[grade, bool(service.phone)]) if grade != "fresh" else ""


CONFIRM = {
    ("to_confirm", True): _("À confirmer : appelez d'abord."),
    ("to_confirm", False): _("À confirmer avant d'y aller."),
    ("stale", True): _("Information ancienne ou peu sûre. Appelez avant d'y aller."),
    ("stale", False): _("Information ancienne ou peu sûre. Vérifiez avant d'y aller."),
}


def hours(service: Service, words: Words, now: datetime) -> dict[str, Any]:
    known = hours_at(service.current_hours, now, by_appointment=service.appointment.startswith(_YES))
    said: dict[str, Any] = {"state": known.state, "text": hours_text(known, words, now, bool(service.phone))}
    if known.change:
        said["next"] = known.change.isoformat()
    closure = service.closure_on(now.astimezone(PARIS).date())
    note = closure.message if closure and closure.message else service.opening_hours_text
    if note:
        said["note"] = note
    return said


def week(service: Service, words: Words, now: datetime) -> str:
    """The opening times of the coming seven days, a line a day, days closed left out; "" when nobody knows them."""
    today = now.astimezone(PARIS).date()
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    lines = [(day, spans_on(service.current_hours, day)) for day in days]
    return "\n".join(f"{words.weekday(day)} {_spans(spans, words)}" for day, spans in lines if spans)


def _spans(spans: list[tuple[datetime, datetime]], words: Words) -> str:
    return ", ".join(f"{words.time(start)}–{words.time(end)}" for start, end in spans)


def hours_text(known: Hours, words: Words, now: datetime, can_call: bool) -> str:
    if known.state == "appointment":
        return words.say(_("Sur rendez-vous"))
    if known.state == "unknown" or (known.state == "closed" and not known.change):
        return words.say(_("Horaires inconnus : appelez d'abord") if can_call else _("Horaires inconnus"))
    if known.always or not known.change:
        return words.say(_("Ouvert jour et nuit"))
    time = words.time(known.change)
    if known.state == "open":
        return words.say(_("Ouvert jusqu'à {time}"), time=time)
    days = (known.change.date() - now.astimezone(PARIS).date()) // timedelta(days=1)
    if days == 0:
        return words.say(_("Fermé. Ouvre aujourd'hui à {time}"), time=time)
    if days == 1:
        return words.say(_("Fermé. Ouvre demain à {time}"), time=time)
    if days < 7:
        return words.say(_("Fermé. Ouvre {day} à {time}"), day=words.weekday(known.change), time=time)
    return words.say(_("Fermé. Ouvre le {date} à {time}"), date=words.day(known.change), time=time)
