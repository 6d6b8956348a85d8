"""Finds quartiers, communes and stops in a message, with typing errors, and gives their ids."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Dict, List

import joblib
import spacy
from rapidfuzz import fuzz, process
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.nlu.folding import fold

# When two places share a name, the one people mean first.
KINDS = ("micro_quartier", "quartier", "commune", "tram", "busway", "tram+busway", "bus_or_other")
# "je suis à Procé", but not "le même poste que les autres".
SHORT = 4
_FILE = "places.joblib"
_SPLIT = str.maketrans({"'": " ", "’": " ", "-": " ", "–": " ", "/": " ", "\u200c": " "})


def gazetteer(folder: Path, words_too: List[str]) -> Dict[str, Dict[str, Any]]:
    """Folded name → ``{"id", "alone", "fuzzy"}``, read from ``places.csv`` and ``spellings.csv`` of ``folder``.

    ``alone``: the name is also an ordinary word ("Poste", "Loire"): it counts only in a message of four words.
    """
    with open(folder / "places.csv", encoding="utf-8") as file:
        places = {row["id"]: row for row in csv.DictReader(file) if row["lat"]}
    names = [(n, row) for row in places.values() for n in [row["name"], *row["aliases"].split(";")] if n]
    with open(folder / "spellings.csv", encoding="utf-8") as file:
        names += [(row["spelling"], places[row["place"]]) for row in csv.DictReader(file)]
    found: Dict[str, Dict[str, Any]] = {}
    for name, row in sorted(names, key=lambda item: KINDS.index(item[1]["kind"])):
        key = " ".join(fold(name.translate(_SPLIT)).split())
        alone = key in words_too or (row["kind"] == "bus_or_other" and " " not in key)
        fuzzy = row["kind"] != "bus_or_other" and len(key) >= 5 and not alone
        found.setdefault(key, {"id": row["id"], "alone": alone, "fuzzy": fuzzy})
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Exact names first (spaCy's PhraseMatcher on folded tokens); only when none is there, names that differ by
    a letter or two (rapidfuzz over one to four tokens)."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"gazetteer": "directory/seed", "words_too": [], "likeness": 88}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._spacy = spacy.blank("xx")
        self._names: Dict[str, Dict[str, Any]] = {}

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
        self._names = gazetteer(Path(self._config["gazetteer"]), self._config["words_too"])
        with self._storage.write_to(self._resource) as directory:
            joblib.dump(self._names, directory / _FILE)
        self._build()
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
            component._names = joblib.load(directory / _FILE)
        component._build()
        return component

    def _build(self) -> None:
        self._matcher = PhraseMatcher(self._spacy.vocab, attr="NORM")
        self._matcher.add("PLACE", [self._read(name) for name in self._names])
        self._near = [name for name, about in self._names.items() if about["fuzzy"]]

    def _read(self, text: str) -> Doc:
        doc = self._spacy.make_doc(text.translate(_SPLIT))
        for token in doc:
            token.norm_ = fold(token.text)
        return doc

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            doc = self._read((message.get(TEXT) or "")[:2000])
            found = self._exact(doc) or self._close(doc)
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages

    def _exact(self, doc: Doc) -> List[Dict[str, Any]]:
        words = sum(not token.is_punct for token in doc)
        spans = spacy.util.filter_spans(self._matcher(doc, as_spans=True))
        named = [(span, self._names[" ".join(t.norm_ for t in span if not t.is_space)]) for span in spans]
        return [_entity(span, about["id"], 1.0) for span, about in named if not about["alone"] or words <= SHORT]

    def _close(self, doc: Doc) -> List[Dict[str, Any]]:
        best: Dict[str, Any] = {}
        for start in range(len(doc)):
            for end in range(start + 1, min(start + 5, len(doc) + 1)):
                window = " ".join(t.norm_ for t in doc[start:end] if not t.is_space)
                if len(window) < 5:
                    continue
                near = process.extractOne(window, self._near, scorer=fuzz.ratio, score_cutoff=self._config["likeness"])
                if near and near[1] / 100 > best.get("confidence_entity", 0):
                    best = _entity(doc[start:end], self._names[near[0]]["id"], near[1] / 100)
        return [best] if best else []


def _entity(span: Any, place: str, confidence: float) -> Dict[str, Any]:
    return {
        "entity": "place",
        "start": span.start_char,
        "end": span.end_char,
        "value": place,
        "confidence_entity": confidence,
        "extractor": "PlaceExtractor",
    }
