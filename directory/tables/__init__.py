"""The words of the field as tables that people can read and change: topics, audiences, synonyms."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.turn import TOPICS
from directory.words import folded

HERE = Path(__file__).parent
# In the order of the contract, which is not the order of importance.
TOPIC_KEYS = tuple(name.removeprefix("ask_") for name in TOPICS)


@dataclass(frozen=True)
class Topic:
    """``thematiques``: what it is called in data·inclusion; ``reads``: what of data·inclusion is read as it."""

    key: str
    title: str
    thematiques: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Audience:
    """``phrases``: what a text has to say, word for word, to mean this audience."""

    key: str
    title: str
    publics: tuple[str, ...]
    phrases: tuple[str, ...]


@lru_cache
def topics() -> dict[str, Topic]:
    rows = [
        Topic(row["topic"], row["title"], many(row["thematiques"]), many(row["reads"])) for row in read("topics.csv")
    ]
    return {topic.key: topic for topic in rows}


@lru_cache
def audiences() -> dict[str, Audience]:
    rows = [
        Audience(row["audience"], row["title"], many(row["publics"]), many(row["phrases"]))
        for row in read("audiences.csv")
    ]
    return {audience.key: audience for audience in rows}


@lru_cache(maxsize=4096)
def audiences_in(text: str) -> tuple[str, ...]:
    """What a French text says of whom it is for; "everyone" only when it names nobody else."""
    said = folded(text)
    found = [one.key for one in audiences().values() if any(folded(phrase) in said for phrase in one.phrases)]
    named = tuple(key for key in found if key != "everyone")
    return named or tuple(found)


def read(name: str) -> list[dict[str, str]]:
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def many(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
