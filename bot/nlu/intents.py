"""Says which intent a message has: tf-idf of words, letters and concepts, one linear SVM for all languages."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Type

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.features import Features
from bot.nlu.finder import CONCEPTS, language_of
from bot.nlu.folding import fold

RANKING = 5
# Said around needs, and no need themselves.
TALK = ("greet", "goodbye", "thank", "affirm", "deny", "out_of_scope")
# Where the solver stops: the default, 0.0001, takes nearly twice as long for the same accuracy.
TOLERANCE = 0.05
_FILE = "intents.joblib"


class Told(NamedTuple):
    """One training sentence: folded text and concepts."""

    language: str
    intent: str
    text: str
    concepts: List[str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Confidences are a softmax of the SVM's margins at one temperature, fitted on a fold left out of training
    (temperature scaling, Guo et al. 2017), so that they can be read as the chance of being right."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"letters": [2, 4], "words": [1, 2], "concept_weight": 1.0, "cost": 1.0}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._features = Features(tuple(config["words"]), tuple(config["letters"]), config["concept_weight"])
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._labels: List[str] = []
        self._temperature = 1.0
        self._taught: Dict[str, str] = {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def required_components(cls) -> List[Type]:
        return []

    def train(self, training_data: TrainingData) -> Resource:
        told = [
            Told(language_of(example), example.get(INTENT), fold(example.get(TEXT)), example.get(CONCEPTS) or [])
            for example in training_data.intent_examples
            if example.get(TEXT)
        ]
        self._taught = {bare(one.text): one.intent for one in told}
        told += politely(told)
        seen = self._features.fit_transform([(one.text, one.concepts) for one in told])
        labels = np.array([one.intent for one in told])
        self._temperature = self._fit_temperature(seen, labels)
        self._fit(seen, labels)
        with self._storage.write_to(self._resource) as directory:
            parts = (self._features, self._weights, self._bias, self._labels, self._temperature, self._taught)
            joblib.dump(parts, directory / _FILE)
        return self._resource

    def _fit(self, seen: Any, labels: Any) -> Any:
        svm = LinearSVC(C=self._config["cost"], class_weight="balanced", random_state=0, tol=TOLERANCE).fit(
            seen, labels
        )
        self._labels = [str(label) for label in svm.classes_]
        # Rows are features: a message touches a few hundred of them, so they should lie next to each other.
        self._weights = np.ascontiguousarray(svm.coef_.T, dtype=np.float32)
        self._bias = svm.intercept_.astype(np.float32)
        return svm

    def _fit_temperature(self, seen: Any, labels: Any) -> float:
        """Margins of one fold in five, read by a classifier that did not see it."""
        known, left_out = next(StratifiedKFold(5, shuffle=True, random_state=0).split(seen, labels))
        svm = self._fit(seen[known], labels[known])
        margins = svm.decision_function(seen[left_out])
        column = {label: i for i, label in enumerate(svm.classes_)}
        right = np.array([column[label] for label in labels[left_out]])

        def surprise(log_temperature: float) -> float:
            scores = log_softmax(margins / np.exp(log_temperature), axis=1)
            return float(-scores[np.arange(len(right)), right].mean())

        return float(np.exp(minimize_scalar(surprise, bounds=(-4, 2), method="bounded").x))

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            parts = joblib.load(directory / _FILE)
        component._features, component._weights, component._bias, component._labels = parts[:4]
        component._temperature, component._taught = parts[4:]
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._rank(fold(message.get(TEXT) or ""), message.get(CONCEPTS) or [])
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, text: str, concepts: List[str]) -> List[Dict[str, Any]]:
        columns, values = self._features.row((text, concepts))
        chances = softmax((values @ self._weights[columns] + self._bias) / self._temperature)
        best = [(self._labels[i], float(chances[i])) for i in np.argsort(-chances)[:RANKING]]
        taught = self._taught.get(bare(text))
        if taught:
            best = [(taught, 1.0), *((name, 0.0) for name, _ in best if name != taught)]
        return [{"name": name, "confidence": chance} for name, chance in best]


def politely(told: List[Told]) -> List[Told]:
    """Needs as people also begin and end them: "hello, …", "… thank you". Without these, a greeting in front of a
    need is taken for the whole message. Every fifth need gets one, from the same language's own short greetings."""
    found = []
    for intent, first in (("greet", True), ("thank", False)):
        words: Dict[str, List[Told]] = {}
        for one in told:
            if one.intent == intent and len(one.text.split()) <= 3:
                words.setdefault(one.language, []).append(one)
        needs = [one for one in told if one.intent not in TALK and one.language in words]
        for number, need in enumerate(needs[0 if first else 2 :: 5]):
            word = words[need.language][number % len(words[need.language])]
            pair = (word, need) if first else (need, word)
            text, concepts = " ".join(one.text for one in pair), [c for one in pair for c in one.concepts]
            found.append(Told(need.language, need.intent, text, concepts))
    return found


def bare(folded: str) -> str:
    """Without marks: what was taught word for word is known word for word, and "merci !" is "merci"."""
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split()) or folded
