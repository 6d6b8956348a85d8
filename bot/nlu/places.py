"""Finds quartiers, communes and stops in a message, with typing errors, and gives their ids."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Dict, List

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.names import SHORTEST_FUZZY, Known, Names, key

# When two places share a name, the one people mean first.
KINDS = ("micro_quartier", "quartier", "commune", "tram", "busway", "tram+busway", "bus_or_other")
_FILE = "places.joblib"


def gazetteer(folder: Path, words_too: List[str]) -> Dict[str, Known]:
    """Read from ``places.csv`` and ``spellings.csv`` of ``folder``."""
    with open(folder / "places.csv", encoding="utf-8") as file:
        places = {row["id"]: row for row in csv.DictReader(file) if row["lat"]}
    names = [(n, row) for row in places.values() for n in [row["name"], *row["aliases"].split(";")] if n]
    with open(folder / "spellings.csv", encoding="utf-8") as file:
        names += [(row["spelling"], places[row["place"]]) for row in csv.DictReader(file)]
    found: Dict[str, Known] = {}
    for name, row in sorted(names, key=lambda item: KINDS.index(item[1]["kind"])):
        folded = key(name)
        alone = folded in words_too or (row["kind"] == "bus_or_other" and " " not in folded)
        fuzzy = row["kind"] != "bus_or_other" and len(folded) >= SHORTEST_FUZZY and not alone
        found.setdefault(folded, Known(row["id"], alone, fuzzy=fuzzy))
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Knows the gazetteer as it was at training."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"gazetteer": "directory/seed", "words_too": [], "likeness": 88}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._names = Names("place", {}, config["likeness"])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceExtractor:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        known = gazetteer(Path(self._config["gazetteer"]), self._config["words_too"])
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(known, directory / _FILE)
        self._names = Names("place", known, self._config["likeness"])
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PlaceExtractor:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component._names = Names("place", joblib.load(directory / _FILE), config["likeness"])
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = [{**one, "extractor": "PlaceExtractor"} for one in self._names.find(message.get(TEXT) or "")]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages
