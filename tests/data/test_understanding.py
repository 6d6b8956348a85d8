"""The shipped model understands at least as well as the one recorded (tests/evaluation/recorded.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.report import EMERGENCY, dangers
from bot.evaluation import Judged, figures, judge, read_rows
from bot.settings import ROOT
from bot.turn import LANGUAGES, TOPICS

EVALUATION = ROOT / "tests" / "evaluation"
RECORDED = json.loads((EVALUATION / "recorded.json").read_text())
# A point: less than that is chance on about 180 rows a language.
MAY_FALL = 0.01


@pytest.fixture(scope="module")
def judged(model: Path) -> list[Judged]:
    rows = [row for path in sorted(EVALUATION.glob("[a-z][a-z].csv")) for row in read_rows(path)]
    return list(judge(model, rows))


@pytest.fixture(scope="module")
def found(judged: list[Judged]) -> dict[str, dict[str, float]]:
    return figures(judged)


@pytest.mark.parametrize("measure", ["accuracy", "among_first_three", "emergency_recall", "language_heard"])
def test_overall_it_does_not_fall(found: dict[str, dict[str, float]], measure: str) -> None:
    for group in ("all", "all plain", "all hard"):
        assert found[group][measure] >= RECORDED[group][measure] - MAY_FALL, group


def test_no_language_falls(found: dict[str, dict[str, float]]) -> None:
    fallen = {
        language: (found[language]["accuracy"], recorded["accuracy"])
        for language, recorded in RECORDED.items()
        if language in LANGUAGES and found[language]["accuracy"] < recorded["accuracy"] - MAY_FALL
    }
    assert fallen == {}


def test_danger_is_heard_as_often_as_recorded(model: Path) -> None:
    """A table of its own: 45 dangers and 25 look-alikes a language."""
    heard = dangers(model)
    assert heard["all"][0] >= RECORDED["danger"]["recall"] - MAY_FALL
    assert min(heard[language][0] for language in LANGUAGES) >= RECORDED["danger"]["worst_recall"] - 2 * MAY_FALL


def test_ordinary_needs_raise_no_alarm(judged: list[Judged]) -> None:
    ordinary = [one for one in judged if one.intent in TOPICS]
    assert sum(one.guess == EMERGENCY for one in ordinary) / len(ordinary) < 0.02


def test_a_confident_answer_is_seldom_wrong(judged: list[Judged]) -> None:
    """Under the threshold of config.yml Escale asks back."""
    sure = [one for one in judged if one.ranking[0][1] >= 0.4]
    assert sum(not one.right for one in sure) / len(sure) < 0.03
