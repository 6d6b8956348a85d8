"""The report on understanding: ``make report`` writes docs/understanding/report.md and its pictures.

The app's side reads the judged messages as the conversation does; drawing and the learning curve run in the engine's
environment (benchmarks.curves), where matplotlib and the components are.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot import evaluation
from bot.cli import trained
from bot.evaluation import Judged
from bot.settings import ROOT, Settings
from bot.training import ENGINE_PYTHON, engine_environment
from bot.turn import LANGUAGES, TOPICS

EVALUATION = ROOT / "tests" / "evaluation"
FOLDER = ROOT / "docs" / "understanding"
THRESHOLDS = (0.0, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
EMERGENCY = "emergency"


def read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dangers(model: Path) -> dict[str, tuple[float, float, float]]:
    """Per language: recall, recall when a number in front of another answer counts, false alarms."""
    rows = [
        {**row, "intent": EMERGENCY if row["danger"] == "1" else "other"}
        for language in LANGUAGES
        for row in read(EVALUATION / "danger" / f"{language}.csv")
    ]
    judged = list(evaluation.judge(model, rows))
    found = {}
    for name in ("all", *LANGUAGES):
        mine = [one for one in judged if name in ("all", one.lang)]
        danger = [one for one in mine if one.intent == EMERGENCY]
        other = [one for one in mine if one.intent != EMERGENCY]
        maybe = [one for one in danger if dict(one.ranking).get(EMERGENCY, 0) >= 0.15 or one.guess == EMERGENCY]
        found[name] = (
            sum(one.guess == EMERGENCY for one in danger) / len(danger),
            len(maybe) / len(danger),
            sum(one.guess == EMERGENCY for one in other) / len(other),
        )
    return found


def thresholds(judged: Sequence[Judged]) -> list[tuple[float, float, float, float]]:
    """Threshold, share answered at once, share of these that is wrong, share of the asked back with the right one."""
    lines = []
    for threshold in THRESHOLDS:
        sure = [one for one in judged if one.ranking[0][1] >= threshold or one.guess == EMERGENCY]
        asked = [one for one in judged if one not in sure]
        wrong = sum(not one.right for one in sure) / len(sure)
        among = [one.intent in [name for name, _ in one.ranking[: evaluation.GUESSES]] for one in asked]
        lines.append((threshold, len(sure) / len(judged), wrong, sum(among) / len(among) if among else 1.0))
    return lines


def table(head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    def told(cell: object) -> str:
        return f"{cell:.3f}" if isinstance(cell, float) else str(cell)

    rows = [f"| {' | '.join(map(told, line))} |" for line in lines]
    return "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows])


def page(judged: Sequence[Judged], model: Path) -> str:
    found = evaluation.figures(judged)
    languages = [
        (
            name,
            int(found[name]["rows"]),
            *(found[name][measure] for measure in ("accuracy", "macro_f1")),
            *(found[f"{name} {kind}"]["accuracy"] for kind in ("plain", "hard")),
            found[name]["among_first_three"],
            found[name]["language_heard"],
        )
        for name in ("all", *LANGUAGES)
    ]
    ordinary = [one for one in judged if one.intent in TOPICS]
    alarms = sum(one.guess == EMERGENCY for one in ordinary) / len(ordinary)
    overall = found["all"]
    return f"""# How well messages are understood

Written by `make report` on {date.today()}; machine: {platform.system()} {
        platform.machine()
    }, 2 cores. What is measured on
and how: [tests/evaluation](../../tests/evaluation/README.md). A message is read in {
        overall["mean_ms"]:.1f} ms in the mean,
{overall["p95_ms"]:.1f} ms at p95 (one at a time, language detection not counted).

{table(("", "rows", "accuracy", "macro-F1", "plain", "hard", "right one among three", "language heard"), languages)}

![accuracy per language](languages.png)

## More sentences, more understood?

Each language's sentences in shares of 25, 50, 75 and 100 %, one model for all languages each time.

![learning curves](curves.png)

## What is taken for what

Rows: meant; columns: understood; the {len(judged)} judged messages.

![confusion matrix](confusion.png)

## Danger

A table of its own, {
        len(read(EVALUATION / "danger" / "fr.csv"))
    } messages a language: 45 with danger now, 25 that only sound like it.
"112 shown": danger was heard, or its chance was 0.15 or more, which puts the number in front of another answer. On the
judged messages about ordinary topics, {alarms:.1%} raised an alarm.

{table(("", "heard", "112 shown", "false alarms on look-alikes"), [(name, *v) for name, v in dangers(model).items()])}

## When to ask back

A confidence under the threshold (config.yml, 0.40) makes Escale ask "did you mean" with three topics.

{
        table(
            ("threshold", "answered at once", "of these wrong", "asked back: right one among three"),
            thresholds(judged),
        )
    }
"""


def main() -> None:
    model = trained(Settings())
    rows = [row for path in sorted(EVALUATION.glob("[a-z][a-z].csv")) for row in evaluation.read_rows(path)]
    judged = list(evaluation.judge(model, rows))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "report.md").write_text(page(judged, model), "utf-8")
    kept = Settings().var / "judged.json"
    kept.write_text(
        json.dumps([(one.lang, one.text, one.heard, one.intent, one.guess, one.difficulty) for one in judged])
    )
    command = [str(ENGINE_PYTHON), "-m", "benchmarks.curves", str(kept), str(FOLDER)]
    subprocess.run(command, cwd=ROOT, env={**engine_environment(), "PATH": os.environ["PATH"]}, check=True)


if __name__ == "__main__":
    main()
