"""Which services fit a need, best first, with the reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.turn import Point
from directory.errors import UnknownService
from directory.geo import NANTES, walk_m
from directory.hours import hours_at
from directory.models import EmergencyNumber, Service, ServiceTopic

# What makes a service the better answer. Points add up; the table is the whole policy.
WEIGHTS = {
    "first_door": 4.0,  # an official source says that one begins there
    "main_topic": 3.0,  # the service exists for this need
    "second_topic": 1.5,  # the need is the second thing that it does
    "only_topic": 1.0,  # and it does nothing else
    "checked": 2.0,  # somebody of the mission checked it
    "high": 1.5,  # confidence of the source
    "medium": 0.75,
    "address": 1.0,  # there is somewhere to go
    "phone": 0.5,  # there is somebody to call first
    "open_now": 0.5,
    "referral": -4.0,  # one cannot go there by oneself
    "far_away": -3.0,  # outside the department
    "other_commune": -4.0,  # serves the inhabitants of a commune, and that is another one
    "per_km": -0.6,  # once the place is known
}
MOST_KM = 8.0
# A service without a position (on line, by phone) counts as if it were this far.
NOWHERE_KM = 5.0
DEPARTMENT = "44"


@dataclass(frozen=True)
class Need:
    """A topic (an intent name without ``ask_``), where the person is, the INSEE codes around, what was shown."""

    topic: str
    near: Point | None = None
    communes: tuple[str, ...] = (NANTES,)
    skip: Collection[str] = ()


@dataclass(frozen=True)
class Found:
    """``reasons`` are keys of WEIGHTS with the points each gave."""

    service_id: str
    distance_m: int | None
    reasons: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(self.reasons.values())


def find(session: Session, need: Need, now: datetime) -> list[Found]:
    """Published services for a need, best first; equal ones by id, so that the order never changes by itself."""
    query = (
        select(Service, ServiceTopic)
        .join(ServiceTopic, ServiceTopic.service_id == Service.id)
        .where(ServiceTopic.topic == need.topic, Service.published)
    )
    rows = [(service, link) for service, link in session.execute(query) if service.id not in need.skip]
    found = [_weigh(service, link, need, now) for service, link in rows]
    return sorted(found, key=lambda one: (-one.score, one.service_id))


def _weigh(service: Service, link: ServiceTopic, need: Need, now: datetime) -> Found:
    distance = distance_m(service, need.near)
    said = {
        "first_door": link.first_door,
        "main_topic": link.rank == 0,
        "second_topic": link.rank == 1,
        "checked": service.verified_on is not None,
        service.confidence: True,
        "address": bool(service.address),
        "phone": bool(service.phone),
        "open_now": hours_at(service.opening_hours, now).state == "open",
        "referral": service.appointment.startswith("sur orientation"),
        "only_topic": link.rank == 0 and len(service.topics) == 1,
        "far_away": not (service.insee or service.postcode or DEPARTMENT).startswith(DEPARTMENT),
        "other_commune": _residents_only(service) and service.insee not in need.communes,
    }
    reasons = {name: WEIGHTS[name] for name, true in said.items() if true and name in WEIGHTS}
    if need.near:
        km = NOWHERE_KM if distance is None else min(distance / 1000, MOST_KM)
        reasons["per_km"] = round(WEIGHTS["per_km"] * km, 3)
    return Found(service.id, distance, reasons)


def _residents_only(service: Service) -> bool:
    """As the records say it: « Habitants de Rezé », « liées à la commune », or run by the commune itself."""
    said = service.audience.startswith("Habitants") or "la commune" in service.audience
    return said or service.operator == "Commune"


def distance_m(service: Service, near: Point | None) -> int | None:
    """Metres on foot, when both ends are known better than by commune."""
    if near is None or service.lat is None or service.lon is None or service.precision == "commune":
        return None
    return walk_m(near, Point(service.lat, service.lon))


def published_service(session: Session, service_id: str) -> Service:
    """Raises UnknownService."""
    service = session.get(Service, service_id)
    if service is None or not service.published:
        raise UnknownService(service_id)
    return service


def emergency_numbers(session: Session, numbers: Collection[str]) -> list[EmergencyNumber]:
    """Those that the directory has, in the order asked."""
    rows = session.scalars(select(EmergencyNumber).where(EmergencyNumber.number.in_(numbers)))
    known = {row.number: row for row in rows}
    return [known[number] for number in numbers if number in known]
