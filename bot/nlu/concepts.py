"""Turns a message into concepts that are the same in every language: CHILD, SCHOOL, TONIGHT, REFUSED…"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bot.nlu.folding import fold

# Short Ethiopic stems are words of two letters.
SHORTEST_PREFIX = 2
MOST_KEPT = 100_000
_WORD = re.compile(r"\w+")
_NUMBERED = re.compile(r"\d+(\D\w+)")
# Small words that are written together with the next one; a word is tried with and without them.
_ARABIC = ("و", "ف", "ب", "ل")
_ARABIC_ARTICLES = ("ال", "لل", "عال", "هال")
_ETHIOPIC = ("ን", "ብ", "ዝ", "ክ", "እ", "ም", "ከ", "ዘ", "ካብ", "ናይ", "ኣብ", "ናብ", "ኣይ", "ስለ", "እን", "ንኣ")

Form = tuple[str, ...]
# A concept and the form that it was found by (language and words).
Match = tuple[str, Form]
# A form of several words, whether its last one is only a beginning, and its concept.
Longer = tuple[Form, bool, str]


class Lexicon:
    """``files``: one ``<language>.txt`` per language, a concept a line: ``CHILD: enfant*, petit garçon``.

    A trailing ``*`` stands for any ending. Forms are compared folded (bot.nlu.folding), words only: apostrophes and
    hyphens separate, which takes care of French elision and of Turkish and Somali suffixes.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self.languages: list[str] = []
        self._whole: dict[str, dict[str, list[tuple[Form, bool, str]]]] = {}
        self._prefix: dict[str, dict[str, list[str]]] = {}
        self._kept: dict[tuple[str, str], _Word] = {}
        for file in sorted(files):
            self._add(file.stem, read(file))

    def _add(self, language: str, concepts: dict[str, list[str]]) -> None:
        whole: dict[str, list[tuple[Form, bool, str]]] = defaultdict(list)
        prefix: dict[str, list[str]] = defaultdict(list)
        for concept, forms in concepts.items():
            for form in forms:
                words = tuple(_WORD.findall(fold(form.rstrip("*"))))
                if not words:
                    continue
                if form.endswith("*") and len(words) == 1:
                    prefix[words[0]].append(concept)
                else:
                    whole[words[0]].append((words, form.endswith("*"), concept))
        self.languages.append(language)
        self._whole[language], self._prefix[language] = dict(whole), dict(prefix)

    def matches(self, words: list[str], languages: Iterable[str]) -> list[list[Match]]:
        """For each word (see ``split``) the concepts whose form begins there, and by which form."""
        found: list[list[Match]] = [[] for _ in words]
        for language in languages:
            if language in self._whole:
                known = [self._known(word, language) for word in words]
                shapes = [word.shapes for word in known]
                for place, word in enumerate(known):
                    found[place] += word.alone
                    found[place] += [
                        (concept, (language, *form))
                        for form, open_ended, concept in word.followed_by(shapes, place)
                        if _matches(form, open_ended, shapes, place)
                    ]
        return found

    def concepts(self, text: str, languages: Iterable[str]) -> list[str]:
        """Concepts in the order in which their words stand, each once."""
        return once(marks(self.matches(split(text), languages)))

    def _known(self, word: str, language: str) -> _Word:
        """Kept, for people use the same words."""
        if (language, word) not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[language, word] = self._look_up(word, language)
        return self._kept[language, word]

    def _look_up(self, word: str, language: str) -> _Word:
        whole, prefix = self._whole[language], self._prefix[language]
        shapes = list(alternatives(word, language))
        alone: list[Match] = []
        longer: dict[str, list[Longer]] = defaultdict(list)
        for shape in shapes:
            for form, open_ended, concept in whole.get(shape, ()):
                if len(form) == 1:
                    alone.append((concept, (language, *form)))
                else:
                    second = "" if open_ended and len(form) == 2 else form[1]
                    longer[second].append((form, open_ended, concept))
            for length in range(SHORTEST_PREFIX, len(shape) + 1):
                alone += [(concept, (language, shape[:length])) for concept in prefix.get(shape[:length], ())]
        return _Word(shapes, alone, dict(longer))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}


class _Word(NamedTuple):
    """``shapes``: with and without clitics; ``alone``: what it means by itself; ``longer``: forms of several
    words that it begins, by their second one ("" when that is only a beginning)."""

    shapes: list[str]
    alone: list[Match]
    longer: dict[str, list[Longer]]

    def followed_by(self, shapes: list[list[str]], place: int) -> Iterator[Longer]:
        if self.longer and place + 1 < len(shapes):
            for second in ("", *shapes[place + 1]):
                yield from self.longer.get(second, ())


def marks(matches: list[list[Match]]) -> list[list[str]]:
    """For each word its concepts."""
    return [list(dict.fromkeys(concept for concept, _ in here)) for here in matches]


def split(text: str) -> list[str]:
    """Folded words."""
    return _WORD.findall(fold(text))


def once(marks: list[list[str]]) -> list[str]:
    return list(dict.fromkeys(concept for here in marks for concept in here))


def _matches(form: Form, open_ended: bool, words: list[list[str]], place: int) -> bool:
    if place + len(form) > len(words):
        return False
    last = len(form) - 1
    for offset, part in enumerate(form[1:], 1):
        here = words[place + offset]
        fits = any(word.startswith(part) for word in here) if open_ended and offset == last else part in here
        if not fits:
            return False
    return True


def alternatives(word: str, language: str) -> Iterator[str]:
    """The word as it stands, then without what is written into it: clitics (Arabic, Tigrinya), a number ("6ans")."""
    yield word
    if word[0].isdigit() and (numbered := _NUMBERED.fullmatch(word)):
        yield numbered[1]
    # Persian and Pashto share the letters, not the clitics: برای is no رای.
    if language == "ar" and "\u0600" <= word[0] <= "\u06ff":
        yield from _without_arabic(word)
    elif "\u1200" <= word[0] <= "\u137f":
        yield from (word[len(start) :] for start in _ETHIOPIC if word.startswith(start) and len(word) > len(start) + 1)


def _without_arabic(word: str) -> Iterator[str]:
    stems = [word, *(word[1:] for start in _ARABIC if word.startswith(start) and len(word) > 3)]
    yield from stems[1:]
    for stem in stems:
        article = next((one for one in _ARABIC_ARTICLES if stem.startswith(one) and len(stem) > len(one) + 2), None)
        if article:
            yield stem[len(article) :]


def read(file: Path) -> dict[str, list[str]]:
    """Raises ValueError with file and line for a line that is not ``CONCEPT: form, form``."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        concept, colon, forms = line.partition(":")
        if not colon or concept != concept.strip().upper():
            raise ValueError(f"{file.name}, line {number}: not «CONCEPT: form, form»")
        found[concept] = [form.strip() for form in forms.split(",") if form.strip()]
    return found
