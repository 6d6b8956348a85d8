"""Says which intent a message has: tf-idf of words, letters and concepts, read by a linear SVM and Bayes together."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, NamedTuple, Set, Type

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
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from bot.nlu.encoder import vector_of
from bot.nlu.features import Features
from bot.nlu.finder import CONCEPTS, language_of
from bot.nlu.folding import fold
from bot.nlu.typing_errors import COPY_OF

RANKING = 5
EMERGENCY = "emergency"
# Said around needs, and no need themselves.
TALK = ("greet", "goodbye", "thank", "affirm", "deny", "out_of_scope")
# Where the solver stops: the default, 0.0001, takes nearly twice as long for the same accuracy.
TOLERANCE = 0.3
# Messages that the two classifiers' scores are compared on.
SAMPLE = 2000
_FILE = "intents.joblib"


class Told(NamedTuple):
    """One training sentence: folded text, concepts, an encoder's vector or None; ``origin`` is the same for all that
    were made from one."""

    language: str
    intent: str
    text: str
    concepts: List[str]
    vector: Any
    origin: int
    made: bool


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """One classifier for all languages. Complement naive Bayes (Rennie et al. 2003) stands beside the SVM: it knows
    less of what tells two needs apart and more of what belongs to each, so the right one is oftener among three.
    Both are linear, so they are added up once, in training.

    Confidences are a softmax of the scores at one temperature, fitted on a fold left out of training (temperature
    scaling, Guo et al. 2017), so that they can be read as the chance of being right."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {
            "letters": [2, 4],
            "words": [1, 2],
            "concept_weight": 1.0,
            "encoder_weight": 1.0,
            "cost": 1.0,
            "bayes_weight": 0.6,
            "false_alarms": 0.01,
        }

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        weights = config["concept_weight"], config["encoder_weight"]
        self._features = Features(tuple(config["words"]), tuple(config["letters"]), *weights)
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._labels: List[str] = []
        self._temperature = 1.0
        self._alarm = 1.0
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
        told = [as_told(example, number) for number, example in enumerate(training_data.intent_examples)]
        self._taught = {bare(one.text): one.intent for one in told if not one.made}
        told += politely([one for one in told if not one.made])
        seen = self._features.fit_transform([(one.text, one.concepts, one.vector) for one in told])
        labels = np.array([one.intent for one in told])
        self._calibrate(told, seen, labels)
        self._fit(seen, labels)
        with self._storage.write_to(self._resource) as directory:
            parts = (self._features, self._weights, self._bias, self._labels)
            joblib.dump((*parts, self._temperature, self._alarm, self._taught), directory / _FILE)
        return self._resource

    def _fit(self, seen: Any, labels: Any) -> None:
        cost = self._config["cost"]
        svm = LinearSVC(C=cost, class_weight="balanced", random_state=0, tol=TOLERANCE).fit(seen, labels)
        # Bayes counts what is there, so an encoder's vector, which stands last, is not for it.
        counted = seen.shape[1] - self._features.dimensions
        bayes = ComplementNB(alpha=0.2).fit(seen[:, :counted], labels)
        self._labels = [str(label) for label in svm.classes_]
        # Rows are features: a message touches a few hundred of them, so they should lie next to each other.
        self._weights = np.ascontiguousarray(svm.coef_.T, dtype=np.float32)
        self._bias = svm.intercept_.astype(np.float32)
        beliefs = np.ascontiguousarray(bayes.feature_log_prob_.T, dtype=np.float32)
        sample = seen[:: max(1, seen.shape[0] // SAMPLE)]
        share = self._config["bayes_weight"] * _spread(sample @ self._weights) / _spread(sample[:, :counted] @ beliefs)
        self._weights[:counted] += share * (beliefs - beliefs.mean(axis=1, keepdims=True))

    def _calibrate(self, told: List[Told], seen: Any, labels: Any) -> None:
        """Temperature and alarm from every fifth sentence, read by a classifier that saw neither it nor its copies."""
        held = every_fifth(told)
        apart = np.array([one.origin in held for one in told])
        left_out = apart & np.array([not one.made for one in told])
        self._fit(seen[~apart], labels[~apart])
        margins = seen[left_out] @ self._weights + self._bias
        column = {label: i for i, label in enumerate(self._labels)}
        right = np.array([column[label] for label in labels[left_out]])

        def surprise(log_temperature: float) -> float:
            scores = log_softmax(margins / np.exp(log_temperature), axis=1)
            return float(-scores[np.arange(len(right)), right].mean())

        self._temperature = float(np.exp(minimize_scalar(surprise, bounds=(-4, 2), method="bounded").x))
        if EMERGENCY in column:
            feared = softmax(margins / self._temperature, axis=1)[:, column[EMERGENCY]]
            others = feared[labels[left_out] != EMERGENCY]
            self._alarm = float(np.quantile(others, 1 - self._config["false_alarms"]))

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
        component._temperature, component._alarm, component._taught = parts[4:]
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._rank(fold(message.get(TEXT) or ""), message.get(CONCEPTS) or [], vector_of(message))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, text: str, concepts: List[str], vector: Any) -> List[Dict[str, Any]]:
        columns, values = self._features.row((text, concepts, vector))
        chances = softmax((values @ self._weights[columns] + self._bias) / self._temperature)
        best = [(self._labels[i], float(chances[i])) for i in np.argsort(-chances)[:RANKING]]
        # Missing a danger is worse than a number too many: emergency comes first from a lower chance on.
        feared = next((i for i, (name, chance) in enumerate(best) if name == EMERGENCY and chance >= self._alarm), 0)
        best.insert(0, best.pop(feared))
        taught = self._taught.get(bare(text))
        if taught:
            best = [(taught, 1.0), *((name, 0.0) for name, _ in best if name != taught)]
        return [{"name": name, "confidence": chance} for name, chance in best]


def as_told(example: Message, number: int) -> Told:
    copied = (example.get("metadata") or {}).get(COPY_OF)
    origin = number if copied is None else copied
    text, concepts = fold(example.get(TEXT)), example.get(CONCEPTS) or []
    vector = vector_of(example)
    return Told(language_of(example), example.get(INTENT), text, concepts, vector, origin, copied is not None)


def every_fifth(told: List[Told]) -> Set[int]:
    """Origins of every fifth sentence of each intent."""
    count: Counter[str] = Counter()
    held = set()
    for one in told:
        if not one.made:
            count[one.intent] += 1
            if count[one.intent] % 5 == 0:
                held.add(one.origin)
    return held


def _spread(scores: Any) -> float:
    """How far apart the scores of a message lie; makes two classifiers' scores comparable."""
    return float((scores - scores.mean(axis=1, keepdims=True)).std())


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
            found.append(need._replace(text=text, concepts=concepts, made=True))
    return found


def bare(folded: str) -> str:
    """Without marks: what was taught word for word is known word for word, and "merci !" is "merci"."""
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split()) or folded
