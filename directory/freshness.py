"""How far a record can be trusted today: a grade, never a reason to hide it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from directory.models import Service

Freshness = Literal["fresh", "to_confirm", "stale"]
_MONTH_DAYS = 30.44


def freshness(service: Service, today: date) -> Freshness:
    """Checked by the mission: by age against ``check_every``. Never checked: to confirm, or stale when its only
    source is one old or indirect text (confidence ``low``)."""
    if service.verified_on is None:
        return "stale" if service.confidence == "low" else "to_confirm"
    months = (today - service.verified_on).days / _MONTH_DAYS
    if months <= service.check_every:
        return "fresh"
    return "to_confirm" if months <= 2 * service.check_every else "stale"
