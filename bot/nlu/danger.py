"""A message that speaks of danger to life right now is an emergency, whatever the classifier made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.folding import fold

TABLE = Path(__file__).with_name("danger.yml")


def read_table(path: Path = TABLE) -> re.Pattern[str]:
    """One pattern for all languages: people mix them, and a danger in any of them counts."""
    phrases = [phrase for language in yaml.safe_load(path.read_text("utf-8")).values() for phrase in language]
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{phrase})" for phrase in phrases) + r")(?!\w)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerRule(GraphComponent, IntentClassifier):
    """Stands after the classifier and overrides it; its patterns are read by people in ``danger.yml``."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerRule:
        return cls(read_table())

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self._pattern.search(fold((message.get(TEXT) or "")[:2000])):
                self._raise_alarm(message)
        return messages

    def _raise_alarm(self, message: Message) -> None:
        others = [guess for guess in message.get("intent_ranking") or [] if guess["name"] != "emergency"]
        alarm = {"name": "emergency", "confidence": 1.0}
        message.set(INTENT, alarm, add_to_output=True)
        message.set("intent_ranking", [alarm, *others], add_to_output=True)
