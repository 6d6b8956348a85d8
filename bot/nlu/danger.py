"""A message that speaks of danger to life right now is an emergency, whatever the classifier made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List

import joblib
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.finder import OFFICE_LANGUAGE, language_of
from bot.nlu.folding import fold

_FILE = "danger.joblib"


def read_tables(folder: Path) -> Dict[str, re.Pattern[str]]:
    """One pattern a language, from ``<language>.yml``: a list of regular expressions on folded text."""
    return {path.stem: as_pattern(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(folder.glob("*.yml"))}


def as_pattern(phrases: List[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{phrase})" for phrase in phrases) + r")(?!\w)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerRule(GraphComponent, IntentClassifier):
    """Stands after the classifier and overrides it. A message is held against the patterns of its language and of
    French; a speaker can read and mend them in ``data/danger``."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"tables": "data/danger"}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._patterns: Dict[str, re.Pattern[str]] = {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerRule:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        self._patterns = read_tables(Path(self._config["tables"]))
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(self._patterns, directory / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerRule:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component._patterns = joblib.load(directory / _FILE)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self.hears(message.get(TEXT) or "", language_of(message)):
                self._raise_alarm(message)
        return messages

    def hears(self, text: str, language: str) -> bool:
        """An unknown language is held against all."""
        folded = fold(text[:2000])
        spoken = {language, OFFICE_LANGUAGE} if language in self._patterns else set(self._patterns)
        return any(self._patterns[one].search(folded) for one in spoken if one in self._patterns)

    def _raise_alarm(self, message: Message) -> None:
        others = [guess for guess in message.get("intent_ranking") or [] if guess["name"] != "emergency"]
        alarm = {"name": "emergency", "confidence": 1.0}
        message.set(INTENT, alarm, add_to_output=True)
        message.set("intent_ranking", [alarm, *others], add_to_output=True)
