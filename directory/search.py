"""Which services fit a need, and which an agent's words: best first, with the reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session
from tantivy import Occur, Query

from bot.turn import Point
from directory import text_index
from directory.errors import UnknownService
from directory.geo import NANTES, communes_of, point_of, walk_m
from directory.models import EmergencyNumber, Service
from directory.ranking import WEIGHTS, Facts, Found, Need, best, facts
from directory.reading import Concept, Question, question
from directory.shelf import Shelf, shelf_of
from directory.tables import TOPIC_KEYS
from directory.text_index import FACETS, TEXTS, Stems

__all__ = [
    "WEIGHTS",
    "Found",
    "Need",
    "Query",
    "Results",
    "Words",
    "emergency_numbers",
    "find",
    "published_service",
    "search",
]

MOST = 60
CANDIDATES = 30
# A time to be open at puts many of them aside.
CANDIDATES_BY_HOURS = 200
# About 25 km: what "near" can mean.
NEAR_DEGREES = 0.25
_FACET_VALUES = 60
# How much of "the service is for this" a topic is, by its rank among the topics of a service.
_MEANING_BY_RANK = (1.0, 0.6, 0.4)


@dataclass(frozen=True)
class Words:
    """An agent's search. ``only``: values that a facet must have, for instance ``{"topic": ["food"]}``."""

    text: str = ""
    near: Point | None = None
    communes: tuple[str, ...] = (NANTES,)
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    open_at: datetime | None = None
    most: int = 20


@dataclass(frozen=True)
class Results:
    """``facets``: name → value → how many; ``corrected``: as written → as read; ``place``: that the words name."""

    found: list[Found]
    total: int
    facets: dict[str, dict[str, int]]
    corrected: dict[str, str]
    place: str | None = None


def find(session: Session, need: Need, now: datetime) -> list[Found]:
    """Published services for a need, best first, at most MOST."""
    if need.topic not in TOPIC_KEYS:
        return []
    shelf = shelf_of(session)
    fit = (shelf.topics & np.uint32(1 << TOPIC_KEYS.index(need.topic))) > 0
    rows = np.flatnonzero(fit & shelf.published)
    seen = [shelf.row_of[key] for key in need.skip if key in shelf.row_of]
    rows = rows[~np.isin(rows, seen)]
    return best(shelf, rows, facts(shelf, rows, need, now), need, now, MOST)


def search(session: Session, words: Words, now: datetime) -> Results:
    """Services that have all the words, then those that have some."""
    shelf = shelf_of(session)
    asked = question(shelf, words.text) if words.text.strip() else Question((), {})
    near = words.near or point_of(session, asked.place)
    communes = communes_of(session, asked.place) if asked.place else words.communes
    looked_at = max(words.most, CANDIDATES_BY_HOURS if words.open_at else CANDIDATES)
    fit, total, facets = _candidates(shelf, asked, near, words.only, looked_at)
    rows = np.array(list(fit), dtype=np.int64)
    need = Need("", near, communes, open_at=words.open_at)
    said = facts(shelf, rows, need, now) | _in_words(shelf, fit, asked)
    found = best(shelf, rows, said, need, now, len(rows) if words.open_at else words.most)
    if words.open_at:
        found = [one for one in found if "closed_then" not in one.reasons]
    return Results(found[: words.most], total, facets, asked.corrected, asked.place)


def matching(session: Session, text: str) -> set[str]:
    """Ids of all that have all the words, in no order."""
    shelf = shelf_of(session)
    queries = [text_index.words_query(shelf.schema, one.words, one.topics) for one in question(shelf, text).concepts]
    rows = text_index.best_rows(shelf.searcher, text_index.together(queries, Occur.Must), max(len(shelf.ids), 1))
    return {shelf.ids[row] for row in rows}


def _candidates(
    shelf: Shelf, asked: Question, near: Point | None, only: Mapping[str, Collection[str]], most: int
) -> tuple[dict[int, Stems], int, dict[str, dict[str, int]]]:
    schema = shelf.schema
    filters = [text_index.having(schema, name, list(values)) for name, values in only.items() if name in FACETS]
    queries = [text_index.words_query(schema, one.words, one.topics) for one in asked.concepts]
    wanted = text_index.together(queries, Occur.Must, filters)
    total, facets = text_index.counts(shelf.searcher, wanted, _FACET_VALUES)
    found: dict[int, Stems] = {}
    _best(shelf, wanted, near, most, found)
    if total < most and len(queries) > 1:
        some = text_index.together(queries, Occur.Should, filters)
        _best(shelf, some, near, most, found)
        if not total:
            total, facets = text_index.counts(shelf.searcher, some, _FACET_VALUES)
    return found, total, facets


def _best(shelf: Shelf, wanted: Query, near: Point | None, most: int, found: dict[int, Stems]) -> None:
    """The best by their words; and the best of those around, when it matters where."""
    text_index.best(shelf.searcher, wanted, most, found)
    if near:
        here = text_index.around(shelf.schema, near.lat, near.lon, NEAR_DEGREES)
        text_index.best(shelf.searcher, text_index.together([wanted, here], Occur.Must), most, found)


def _in_words(shelf: Shelf, found: Mapping[int, Stems], asked: Question) -> Facts:
    """For each row, where the words stand: each concept counts where it is worth most, and by what it means."""
    said: Facts = {name: np.zeros(len(found)) for name in (*TEXTS, "meaning", "whole_name", "named_place")}
    whole = sum(one.weight for one in asked.concepts) or 1.0
    wanted = {word for one in asked.concepts for word in one.words[0]} | set(asked.place_words)
    for place, (row, words) in enumerate(found.items()):
        texts = dict(zip(TEXTS, words, strict=True))
        for concept in asked.concepts:
            name, share = _where(texts, concept)
            said[name][place] += share * concept.weight / whole
            said["meaning"][place] += _meant(shelf, row, concept) * concept.weight / whole
        said["whole_name"][place] = bool(wanted) and wanted == texts["name"]
        named = bool(asked.place_words) and set(asked.place_words) <= texts["name"] | texts["where"]
        said["named_place"][place] = named
    return said


def _where(texts: Mapping[str, frozenset[str]], concept: Concept) -> tuple[str, float]:
    """The text where a concept is worth most, and how much of its words stand there."""
    found, most = ("name", 0.0), 0.0
    for name, said in texts.items():
        share = max(len(said.intersection(words)) / len(words) for words in concept.words if words) if said else 0.0
        if WEIGHTS[name] * share > most:
            found, most = (name, share), WEIGHTS[name] * share
    return found


def _meant(shelf: Shelf, row: int, concept: Concept) -> float:
    """A concept with two topics is met whole only by a service for both."""
    shares = [_rank_share(shelf, row, topic) for topic in concept.topics]
    return sum(shares) / len(shares) if shares else 0.0


def _rank_share(shelf: Shelf, row: int, topic: str) -> float:
    place = TOPIC_KEYS.index(topic)
    if not shelf.topics[row] >> place & 1:
        return 0.0
    return _MEANING_BY_RANK[[shelf.first_topic[row] == place, shelf.second_topic[row] == place, True].index(True)]


def distance_m(service: Service, near: Point | None) -> int | None:
    """Metres on foot, when both ends are known better than by commune."""
    if near is None or service.lat is None or service.lon is None or service.precision == "commune":
        return None
    return walk_m(near, Point(service.lat, service.lon))


def published_service(session: Session, service_id: str) -> Service:
    """Raises UnknownService."""
    service = session.get(Service, service_id)
    if service is None or not service.published:
        raise UnknownService(service_id)
    return service


def emergency_numbers(session: Session, numbers: Collection[str]) -> list[EmergencyNumber]:
    """Those that the directory has, in the order asked."""
    rows = session.scalars(select(EmergencyNumber).where(EmergencyNumber.number.in_(numbers)))
    known = {row.number: row for row in rows}
    return [known[number] for number in numbers if number in known]
