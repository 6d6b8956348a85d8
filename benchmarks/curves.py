"""Draws the pictures of the report on understanding; the learning curve is measured here (engine's environment)."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.finder import ConceptFinder
from bot.nlu.intents import LinearIntentClassifier
from bot.nlu.typing_errors import TypingErrors

matplotlib.use("Agg")
from matplotlib import pyplot

ROOT = Path(__file__).resolve().parent.parent
SHARES = (0.25, 0.5, 0.75, 1.0)
BLUE, ORANGE = "#1d4f91", "#d1732a"


def taught(share: float) -> TrainingData:
    """The same share of every file, spread over it."""
    examples = []
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        (item,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        for number, line in enumerate(item["examples"].splitlines()):
            if int((number + 1) * share) > int(number * share):
                metadata = {"language": path.parent.name}
                examples.append(Message.build(line[2:].strip(), path.stem, intent_metadata=metadata))
    return TrainingData(examples)


def accuracies(share: float, judged: list[list[str]]) -> dict[str, float]:
    """Per language, of a model trained on ``share`` of every file."""
    with tempfile.TemporaryDirectory() as folder:
        storage, context = LocalModelStorage(Path(folder)), ExecutionContext(GraphSchema({}), "curve")
        data = TypingErrors.create(TypingErrors.get_default_config(), storage, Resource("t"), context)
        told = data.process_training_data(taught(share))
        finder = ConceptFinder.create(ConceptFinder.get_default_config(), storage, Resource("f"), context)
        finder.train(told)
        told = finder.process_training_data(told)
        classifier = LinearIntentClassifier.create(
            LinearIntentClassifier.get_default_config(), storage, Resource("c"), context
        )
        classifier.train(told)
        right = defaultdict(list)
        for language, text, heard, intent, _, _ in judged:
            message = Message.build(text)
            message.set("metadata", {"heard": heard})
            classifier.process(finder.process([message]))
            right[language].append(message.get("intent")["name"] == intent)
    return {language: float(np.mean(values)) for language, values in right.items()}


def draw_curves(judged: list[list[str]], path: Path) -> None:
    found = {share: accuracies(share, judged) for share in SHARES}
    languages = sorted(found[1.0])
    figure, axes = pyplot.subplots(3, 4, figsize=(10, 6.5), sharex=True, sharey=True)
    for axis, language in zip(axes.flat, languages, strict=True):
        values = [found[share][language] for share in SHARES]
        axis.plot([100 * share for share in SHARES], values, "o-", color=BLUE)
        axis.set_title(f"{language}   {values[0]:.2f} → {values[-1]:.2f}", fontsize=10)
        axis.grid(alpha=0.3)
    figure.supxlabel("% of the sentences")
    figure.supylabel("accuracy on judged messages")
    save(figure, path)


def draw_languages(judged: list[list[str]], path: Path) -> None:
    groups: Any = defaultdict(list)
    for language, _, _, intent, guess, difficulty in judged:
        groups[language, difficulty].append(intent == guess)
    languages = sorted({language for language, _ in groups})
    figure, axis = pyplot.subplots(figsize=(9, 3.6))
    places = np.arange(len(languages))
    for shift, kind, colour in ((-0.2, "plain", BLUE), (0.2, "hard", ORANGE)):
        values = [np.mean(groups[language, kind]) for language in languages]
        bars = axis.bar(places + shift, values, 0.38, label=kind, color=colour)
        axis.bar_label(bars, fmt="%.2f", fontsize=7)
    axis.set_xticks(places, languages)
    axis.set_ylim(0.5, 1.04)
    axis.legend(loc="lower right")
    save(figure, path)


def draw_confusion(judged: list[list[str]], path: Path) -> None:
    intents = sorted({row[3] for row in judged} | {row[4] for row in judged})
    place = {intent: i for i, intent in enumerate(intents)}
    counts = np.zeros((len(intents), len(intents)))
    for _, _, _, intent, guess, _ in judged:
        counts[place[intent], place[guess]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axis = pyplot.subplots(figsize=(11, 10))
    axis.imshow(np.sqrt(shares), cmap="Blues")
    names = [intent.replace("ask_", "") for intent in intents]
    axis.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axis.set_yticks(range(len(names)), names, fontsize=7)
    for row, column in zip(*counts.nonzero(), strict=True):
        if row != column:
            axis.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=6)
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def main() -> None:
    judged, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    draw_languages(judged, folder / "languages.png")
    draw_confusion(judged, folder / "confusion.png")
    draw_curves(judged, folder / "curves.png")


if __name__ == "__main__":
    main()
