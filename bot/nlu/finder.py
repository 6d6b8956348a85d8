"""Finds the concepts of a message, in its language and in French, whose office words everyone uses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Set

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ages import ages, bands
from bot.nlu.concepts import Form, Lexicon, Match, marks, once, split
from bot.nlu.typing_errors import COPY_OF

CONCEPTS = "concepts"
# Ages said, in whole years; read by bot.nlu.entities.
AGES = "ages"
# What the app heard the message in; the reply's language can be another.
HEARD = "heard"
OFFICE_LANGUAGE = "fr"
_FILE = "lexicon.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ConceptFinder(GraphComponent):
    """Writes ``concepts`` into the message: features for the classifier, and what an agent sees as understood."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"lexicon": "data/concepts"}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._lexicon = Lexicon([])
        self._seen_once: Set[Form] = set()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConceptFinder:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        self._lexicon = Lexicon(Path(self._config["lexicon"]).glob("*.txt"))
        seen: Counter[Form] = Counter()
        for example in training_data.training_examples:
            if example.get(TEXT) and not _is_copy(example):
                matches = self._matches(example, split(example.get(TEXT)))
                seen.update({form for here in matches for _, form in here})
        self._seen_once = {form for form, count in seen.items() if count == 1}
        with self._storage.write_to(self._resource) as directory:
            joblib.dump((self._lexicon, self._seen_once), directory / _FILE, compress=1)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ConceptFinder:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component._lexicon, component._seen_once = joblib.load(directory / _FILE)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """A form that stands in one sentence only was perhaps written into the lexicon because of it, so it is not
        counted there: what is learnt from must not be better covered than what will be read. (On hard sentences
        written after the lexicon: 59.8 % → 61.2 %, docs/understanding.md.)"""
        for example in training_data.training_examples:
            if example.get(TEXT):
                self._mark(example, taught=not _is_copy(example))
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self._mark(message, taught=False)
        return messages

    def _mark(self, message: Message, taught: bool) -> None:
        words = split((message.get(TEXT) or "")[:2000])
        found = self._matches(message, words)
        if taught:
            found = [[match for match in here if match[1] not in self._seen_once] for here in found]
        at = marks(found)
        said = ages(words, at)
        message.set(AGES, said)
        message.set(CONCEPTS, [*once(at), *bands(said)], add_to_output=True)

    def _matches(self, message: Message, words: List[str]) -> List[List[Match]]:
        language = language_of(message)
        # Heard nowhere (Rasa's own tools): every language may speak.
        spoken = [language, OFFICE_LANGUAGE] if language else self._lexicon.languages
        return self._lexicon.matches(words, dict.fromkeys(spoken))


def _is_copy(example: Message) -> bool:
    return COPY_OF in (example.get("metadata") or {})


def language_of(message: Message) -> str:
    """In training as the file says it (its intent's metadata), in a conversation as the app heard it; "" if unknown."""
    metadata = message.get("metadata") or {}
    return str(metadata.get(HEARD) or (metadata.get("intent") or {}).get("language") or "")
