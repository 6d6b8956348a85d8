"""Tells languages apart by their letters, learnt from our own sentences: dialects and Latin-letter Arabic included."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

BUCKETS = 1 << 16
LONGEST_GRAM = 4
# Seen counts are smoothed so that one rare piece does not decide alone.
SMOOTHING = 0.3
# Fewer sentences than this say nothing about how a language looks in a script.
ENOUGH = 40
BORROWED_BY = 5
SHORTEST_BORROWED = 3
SCRIPTS = {"LATIN": "latin", "ARABIC": "arabic", "CYRILLIC": "cyrillic", "ETHIOPIC": "ethiopic"}
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def script(text: str) -> str:
    """latin, arabic, cyrillic, ethiopic or other. People put French words between their own, not the reverse: a quarter
    of the letters in another script is enough to make it the one."""
    names = Counter(
        SCRIPTS.get(unicodedata.name(char, "").split(" ", 1)[0], "other") for char in text if char.isalpha()
    )
    most = max((name for name in names if name != "latin"), key=lambda name: names[name], default="latin")
    return most if names[most] * 4 >= names.total() > 0 else "latin" if names["latin"] else "other"


def words_of(text: str) -> list[str]:
    """Digits inside a word stay ("3andi"), numbers go."""
    return [part for part in _BETWEEN_WORDS.split(text.lower()) if part and not part.isdigit()]


def grams(words: Iterable[str]) -> npt.NDArray[np.uint16]:
    """Buckets of the one to four letter pieces of each word, words marked at both ends."""
    found = [
        zlib.crc32(word[start : start + size].encode()) % BUCKETS
        for word in (f" {word} " for word in words)
        for size in range(1, LONGEST_GRAM + 1)
        for start in range(len(word) - size + 1)
    ]
    return np.array(found, dtype=np.uint16)


class Letters:
    """A multinomial naive Bayes classifier over letter pieces.

    A language in another script is a class of its own: Arabic in Latin letters looks nothing like Arabic, and would be
    drowned in it. Every class of the script at hand is equally likely beforehand.
    """

    def __init__(self, classes: list[str], weights: Scores, borrowed: Set[str]) -> None:
        """``classes`` are "language-script"; ``weights`` are log shares, pieces × classes; ``borrowed``: words that
        everyone writes, like "préfecture", and that say nothing of the language around them."""
        self._weights, self._borrowed = weights, borrowed
        self._columns: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for column, name in enumerate(classes):
            language, written = name.split("-")
            self._columns[written].append((language, column))

    @classmethod
    def learn(cls, sentences: Mapping[str, Iterable[str]]) -> Letters:
        """``sentences`` per language; every class counts the same, however many it has."""
        groups: dict[str, list[str]] = defaultdict(list)
        for language, texts in sentences.items():
            for text in texts:
                groups[f"{language}-{script(text)}"].append(text)
        classes = sorted(name for name, texts in groups.items() if len(texts) >= ENOUGH and "other" not in name)
        counts = np.full((BUCKETS, len(classes)), SMOOTHING)
        for column, name in enumerate(classes):
            for text in groups[name]:
                np.add.at(counts[:, column], grams(words_of(text)), 1.0)
        return cls(classes, np.log(counts / counts.sum(axis=0)).astype(np.float32), borrowed_words(sentences))

    def chances(self, text: str) -> dict[str, float]:
        """Of each language that is written in the text's script, summing to 1; empty when there is none.

        Pieces overlap, so their evidence is damped by the root of their number (as py3langid does), or every long
        message would seem certain.
        """
        written = script(text)
        candidates = self._columns.get(written, [])
        pieces = grams(self._own(words_of(text), written))
        if not candidates or not len(pieces):
            return {}
        scores = self._weights[pieces][:, [column for _, column in candidates]].sum(axis=0) / np.sqrt(len(pieces))
        shares = np.exp(scores - scores.max())
        return dict(zip([language for language, _ in candidates], (shares / shares.sum()).tolist(), strict=True))

    def _own(self, words: list[str], written: str) -> list[str]:
        """Without borrowed words, unless there are no others."""
        own = [word for word in words if word not in self._borrowed and script(word) == written]
        return own or words


def borrowed_words(sentences: Mapping[str, Iterable[str]]) -> Set[str]:
    """Words that at least BORROWED_BY languages write; small ones ("un", "la") are neighbours' own."""
    used = [{word for text in texts for word in words_of(text)} for texts in sentences.values()]
    users = Counter(word for words in used for word in words)
    return {word for word, count in users.items() if count >= BORROWED_BY and len(word) >= SHORTEST_BORROWED}


def sentences(folder: Path) -> dict[str, list[str]]:
    """The sentences under ``folder``/<language>/<intent>.yml; requests for another language are written in several."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*/*.yml")):
        if path.stem != "change_language":
            lines = path.read_text("utf-8").splitlines()
            found[path.parent.name] += [line.strip()[2:] for line in lines if line.startswith("    - ")]
    return found
