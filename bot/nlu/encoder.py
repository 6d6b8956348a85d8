"""A sentence encoder beside words and concepts, when there is one on this machine: ``ESCALE_ENCODER=/its/folder``.

The folder holds ``tokenizer.json`` and ``model.onnx`` (or ``onnx/model.onnx``), as multilingual encoders are published
in ONNX format; nothing is ever downloaded. Without the setting this component does nothing. Which public models fit,
and how to compare: docs/understanding.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

SETTING = "ESCALE_ENCODER"
# What a message is cut to, and how many are read at once in training.
MOST_TOKENS = 128
BATCH = 32


class UnusableEncoder(Exception):
    """The folder of ESCALE_ENCODER has no tokenizer.json or no model.onnx; the text says which."""


class Encoder:
    """Sentences into vectors of length one: the model's own sentence vector, or the mean over the tokens' last layer.
    Raises UnusableEncoder."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        model = _first(folder, "model.onnx", "onnx/model.onnx")
        self._tokenizer = Tokenizer.from_file(str(_first(folder, "tokenizer.json")))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}

    def encode(self, texts: List[str]) -> Any:
        """Sentences × dimensions, float32."""
        read = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in read], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in read], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        told = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})
        sentences = next((one for one in told if one.ndim == 2), None)
        if sentences is None:
            weight = mask[:, :, None]
            sentences = (told[0] * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
        return (sentences / np.maximum(np.linalg.norm(sentences, axis=1, keepdims=True), 1e-9)).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Adds the vector as a dense sentence feature, for our classifier and for Rasa's own."""

    def __init__(self, encoder: Optional[Encoder]) -> None:
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        folder = os.environ.get(SETTING)
        return cls(Encoder(Path(folder)) if folder else None)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for start in range(0, len(messages) if self._encoder else 0, BATCH):
            self._add(messages[start : start + BATCH])
        return messages

    def _add(self, messages: List[Message]) -> None:
        assert self._encoder
        vectors = self._encoder.encode([(message.get(TEXT) or "")[:2000] for message in messages])
        for message, vector in zip(messages, vectors, strict=False):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))


def vector_of(message: Message) -> Any:
    """What an encoder said of a message; None without one."""
    _, sentence = message.get_dense_features(TEXT, [])
    return sentence.features[0] if sentence is not None else None


def _first(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise UnusableEncoder(f"{SETTING}: {folder} holds no {' or '.join(names)}")
