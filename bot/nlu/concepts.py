"""Turns a message into concepts that are the same in every language: CHILD, SCHOOL, TONIGHT, REFUSED…"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.nlu.folding import fold

SHORTEST_PREFIX = 3
_WORD = re.compile(r"\w+")
# Small words that are written together with the next one; a word is tried with and without them.
_ARABIC = ("و", "ف", "ب", "ل")
_ARABIC_ARTICLES = ("ال", "لل", "عال", "هال")
_ETHIOPIC = ("ን", "ብ", "ዝ", "ክ", "እ", "ም", "ከ", "ዘ", "ካብ", "ናይ", "ኣብ", "ናብ", "ኣይ", "ስለ", "እን", "ንኣ")

Form = tuple[str, ...]


class Lexicon:
    """``files``: one ``<language>.txt`` per language, a concept a line: ``CHILD: enfant*, petit garçon``.

    A trailing ``*`` stands for any ending. Forms are compared folded (bot.nlu.folding), words only: apostrophes and
    hyphens separate, which takes care of French elision and of Turkish and Somali suffixes.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self.languages: list[str] = []
        self._whole: dict[str, dict[str, list[tuple[Form, bool, str]]]] = {}
        self._prefix: dict[str, dict[str, list[str]]] = {}
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

    def concepts(self, text: str, languages: Iterable[str]) -> list[str]:
        """Concepts in the order in which their words stand, each once."""
        words = [list(alternatives(word)) for word in _WORD.findall(fold(text))]
        known = [language for language in languages if language in self._whole]
        found: dict[str, None] = {}
        for place in range(len(words)):
            for language in known:
                found.update(dict.fromkeys(self._at(words, place, language)))
        return list(found)

    def _at(self, words: list[list[str]], place: int, language: str) -> Iterator[str]:
        whole, prefix = self._whole[language], self._prefix[language]
        for word in words[place]:
            for form, open_ended, concept in whole.get(word, ()):
                if _matches(form, open_ended, words, place):
                    yield concept
            for length in range(SHORTEST_PREFIX, len(word) + 1):
                yield from prefix.get(word[:length], ())
        # A short Ethiopic stem is a word of two letters.
        for word in words[place]:
            yield from prefix.get(word[:2], ())


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


def alternatives(word: str) -> Iterator[str]:
    """The word as it stands, then without the small words written into it (Arabic, Tigrinya)."""
    yield word
    if "\u0600" <= word[0] <= "\u06ff":
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
