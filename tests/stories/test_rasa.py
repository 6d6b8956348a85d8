"""Rasa's own checks: its validation of domain, data and rules, and its story test with the trained model."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.settings import ROOT
from bot.training import ENGINE_PYTHON, engine_environment


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(ENGINE_PYTHON), "-m", "bot.nlu.launch", *arguments]
    return subprocess.run(command, cwd=ROOT, env=engine_environment(), capture_output=True, text=True, timeout=300)


def test_rasa_finds_nothing_wrong_with_domain_data_and_rules() -> None:
    told = rasa("data", "validate", "--domain", "domain.yml", "--data", "data/nlu", "data/stories")
    said = told.stdout + told.stderr
    assert told.returncode == 0, said
    assert "No story structure conflicts found" in said
    # Its exit code misses some; warnings are read too.
    assert [line for line in said.splitlines() if "WARNING" in line or "UserWarning" in line] == []


def test_rasas_own_story_test(model: Path, tmp_path: Path) -> None:
    told = rasa(
        *("test", "core", "--model", str(model), "--stories", "tests/stories/rasa.yml"),
        *("--out", str(tmp_path), "--fail-on-prediction-errors", "--no-plot"),
    )
    assert told.returncode == 0, told.stdout + told.stderr
    report = (tmp_path / "story_report.json").read_text()
    assert '"accuracy": 1.0' in report
