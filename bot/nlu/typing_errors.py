"""Teaches a third of the sentences a second time with the typing errors of a phone."""

from __future__ import annotations

import random
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

# Marks a copy, with the number of the sentence that it was made from.
COPY_OF = "copy_of"
LETTERS_PER_ERROR = 25
VOWELS = "aeiou"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TypingErrors(GraphComponent):
    """Does nothing to a message that is answered. Its errors are the same in every training."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"share": 0.3}

    def __init__(self, share: float) -> None:
        self._share = share

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TypingErrors:
        return cls(config["share"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        chance = random.Random(0)
        told = training_data.training_examples
        copies = [
            copy(example, number, chance)
            for number, example in enumerate(told)
            if example.get(TEXT) and example.get(INTENT) and chance.random() < self._share
        ]
        return TrainingData(
            [*told, *copies],
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )

    def process(self, messages: List[Message]) -> List[Message]:
        return messages


def copy(example: Message, number: int, chance: random.Random) -> Message:
    metadata = {**(example.get(METADATA) or {}), COPY_OF: number}
    text = misspelt(example.get(TEXT), chance)
    return Message({TEXT: text, INTENT: example.get(INTENT), METADATA: metadata})


def misspelt(text: str, chance: random.Random) -> str:
    """A letter left out, written twice, exchanged with its neighbour, or another vowel: one in 25, at least one."""
    letters = list(text)
    for _ in range(max(1, len(text) // LETTERS_PER_ERROR)):
        if not letters:
            break
        place, kind = chance.randrange(len(letters)), chance.random()
        if kind < 0.35:
            del letters[place]
        elif kind < 0.6:
            letters.insert(place, letters[place])
        elif kind < 0.85 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif letters[place].isascii() and letters[place].isalpha():
            letters[place] = chance.choice(VOWELS)
    return "".join(letters).strip() or text
