"""Finds organisations and services of the directory by name or acronym, with typing errors, and gives their ids."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.names import Known, Names, key

# The app writes them into the training data as Rasa's synonyms (bot.training): ``organisation/<id>``, ``service/<id>``.
KINDS = ("organisation", "service")
SHORTEST_FUZZY = 7
_FILE = "organisations.joblib"


def known_from(synonyms: Dict[str, str], words_too: List[str]) -> Dict[str, Known]:
    """``synonyms``: name → ``<kind>/<id>``; ``words_too``: names that are ordinary words as well ("pass")."""
    found: Dict[str, Known] = {}
    for name, value in synonyms.items():
        if value.partition("/")[0] not in KINDS:
            continue
        folded = key(name)
        word = " " not in folded
        alone = folded in words_too or len(folded) <= 2
        fuzzy = not alone and len(folded) >= SHORTEST_FUZZY and not (word and name.isupper())
        found.setdefault(folded, Known(value, alone, capitals=word, fuzzy=fuzzy))
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class OrganisationExtractor(GraphComponent, EntityExtractorMixin):
    """Knows the directory as it was at training."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"words_too": [], "likeness": 90}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._names = Names("organisation", {}, config["likeness"])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrganisationExtractor:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        known = known_from(training_data.entity_synonyms, self._config["words_too"])
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(known, directory / _FILE)
        self._names = Names("organisation", known, self._config["likeness"])
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OrganisationExtractor:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component._names = Names("organisation", joblib.load(directory / _FILE), config["likeness"])
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = [told for one in self._names.find(message.get(TEXT) or "") for told in _told(one)]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages


def _told(found: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    """A name that several bear ("CCAS") means each of them."""
    for one in found["value"].split():
        kind, _, value = one.partition("/")
        yield {**found, "entity": kind, "value": value, "extractor": "OrganisationExtractor"}
