"""How organisations and services are called, for the engine to recognise them in a message."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Organisation, Service

# "Restos du cœur – bus du cœur (Pirmil)": people say what stands before the dash.
DASH = " – "
SHORTEST = 3


def known_names(session: Session) -> dict[str, str]:
    """Name → what is called so: ``organisation/<id>``, ``service/<id>``, several with a space between."""
    organisations = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    called: dict[str, set[str]] = defaultdict(set)
    for one in organisations:
        for name in (one.name, one.acronym, *one.other_names):
            called[name.strip()].add(f"organisation/{one.id}")
    for service in session.scalars(select(Service).where(Service.published).order_by(Service.id)):
        for name in (service.name.split(DASH)[0], service.acronym):
            # An organisation's own name means the organisation, whatever its services are called.
            if not any(value.startswith("organisation/") for value in called[name.strip()]):
                called[name.strip()].add(f"service/{service.id}")
    return {
        name: " ".join(sorted(values)) for name, values in sorted(called.items()) if len(name) >= SHORTEST and values
    }
