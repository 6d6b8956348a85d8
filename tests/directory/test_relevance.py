"""What agents ask, and how near the answers are to the judged ones (nDCG of the first five).

The judgements were written before any search was run. ``judged`` holds « id=grade », grade 1 (may do) to 3 (what was
meant); a star stands for the rest of an id.
"""

from __future__ import annotations

import csv
from fnmatch import fnmatch
from math import log2

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import ROOT
from directory.models import Service
from directory.search import Words, search
from tests.conftest import MONDAY

FIRST = 5
GOAL = 0.9
QUERIES = ROOT / "tests" / "evaluation" / "directory_queries.csv"


def queries() -> list[dict[str, str]]:
    with open(QUERIES, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grades(judged: str, ids: list[str]) -> dict[str, int]:
    said = [one.rsplit("=", 1) for one in judged.split(";")]
    return {key: max((int(grade) for like, grade in said if fnmatch(key, like)), default=0) for key in ids}


def gain(found: list[int]) -> float:
    return float(sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(found[:FIRST])))


def ndcg(directory: Session, row: dict[str, str], ids: list[str]) -> float:
    judged = grades(row["judged"], ids)
    found = [judged[one.service_id] for one in search(directory, Words(row["query"], most=FIRST), MONDAY).found]
    return gain(found) / gain(sorted(judged.values(), reverse=True))


def test_agents_find_what_they_mean(directory: Session) -> None:
    ids = list(directory.scalars(select(Service.id).where(Service.published)))
    scores = {row["query"]: ndcg(directory, row, ids) for row in queries()}
    worst = sorted(scores.items(), key=lambda one: one[1])[:10]
    assert len(scores) >= 60
    assert sum(scores.values()) / len(scores) >= GOAL, worst


def test_every_judged_service_is_published(directory: Session) -> None:
    ids = list(directory.scalars(select(Service.id).where(Service.published)))
    for row in queries():
        for one in row["judged"].split(";"):
            assert any(fnmatch(key, one.rsplit("=", 1)[0]) for key in ids), (row["query"], one)
