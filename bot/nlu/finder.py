"""Finds the concepts of a message, in its language and in French, whose office words everyone uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.concepts import Lexicon

CONCEPTS = "concepts"
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
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(self._lexicon, directory / _FILE, compress=1)
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
            component._lexicon = joblib.load(directory / _FILE)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            language = language_of(message)
            # Heard nowhere (Rasa's own tools): every language may speak.
            spoken = [language, OFFICE_LANGUAGE] if language else self._lexicon.languages
            found = self._lexicon.concepts((message.get(TEXT) or "")[:2000], dict.fromkeys(spoken))
            message.set(CONCEPTS, found, add_to_output=True)
        return messages


def language_of(message: Message) -> str:
    """In training as the file says it (its intent's metadata), in a conversation as the app heard it; "" if unknown."""
    metadata = message.get("metadata") or {}
    return str(metadata.get(HEARD) or (metadata.get("intent") or {}).get("language") or "")
