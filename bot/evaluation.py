"""How well messages are understood: a file of judged messages, read as the conversation reads them."""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.i18n.detection import Detector
from bot.i18n.letters import Letters, sentences
from bot.settings import ROOT
from bot.training import ENGINE_PYTHON, engine_environment
from bot.turn import TOPICS

GUESSES = 3
OVERALL = "all"


class UnreadableFile(Exception):
    """The file has no columns lang, text, intent, or names an unknown intent; the text says which."""


@dataclass(frozen=True)
class Judged:
    """One row of the file, and what was made of it. ``heard`` is the language detected."""

    lang: str
    text: str
    intent: str
    difficulty: str
    heard: str
    ranking: tuple[tuple[str, float], ...]
    ms: float

    @property
    def guess(self) -> str:
        return self.ranking[0][0]

    @property
    def right(self) -> bool:
        return self.guess == self.intent


def read_rows(path: Path) -> list[dict[str, str]]:
    """Raises UnreadableFile."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"lang", "text", "intent"} <= set(rows[0]):
        raise UnreadableFile(f"{path}: the first line must name the columns lang, text, intent")
    return rows


def judge(model: Path, rows: Sequence[dict[str, str]]) -> Iterator[Judged]:
    """One result a row, as they come; the model is loaded once, in the engine's environment."""
    detector = Detector(Letters.learn(sentences(ROOT / "data" / "nlu")))
    heard = [detector.settle(row["text"], chosen=None, last=None, hint=None) for row in rows]
    asked = (json.dumps({"text": row["text"], "heard": language}) for row, language in zip(rows, heard, strict=True))
    command = [str(ENGINE_PYTHON), "-m", "bot.nlu.reader", str(model)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=engine_environment(), text=True, **pipes) as engine:  # type: ignore[call-overload]
        for row, language, question in zip(rows, heard, asked, strict=True):
            engine.stdin.write(question + "\n")
            engine.stdin.flush()
            answer = json.loads(engine.stdout.readline())
            ranking = tuple((name, sure) for name, sure in answer["ranking"])
            difficulty = row.get("difficulty", "")
            yield Judged(row["lang"], row["text"], row["intent"], difficulty, language, ranking, answer["ms"])
        engine.stdin.close()


def figures(judged: Iterable[Judged]) -> dict[str, dict[str, float]]:
    """Per language, per language and difficulty ("fr hard"), and overall; see ``measure``."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for name in (OVERALL, one.lang):
            groups[name].append(one)
            if one.difficulty:
                groups[f"{name} {one.difficulty}"].append(one)
    return {name: measure(groups[name]) for name in sorted(groups, key=lambda name: (name.split()[0] != OVERALL, name))}


def measure(judged: Sequence[Judged]) -> dict[str, float]:
    """Shares from 0 to 1, milliseconds for ``mean_ms`` and ``p95_ms``; a share of nothing is left out."""
    topics = [one for one in judged if one.intent in TOPICS]
    beside = [one for one in judged if one.intent == "out_of_scope"]
    called_beside = [one for one in judged if one.guess == "out_of_scope"]
    danger = [one for one in judged if one.intent == "emergency"]
    times = [one.ms for one in judged]
    found = {
        "rows": float(len(judged)),
        "accuracy": _share(one.right for one in judged),
        "macro_f1": macro_f1(judged),
        "among_first_three": _share(one.intent in [name for name, _ in one.ranking[:GUESSES]] for one in judged),
        "topic_accuracy": _share(one.right for one in topics),
        "out_of_scope_precision": _share(one.right for one in called_beside),
        "out_of_scope_recall": _share(one.right for one in beside),
        "emergency_recall": _share(one.right for one in danger),
        "language_heard": _share(one.heard == one.lang for one in judged),
        "mean_ms": statistics.mean(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
    }
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def macro_f1(judged: Sequence[Judged]) -> float:
    """Mean over the intents that occur, of the harmonic mean of precision and recall."""
    scores = []
    for intent in {one.intent for one in judged}:
        right = sum(one.right for one in judged if one.intent == intent)
        wanted = sum(one.intent == intent for one in judged)
        called = sum(one.guess == intent for one in judged)
        scores.append(2 * right / (wanted + called))
    return statistics.mean(scores)


def _share(true: Iterable[bool]) -> float | None:
    values = list(true)
    return sum(values) / len(values) if values else None


COLUMNS = ("rows", "accuracy", "macro_f1", "among_first_three", "topic_accuracy", "emergency_recall", "language_heard")


def as_table(found: dict[str, dict[str, float]]) -> str:
    lines = [f"{'':12}" + "".join(f"{name:>18}" for name in COLUMNS)]
    for group, values in found.items():
        cells = [f"{values[name]:.3f}" if name in values and name != "rows" else "" for name in COLUMNS]
        cells[0] = f"{values['rows']:.0f}"
        lines.append(f"{group:12}" + "".join(f"{cell:>18}" for cell in cells))
    overall = found[OVERALL]
    beside = f"{overall.get('out_of_scope_precision', 0):.3f} / {overall.get('out_of_scope_recall', 0):.3f}"
    lines.append(f"\nout of scope, precision / recall: {beside}")
    lines.append(f"a message: {overall['mean_ms']:.1f} ms in the mean, {overall['p95_ms']:.1f} ms at p95")
    return "\n".join(lines)


def write_errors(path: Path, judged: Iterable[Judged]) -> None:
    """The misread rows with the three best guesses."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer: Any = csv.writer(file)
        writer.writerow(["lang", "difficulty", "text", "intent", "heard", "guess_1", "guess_2", "guess_3"])
        for one in judged:
            if not one.right:
                guesses = [f"{name} {sure:.2f}" for name, sure in one.ranking[:GUESSES]]
                writer.writerow([one.lang, one.difficulty, one.text, one.intent, one.heard, *guesses])
