"""What a message names beside places and organisations: languages, days, times of day, documents, ages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.finder import AGES, CONCEPTS

TABLE = Path(__file__).with_name("entities.yml")
# "14h", "14h30", "9:00", "9 h"; an hour alone is no hour ("9 personnes").
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s?(?:[hH](?![a-zA-Z])|:(?=\d\d))\s?([0-5]\d)?(?!\d)")


def read_table(path: Path = TABLE) -> Dict[str, List[Tuple[str, str]]]:
    """Concept → kinds and values."""
    found: Dict[str, List[Tuple[str, str]]] = {}
    for kind, values in yaml.safe_load(path.read_text("utf-8")).items():
        for value, concept in values.items():
            found.setdefault(concept, []).append((kind, str(value)))
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ConceptEntities(GraphComponent, EntityExtractorMixin):
    """Stands after ConceptFinder. A value is the same in every language; where it stood in the message is not told."""

    def __init__(self) -> None:
        self._of = read_table()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConceptEntities:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = [
                {"entity": kind, "value": value, "extractor": "ConceptEntities"} for kind, value in self._in(message)
            ]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages

    def _in(self, message: Message) -> Iterator[Tuple[str, str]]:
        for concept in message.get(CONCEPTS) or []:
            yield from self._of.get(concept, ())
        for hour, minute in _CLOCK.findall((message.get(TEXT) or "")[:2000]):
            yield "time", f"{int(hour):02}:{minute or '00'}"
        for age in message.get(AGES) or []:
            yield "age", str(age)
