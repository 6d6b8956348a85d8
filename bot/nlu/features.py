"""What the classifier looks at: words, letters and concepts of a message, weighted by how telling they are (tf-idf)."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, Tuple

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

# A message before it is counted: its folded text and its concepts.
Read = Tuple[str, List[str]]


def _text(read: Read) -> str:
    return read[0]


def _concepts(read: Read) -> List[str]:
    """Concepts, and neighbours in pairs: NO + HOUSING says more than both."""
    concepts = read[1]
    return [*concepts, *(f"{first}+{second}" for first, second in zip(concepts, concepts[1:], strict=False))]


class Features:
    """Fitted with scikit-learn; a single message is counted here, for scikit-learn's checks around each call cost more
    than the counting (3 ms of a 19 ms turn)."""

    def __init__(self, words: Tuple[int, int], letters: Tuple[int, int], concept_weight: float) -> None:
        common: Dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32}
        self._parts = [
            (1.0, TfidfVectorizer(preprocessor=_text, ngram_range=words, token_pattern=r"(?u)\b\w+\b", **common)),
            (1.0, TfidfVectorizer(preprocessor=_text, analyzer="char_wb", ngram_range=letters, **common)),
            (concept_weight, TfidfVectorizer(analyzer=_concepts, **common)),
        ]
        self._lean: List[Tuple[float, Any, Dict[str, int], Any]] = []

    def fit_transform(self, messages: List[Read]) -> Any:
        """Messages × features, sparse, float32."""
        if not any(concepts for _, concepts in messages):
            self._parts = self._parts[:2]  # a pipeline without a lexicon
        rows = [weight * part.fit_transform(messages) for weight, part in self._parts]
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
        if not columns:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.concatenate(columns), np.concatenate(values)

    def __getstate__(self) -> Dict[str, Any]:
        return {"_parts": self._parts, "_lean": []}
