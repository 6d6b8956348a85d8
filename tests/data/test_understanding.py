"""The shipped model understands at least as well as the one recorded (tests/evaluation/recorded.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluation import figures, judge, read_rows
from bot.settings import ROOT

EVALUATION = ROOT / "tests" / "evaluation"
RECORDED = json.loads((EVALUATION / "recorded.json").read_text())
# A point: less than that is chance on about 180 rows a language.
MAY_FALL = 0.01


@pytest.fixture(scope="module")
def found(model: Path) -> dict[str, dict[str, float]]:
    rows = [row for path in sorted(EVALUATION.glob("*.csv")) for row in read_rows(path)]
    return figures(list(judge(model, rows)))


@pytest.mark.parametrize("measure", ["accuracy", "among_first_three", "emergency_recall", "language_heard"])
def test_overall_it_does_not_fall(found: dict[str, dict[str, float]], measure: str) -> None:
    for group in ("all", "all plain", "all hard"):
        assert found[group][measure] >= RECORDED[group][measure] - MAY_FALL, group


def test_no_language_falls(found: dict[str, dict[str, float]]) -> None:
    fallen = {
        language: (found[language]["accuracy"], recorded["accuracy"])
        for language, recorded in RECORDED.items()
        if " " not in language and found[language]["accuracy"] < recorded["accuracy"] - MAY_FALL
    }
    assert fallen == {}
