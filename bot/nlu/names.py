"""Finds names in a message: exactly as they are known first, with a typing error or two when none is there."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple

import spacy
from rapidfuzz import fuzz, process
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.nlu.folding import fold

# "je suis à Procé", but not "le même poste que les autres".
SHORT = 4
SHORTEST_FUZZY = 5
_SPLIT = str.maketrans({"'": " ", "’": " ", "-": " ", "–": " ", "/": " ", "\u200c": " ", ".": " "})


class Known(NamedTuple):
    """``alone``: an ordinary word too ("Poste", "Loire", "pass"): it counts in a message of four words, or written in
    capitals when ``capitals``. ``fuzzy``: long enough to be recognised with a typing error."""

    value: str
    alone: bool = False
    capitals: bool = False
    fuzzy: bool = False


def key(name: str) -> str:
    return " ".join(fold(name.translate(_SPLIT)).split())


class Names:
    """``known``: folded name (see ``key``) → what it stands for. ``likeness``: from 0 to 100."""

    def __init__(self, entity: str, known: Dict[str, Known], likeness: int) -> None:
        self._entity, self._known, self._likeness = entity, known, likeness
        self._spacy = spacy.blank("xx")
        self._matcher = PhraseMatcher(self._spacy.vocab, attr="NORM")
        self._matcher.add(entity, [self._read(name) for name in known])
        self._near = [name for name, about in known.items() if about.fuzzy]
        self._longest = max((len(name.split()) for name in self._near), default=0)

    def find(self, text: str) -> List[Dict[str, Any]]:
        """Rasa entities, with the place in ``text`` where the name stands."""
        doc = self._read(text[:2000])
        return self._exact(doc) or self._close(doc)

    def _read(self, text: str) -> Doc:
        doc = self._spacy.make_doc(text.translate(_SPLIT))
        for token in doc:
            token.norm_ = fold(token.text)
        return doc

    def _exact(self, doc: Doc) -> List[Dict[str, Any]]:
        words = sum(not token.is_punct for token in doc)
        spans = spacy.util.filter_spans(self._matcher(doc, as_spans=True))
        named = [(span, self._known[" ".join(t.norm_ for t in span if not t.is_space)]) for span in spans]
        return [
            self._as_entity(span, about.value, 1.0)
            for span, about in named
            if not about.alone or words <= SHORT or (about.capitals and span.text.isupper())
        ]

    def _close(self, doc: Doc) -> List[Dict[str, Any]]:
        """The likeliest of all runs of words, compared at once."""
        runs = [
            (doc[start:end], words)
            for start in range(len(doc))
            for end in range(start + 1, min(start + self._longest, len(doc)) + 1)
            if len(words := " ".join(t.norm_ for t in doc[start:end] if not t.is_space)) >= SHORTEST_FUZZY
        ]
        if not runs or not self._near:
            return []
        likeness = process.cdist(
            [words for _, words in runs], self._near, scorer=fuzz.ratio, score_cutoff=self._likeness
        )
        run, name = divmod(int(likeness.argmax()), len(self._near))
        if not likeness[run, name]:
            return []
        return [self._as_entity(runs[run][0], self._known[self._near[name]].value, float(likeness[run, name]) / 100)]

    def _as_entity(self, span: Any, value: str, confidence: float) -> Dict[str, Any]:
        return {
            "entity": self._entity,
            "start": span.start_char,
            "end": span.end_char,
            "value": value,
            "confidence_entity": confidence,
        }
