"""What the classifier looks at: words, letters and concepts of a message, weighted by how telling they are (tf-idf)."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, Tuple

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

# A message before it is counted: its folded text, its concepts, and what an encoder says of it (None without one).
Read = Tuple[str, List[str], Any]


def _text(read: Read) -> str:
    return read[0]


# What stands in fewer messages teaches nothing.
SELDOM = 3
# A concept is paired with this many that follow it, of this many in all.
REACH, MOST_CONCEPTS = 4, 25


def _concepts(read: Read) -> List[str]:
    """Concepts, and near ones in pairs whatever their order: NO + HOUSING says more than both."""
    concepts = read[1][:MOST_CONCEPTS]
    near = ((first, other) for i, first in enumerate(concepts) for other in concepts[i + 1 : i + 1 + REACH])
    return [*concepts, *("+".join(sorted(pair)) for pair in near)]


class Features:
    """Fitted with scikit-learn; a single message is counted here, for scikit-learn's checks around each call cost more
    than the counting (3 ms of a 19 ms turn)."""

    def __init__(
        self, words: Tuple[int, int], letters: Tuple[int, int], concept_weight: float, encoder_weight: float
    ) -> None:
        """``dimensions`` of an encoder's vectors stand last; 0 without one."""
        self._encoder_weight = encoder_weight
        self.dimensions = 0
        common: Dict[str, Any] = {"sublinear_tf": True, "min_df": SELDOM, "dtype": np.float32}
        self._parts = [
            (1.0, TfidfVectorizer(preprocessor=_text, ngram_range=words, token_pattern=r"(?u)\b\w+\b", **common)),
            (1.0, TfidfVectorizer(preprocessor=_text, analyzer="char_wb", ngram_range=letters, **common)),
            (concept_weight, TfidfVectorizer(analyzer=_concepts, **common)),
        ]
        self._lean: List[Tuple[float, Any, Dict[str, int], Any]] = []

    def fit_transform(self, messages: List[Read]) -> Any:
        """Messages × features, sparse, float32."""
        if not any(read[1] for read in messages):
            self._parts = self._parts[:2]  # a pipeline without a lexicon
        rows = [weight * part.fit_transform(messages) for weight, part in self._parts]
        if messages[0][2] is not None:
            self.dimensions = len(messages[0][2])
            rows.append(scipy.sparse.csr_matrix(self._encoder_weight * np.array([read[2] for read in messages])))
        return scipy.sparse.hstack(rows).tocsr().astype(np.float32)

    def row(self, message: Read) -> Tuple[Any, Any]:
        """Columns and values of one message, equal to what ``fit_transform`` gives for it."""
        if not self._lean:
            self._lean = [(weight, part.build_analyzer(), part.vocabulary_, part.idf_) for weight, part in self._parts]
        columns: List[Any] = []
        values: List[Any] = []
        start = 0
        for weight, analyze, vocabulary, idf in self._lean:
            counts = Counter(piece for piece in analyze(message) if piece in vocabulary)
            if counts:
                here = np.fromiter((vocabulary[piece] for piece in counts), dtype=np.int64, count=len(counts))
                seen = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
                told = (1 + np.log(seen)) * idf[here]
                columns.append(here + start)
                values.append(weight * told / np.linalg.norm(told))
            start += len(vocabulary)
        if self.dimensions:
            columns.append(np.arange(start, start + self.dimensions))
            values.append(self._encoder_weight * message[2])
        if not columns:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.concatenate(columns), np.concatenate(values)

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_lean": []}
