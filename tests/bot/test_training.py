"""A model is trained when its inputs changed, by content and not by date."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings
from bot.training import INPUTS, TrainingFailed, fingerprint, model_path, train


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "nlu" / "fr").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "fr" / "greet.yml").write_text("nlu: []")
    return tmp_path


def test_dates_do_not_count_and_content_does(project: Path) -> None:
    before = fingerprint(project)
    os.utime(project / "config.yml", (1, 1))
    assert fingerprint(project) == before
    (project / "data" / "nlu" / "fr" / "greet.yml").write_text("nlu: [ ]")
    assert fingerprint(project) != before


def test_a_renamed_file_counts(project: Path) -> None:
    before = fingerprint(project)
    (project / "data" / "nlu" / "fr" / "greet.yml").rename(project / "data" / "nlu" / "fr" / "hello.yml")
    assert fingerprint(project) != before


def test_every_input_pattern_matches_something() -> None:
    assert all(list(ROOT.glob(pattern)) for pattern in INPUTS)


def test_a_model_of_the_same_inputs_is_not_trained_again(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    model_path(settings).parent.mkdir()
    model_path(settings).write_bytes(b"")
    assert train(settings, pytest.fail) == model_path(settings)


def test_a_failed_training_leaves_no_model_and_shows_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.training.ENGINE_PYTHON", shutil.which("false"))
    with pytest.raises(TrainingFailed):
        train(Settings(var=tmp_path), lambda said: None)
    assert list((tmp_path / "models").iterdir()) == []
