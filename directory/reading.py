"""An agent's words as concepts: synonyms of the field, typing errors, and the place that is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.shelf import Shelf
from directory.tables import many, read
from directory.text_index import TEXTS
from directory.words import stems

_LONGEST = 6
_TOPIC = "topic"
_PREFIX_AT_LEAST = 4


class Concept(NamedTuple):
    """One thing that is asked: any of the wordings, or one of the topics."""

    words: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Question:
    """``corrected``: stems as written → as read; ``place``: the id of the quartier or commune that is named."""

    concepts: tuple[Concept, ...]
    corrected: dict[str, str]
    place: str | None = None
    place_words: tuple[str, ...] = ()


@lru_cache
def synonyms() -> dict[tuple[str, ...], tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]]:
    """Stems as written → (other wordings, topics)."""
    found: dict[tuple[str, ...], tuple[list[tuple[str, ...]], list[str]]] = {}
    for row in read("synonyms.csv"):
        words, topics = found.setdefault(stems(row["said"]), ([], []))
        if row["kind"] == _TOPIC:
            topics.extend(many(row["means"]))
        else:
            words.append(stems(row["means"]))
    return {said: (tuple(words), tuple(topics)) for said, (words, topics) in found.items()}


@lru_cache
def _written() -> frozenset[str]:
    return frozenset(word for said in synonyms() for word in said)


def question(shelf: Shelf, text: str) -> Question:
    corrected: dict[str, str] = {}
    words = tuple(_corrected(shelf, word, corrected) for word in dict.fromkeys(stems(text)))
    place, place_words = _place(shelf, words)
    concepts = tuple(_weighed(shelf, one) for one in _concepts(tuple(w for w in words if w not in place_words)))
    return Question(concepts or (Concept((words,)),), corrected, place, place_words)


def _corrected(shelf: Shelf, word: str, corrected: dict[str, str]) -> str:
    if word in _written() or word.isdigit() or _frequency(shelf, word) or len(word) < _PREFIX_AT_LEAST:
        return word
    # A typing error costs some milliseconds: what it means here is looked up once.
    if word not in shelf.meant:
        shelf.meant[word] = _nearest(shelf, word)
    meant = shelf.meant[word]
    if meant is None:
        return word
    corrected[word] = meant
    return meant


def _nearest(shelf: Shelf, word: str) -> str | None:
    """By letters left out, added, exchanged; the beginning of a word counts as the word."""
    errors = 1 if len(word) < 7 else 2
    known = [*sorted(_written()), *shelf.words]
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=errors, limit=8)
    best = sorted(found, key=lambda one: (one[1], one[0] not in _written(), -_frequency(shelf, one[0]), one[0]))
    if best:
        return str(best[0][0])
    begun = [one for one in known if one.startswith(word)]
    return max(begun, key=lambda one: (_frequency(shelf, one), one), default=None)


def _frequency(shelf: Shelf, word: str) -> int:
    return max(shelf.searcher.doc_freq(name, word) for name in TEXTS)


def _place(shelf: Shelf, words: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The longest name of the gazetteer among the words, as long as something else is asked too."""
    for span in _spans(words):
        found = shelf.places.get(span)
        if found and len(span) < len(words):
            return found, span
    return None, ()


def _spans(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            yield tuple(words[start : start + length])


def _concepts(words: tuple[str, ...]) -> Iterator[Concept]:
    start = 0
    while start < len(words):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            said = words[start : start + length]
            known = synonyms().get(said)
            if known:
                yield Concept((said, *known[0]), known[1])
                break
        else:
            length = 1
            yield Concept((words[start : start + 1],))
        start += length


def _weighed(shelf: Shelf, concept: Concept) -> Concept:
    """A rare word says more of what is wanted than one that stands everywhere."""
    if concept.topics:
        return concept._replace(weight=2.0)
    most = max(min(_frequency(shelf, word) for word in words) for words in concept.words if words)
    share = most / max(len(shelf.ids), 1)
    return concept._replace(weight=1.0 if share > 0.1 else 2.0 if share > 0.01 else 3.0)
