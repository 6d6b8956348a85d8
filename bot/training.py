"""Trains the model when its inputs changed, and tells how far it is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from bot.settings import ROOT, Settings

ENGINE_PYTHON = ROOT / ".venv" / "engine" / "bin" / "python"
# Everything that a model is made from; the name of a model is the fingerprint of these.
INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu/*/*.yml",
    "data/stories/*.yml",
    "data/danger/*.yml",
    "data/concepts/*.txt",
    "bot/nlu/*.py",
    "bot/nlu/*.yml",
    "directory/seed/places.csv",
    "directory/seed/spellings.csv",
    "requirements/engine.txt",
)
KEPT_MODELS = 3
Names = Mapping[str, str]
NOBODY: Names = {}
_LAST_LINES = 20
# What Rasa's log says, and what a person wants to know.
_PHASES = (
    (re.compile(r"Starting to train component '(\w+)'"), "learning: {}"),
    (re.compile(r"Finished training component '(\w+)'"), None),
    (re.compile(r"Your Rasa model is trained"), "saving the model"),
)


class TrainingFailed(Exception):
    """The last lines of Rasa's log."""


def fingerprint(root: Path = ROOT, encoder: Path | None = None, names: Names = NOBODY) -> str:
    digest = hashlib.sha256(json.dumps(dict(names), sort_keys=True).encode())
    if encoder:
        for path in sorted(encoder.rglob("model.onnx")):
            digest.update(f"{encoder.name} {path.stat().st_size}".encode())
    for pattern in INPUTS:
        for path in sorted(root.glob(pattern)):
            digest.update(f"{path.relative_to(root)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings, names: Names = NOBODY) -> Path:
    return settings.var / "models" / f"{fingerprint(encoder=settings.encoder, names=names)}.tar.gz"


def train(settings: Settings, tell: Callable[[str], None], names: Names = NOBODY, *, again: bool = False) -> Path:
    """The model of today's inputs; trained only when it is not there. ``names``: whom the directory knows, see
    directory.names. Raises TrainingFailed."""
    model = model_path(settings, names)
    if model.exists() and not again:
        return model
    started = time.monotonic()
    tell("Training the model: reading the sentences")
    for phase in _run(settings, model, names):
        tell(f"Training the model: {phase} ({time.monotonic() - started:.0f} s)")
    tell(f"Training the model: done in {time.monotonic() - started:.0f} s")
    _forget_old(model.parent)
    return model


def engine_environment() -> dict[str, str]:
    """For every process of the engine: one thread for algebra (more only steal from the app), no telemetry."""
    own = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**os.environ, **own, **quiet}


def _run(settings: Settings, model: Path, names: Names) -> Iterator[str]:
    model.parent.mkdir(parents=True, exist_ok=True)
    logs = settings.var / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    # Under a passing name first: a model that is half written is never taken for one.
    unfinished = f"unfinished-{model.name.removesuffix('.tar.gz')}"
    command = [str(ENGINE_PYTHON), "-m", "bot.nlu.launch", "train", "--skip-validation", "--force"]
    command += [
        "--config",
        "config.yml",
        "--domain",
        "domain.yml",
        "--data",
        "data/nlu",
        "data/stories",
        str(_write_names(settings, names)),
    ]
    command += ["--out", str(model.parent), "--fixed-model-name", unfinished]
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with (
        open(logs / "training.log", "w") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=engine_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            last.append(line.rstrip()[-300:])
            yield from _phases(line)
    made = model.parent / f"{unfinished}.tar.gz"
    if process.returncode or not made.exists():
        raise TrainingFailed("\n".join(last))
    made.rename(model)


def _write_names(settings: Settings, names: Names) -> Path:
    """As Rasa's synonyms, which the engine's OrganisationExtractor reads."""
    path = settings.var / "names.yml"
    called: dict[str, list[str]] = {}
    for name, value in names.items():
        called.setdefault(value, []).append(" ".join(name.split()))
    nlu = [{"synonym": value, "examples": "".join(f"- {name}\n" for name in known)} for value, known in called.items()]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), "utf-8")
    return path


def _phases(line: str) -> Iterator[str]:
    for pattern, phase in _PHASES:
        found = pattern.search(line)
        if found and phase:
            yield phase.format(*found.groups())


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[KEPT_MODELS:]:
        path.unlink()
