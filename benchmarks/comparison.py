"""Compares ways of understanding on the same sentences: ``make compare`` writes docs/understanding/comparison.md.

Runs in the engine's environment. Rasa's classifiers are trained by Rasa itself; concepts reach them as words at the end
of a message (``c_school``), so that every classifier gets the same ones. Every fourth training sentence is used: DIET
needs about an hour for all. What is measured on is tests/evaluation.
"""

from __future__ import annotations

import asyncio
import csv
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from bot.nlu.concepts import Lexicon
from bot.nlu.features import Features
from bot.nlu.folding import fold
from bot.nlu.intents import LinearIntentClassifier
from bot.nlu.typing_errors import misspelt

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "understanding" / "comparison.md"
EVERY = 4
TIMED = 300


class Row(NamedTuple):
    language: str
    intent: str
    text: str
    hard: bool = False


class Result(NamedTuple):
    """Accuracies from 0 to 1; seconds of training, milliseconds a message, megabytes of the training process."""

    plain: float
    hard: float
    macro_f1: float
    seconds: float
    ms: float
    memory: float


def taught() -> list[Row]:
    rows = []
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        (item,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        rows += [Row(path.parent.name, path.stem, line[2:].strip()) for line in item["examples"].splitlines()]
    return rows[::EVERY]


def judged() -> list[Row]:
    rows = []
    for path in sorted((ROOT / "tests" / "evaluation").glob("[a-z][a-z].csv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows += [
                Row(one["lang"], one["intent"], one["text"], one["difficulty"] == "hard")
                for one in csv.DictReader(file)
            ]
    return rows


def with_noise(rows: list[Row]) -> list[Row]:
    chance = random.Random(0)
    return [*rows, *(row._replace(text=misspelt(row.text, chance)) for row in rows if chance.random() < 0.5)]


def with_concepts(rows: list[Row], lexicon: Lexicon) -> list[Row]:
    def told(row: Row) -> str:
        found = lexicon.concepts(row.text, dict.fromkeys([row.language, "fr"]))
        return " ".join([row.text, *(f"c_{concept.lower()}" for concept in found)])

    return [row._replace(text=told(row)) for row in rows]


COUNTS = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
DIET = {"name": "DIETClassifier", "epochs": 30, "entity_recognition": False, "constrain_similarities": True}
RASA: dict[str, list[dict[str, Any]]] = {
    "DIET, 30 epochs, on words and letters (Rasa's starter pipeline)": [*COUNTS, DIET],
    "Rasa's LogisticRegressionClassifier": [*COUNTS, {"name": "LogisticRegressionClassifier"}],
}


def by_rasa(pipeline: list[dict[str, Any]], rows: list[Row], asked: list[Row]) -> Result:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        groups = defaultdict(list)
        for row in rows:
            groups[row.intent].append(" ".join(row.text.split()))
        nlu = [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in groups.items()
        ]
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), "utf-8")
        config = {"recipe": "default.v1", "language": "xx", "pipeline": pipeline, "policies": [], "assistant_id": "x"}
        (folder / "config.yml").write_text(yaml.safe_dump(config))
        started = time.monotonic()
        command = [sys.executable, "-m", "bot.nlu.launch", "train", "nlu", "--config", str(folder / "config.yml")]
        command += ["--nlu", str(folder / "nlu.yml"), "--out", str(folder), "--fixed-model-name", "model"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        guesses, ms = asyncio.run(_read(folder / "model.tar.gz", asked))
    return _result(asked, guesses, seconds, ms, memory)


async def _read(model: Path, asked: list[Row]) -> tuple[list[str], float]:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(model)
    assert agent.processor is not None
    guesses, times = [], []
    for row in asked:
        begun = time.perf_counter()
        parsed = await agent.processor.parse_message(UserMessage(row.text))
        times.append((time.perf_counter() - begun) * 1000)
        guesses.append(parsed["intent"]["name"])
    return guesses, statistics.mean(times[-TIMED:])


def _read_own(rows: list[Row], lexicon: Lexicon | None) -> list[tuple[str, list[str], None]]:
    def concepts(row: Row) -> list[str]:
        return lexicon.concepts(row.text, dict.fromkeys([row.language, "fr"])) if lexicon else []

    return [(fold(row.text), concepts(row), None) for row in rows]


class Own:
    """The shipped classifier's features and weights, without Rasa around them."""

    def __init__(self, rows: list[Row], lexicon: Lexicon | None) -> None:
        config = LinearIntentClassifier.get_default_config()
        self._lexicon = lexicon
        self._classifier = LinearIntentClassifier(config, None, None)  # type: ignore[arg-type]
        self._features: Features = self._classifier._features
        seen = self._features.fit_transform(_read_own(rows, lexicon))
        self._classifier._fit(seen, np.array([row.intent for row in rows]))
        self.labels = self._classifier._labels

    def scores(self, row: Row) -> Any:
        columns, values = self._features.row(_read_own([row], self._lexicon)[0])
        return values @ self._classifier._weights[columns] + self._classifier._bias


def by_own(rows: list[Row], asked: list[Row], lexicon: Lexicon | None, models: str) -> Result:
    """``models``: "one" for all languages, "each" language its own, or "both", their scores added."""
    started = time.monotonic()
    whole = Own(rows, lexicon) if models in ("one", "both") else None
    languages = sorted({row.language for row in rows}) if models in ("each", "both") else []
    parts = {one: Own([row for row in rows if row.language == one], lexicon) for one in languages}
    seconds = time.monotonic() - started
    guesses, times = [], []
    for row in asked:
        begun = time.perf_counter()
        chosen = [model for model in (whole, parts.get(row.language)) if model]
        total: dict[str, float] = defaultdict(float)
        for model in chosen:
            scores = model.scores(row)
            for label, score in zip(model.labels, scores / scores.std(), strict=True):
                total[label] += score
        times.append((time.perf_counter() - begun) * 1000)
        guesses.append(max(total, key=lambda label: total[label]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _result(asked, guesses, seconds, statistics.mean(times), memory)


def _result(asked: list[Row], guesses: list[str], seconds: float, ms: float, memory: float) -> Result:
    right = np.array([row.intent == guess for row, guess in zip(asked, guesses, strict=True)])
    hard = np.array([row.hard for row in asked])
    scores = []
    for intent in {row.intent for row in asked}:
        hits = sum(row.intent == guess == intent for row, guess in zip(asked, guesses, strict=True))
        told = sum(row.intent == intent for row in asked) + sum(guess == intent for guess in guesses)
        scores.append(2 * hits / told)
    return Result(right[~hard].mean(), right[hard].mean(), statistics.mean(scores), seconds, ms, memory)


def variants(lexicon: Lexicon, rows: list[Row], asked: list[Row]) -> dict[str, Callable[[], Result]]:
    found: dict[str, Callable[[], Result]] = {}
    for name, models in (("one model", "one"), ("one model a language", "each"), ("both, scores added", "both")):
        for extras in ("", " + concepts", " + concepts + noise"):
            told = with_noise(rows) if "noise" in extras else rows
            known = lexicon if "concepts" in extras else None
            found[f"SVM and Bayes, {name}{extras}"] = lambda t=told, k=known, m=models: by_own(t, asked, k, m)
    for name, pipeline in reversed(RASA.items()):
        for extras in ("", " + concepts", " + concepts + noise"):
            told = with_noise(rows) if "noise" in extras else rows
            told, read = (with_concepts(told, lexicon), with_concepts(asked, lexicon)) if extras else (told, asked)
            found[name + extras] = lambda p=pipeline, t=told, r=read: by_rasa(p, t, r)
    return found


def as_line(name: str, one: Result) -> str:
    shares = " | ".join(f"{share:.3f}" for share in (one.plain, one.hard, one.macro_f1))
    return f"| {name} | {shares} | {one.seconds:.0f} | {one.ms:.1f} | {one.memory:.0f} |"


def page(results: dict[str, Result], rows: int, asked: int) -> str:
    machine = f"{platform.system()} {platform.machine()}, 2 cores, Python {platform.python_version()}"
    head = f"""# Ways of understanding, compared

Written by `make compare` on {date.today()}; machine: {machine}. Every fourth training sentence ({rows}),
measured on the {asked} judged messages, each in the language its file says. Time and memory of Rasa's own
include Rasa; of ours they do not.

| | plain | hard | macro-F1 | training, s | a message, ms | memory, MB |
|---|---|---|---|---|---|---|
"""
    return head + "\n".join(as_line(name, one) for name, one in results.items()) + "\n"


def main() -> None:
    lexicon = Lexicon((ROOT / "data" / "concepts").glob("*.txt"))
    kept = ROOT / "var" / "comparison.json"
    kept.parent.mkdir(exist_ok=True)
    results: dict[str, Result] = {}
    rows, asked = taught(), judged()
    for name, run in variants(lexicon, rows, asked).items():
        print(f"· {name}", flush=True)
        results[name] = run()
        kept.write_text(json.dumps({known: result._asdict() for known, result in results.items()}, default=float))
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(results, len(rows), len(asked)), "utf-8")


if __name__ == "__main__":
    main()
