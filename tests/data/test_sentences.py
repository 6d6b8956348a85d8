"""The sentences that the engine learns from: enough, each one its own, each under one intent."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from bot.evaluation import read_rows
from bot.nlu.folding import fold
from bot.settings import ROOT
from bot.turn import LANGUAGES, TOPICS

DATA = ROOT / "data" / "nlu"
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
MANY = ("fr", "en", "ar")
# Normalised edit similarity above which two sentences are one.
TOO_NEAR = 0.9


def wanted(language: str, intent: str) -> int:
    if intent == "out_of_scope":
        return 80
    topic = intent in TOPICS or intent == "emergency"
    if language in MANY:
        return 60 if topic else 25
    return 40 if topic else 15


def read(path: Path) -> list[str]:
    (item,) = yaml.safe_load(path.read_text("utf-8"))["nlu"]
    assert item["intent"] == path.stem
    assert item["metadata"]["language"] == path.parent.name
    lines = item["examples"].splitlines()
    assert all(line.startswith("- ") for line in lines), path
    return [line[2:].strip() for line in lines]


def normal(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sentences(language: str) -> dict[str, list[str]]:
    return {path.stem: read(path) for path in sorted((DATA / language).glob("*.yml"))}


def test_every_intent_has_enough(language: str, sentences: dict[str, list[str]]) -> None:
    assert set(sentences) == set(DOMAIN["intents"])
    short = {intent: len(found) for intent, found in sentences.items() if len(found) < wanted(language, intent)}
    assert short == {}


def test_no_sentence_stands_twice_or_under_two_intents(sentences: dict[str, list[str]]) -> None:
    where = defaultdict(list)
    for intent, found in sentences.items():
        for text in found:
            where[normal(text) or text].append(intent)
    assert {text: intents for text, intents in where.items() if len(intents) > 1} == {}


def test_no_two_sentences_are_nearly_the_same(sentences: dict[str, list[str]]) -> None:
    texts = sorted({normal(text) for found in sentences.values() for text in found} - {""})
    near = []
    for start in range(0, len(texts), 500):
        part = texts[start : start + 500]
        likeness = process.cdist(part, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=TOO_NEAR + 1e-9)
        near += [(part[a], texts[b]) for a, b in zip(*likeness.nonzero(), strict=True) if part[a] < texts[b]]
    assert near == []


def test_no_sentence_is_a_command_or_markup(sentences: dict[str, list[str]]) -> None:
    for found in sentences.values():
        for text in found:
            assert not text.startswith("/")
            assert "](" not in text
            assert len(text) <= 600


def test_no_sentence_is_spun_from_a_frame(sentences: dict[str, list[str]]) -> None:
    """No beginning of four words opens more than a tenth of an intent's sentences."""
    for intent, found in sentences.items():
        openings = Counter(" ".join(normal(text).split()[:4]) for text in found if len(normal(text).split()) > 4)
        most, count = max(openings.items(), key=lambda item: item[1], default=("", 0))
        assert count <= max(3, len(found) // 10), (intent, most, count)


def test_nothing_that_measures_was_taught(language: str, sentences: dict[str, list[str]]) -> None:
    judged = [normal(row["text"]) for row in read_rows(ROOT / "tests" / "evaluation" / f"{language}.csv")]
    taught = sorted({normal(text) for found in sentences.values() for text in found} - {""})
    likeness = process.cdist(judged, taught, scorer=Levenshtein.normalized_similarity, score_cutoff=TOO_NEAR)
    assert [judged[row] for row in sorted(set(likeness.nonzero()[0]))] == []


def test_there_is_enough_to_measure_on(language: str) -> None:
    rows = read_rows(ROOT / "tests" / "evaluation" / f"{language}.csv")
    assert len(rows) >= 150
    assert {row["lang"] for row in rows} == {language}
    assert {row["intent"] for row in rows} <= set(DOMAIN["intents"])
    hard = sum(row["difficulty"] == "hard" for row in rows)
    assert hard >= len(rows) * 0.45
    assert len({row["text"] for row in rows}) == len(rows)
