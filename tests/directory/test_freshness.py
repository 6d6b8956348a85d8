"""A record says how far it can be trusted."""

from __future__ import annotations

from datetime import date

import pytest

from directory.freshness import freshness
from directory.models import Service

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("verified_on", "confidence", "grade"),
    [
        (date(2026, 11, 1), "low", "fresh"),
        (date(2026, 3, 1), "high", "to_confirm"),
        (date(2025, 1, 1), "high", "stale"),
        (None, "high", "to_confirm"),
        (None, "medium", "to_confirm"),
        (None, "low", "stale"),
    ],
)
def test_grade(verified_on: date | None, confidence: str, grade: str) -> None:
    service = Service(verified_on=verified_on, confidence=confidence, check_every=6)
    assert freshness(service, TODAY) == grade
