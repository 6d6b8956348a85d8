"""A sentence encoder in a local folder adds its vectors; without one nothing happens. The encoder is made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bot.nlu.encoder import SETTING, Encoder, SentenceEncoder, UnusableEncoder, vector_of
from bot.nlu.intents import LinearIntentClassifier
from tests.nlu.test_components import SENTENCES, made

WORDS = ["[PAD]", "[UNK]", "cours", "français", "médecin", "dents", "bonjour"]
DIMENSIONS = 8


def save_encoder(folder: Path, model: str = "model.onnx") -> Path:
    """One embedding a word: the smallest thing with an encoder's inputs and outputs."""
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    (folder / model).parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(0).normal(size=(len(WORDS), DIMENSIONS)).astype(np.float32)
    axes = ["batch", "tokens"]
    given = [helper.make_tensor_value_info(n, TensorProto.INT64, axes) for n in ("input_ids", "attention_mask")]
    told = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*axes, DIMENSIONS])
    node = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([node], "tiny", given, [told], [numpy_helper.from_array(table, "table")])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(folder / model))
    return folder


@pytest.mark.parametrize("model", ["model.onnx", "onnx/model.onnx"])
def test_a_sentence_is_the_mean_of_its_tokens_and_has_length_one(tmp_path: Path, model: str) -> None:
    encoder = Encoder(save_encoder(tmp_path, model))
    one, both = encoder.encode(["cours", "cours médecin bonjour"])
    alone = encoder.encode(["cours"])[0]
    assert one.shape == (DIMENSIONS,)
    assert np.linalg.norm(both) == pytest.approx(1, abs=1e-5)
    # Padding of a longer neighbour changes nothing.
    assert one == pytest.approx(alone, abs=1e-6)


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnusableEncoder, match="model.onnx"):
        Encoder(tmp_path)


def component(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> SentenceEncoder:
    if folder:
        monkeypatch.setenv(SETTING, str(folder))
    else:
        monkeypatch.delenv(SETTING, raising=False)
    return SentenceEncoder.create({}, None, None, None)  # type: ignore[arg-type]


def test_it_is_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    (message,) = component(monkeypatch, None).process([Message.build(text="cours")])
    assert vector_of(message) is None


@pytest.mark.parametrize("text", ["cours de français", "", "🙂", "x " * 5000])
def test_every_message_gets_a_vector(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    (message,) = component(monkeypatch, save_encoder(tmp_path)).process([Message({"text": text})])
    assert vector_of(message).shape == (DIMENSIONS,)


class Encoded:
    """The classifier, trained on sentences that went through the encoder."""

    get_default_config = staticmethod(LinearIntentClassifier.get_default_config)
    load = LinearIntentClassifier.load
    encoder: Any = None

    @classmethod
    def create(cls, *arguments: Any) -> Any:
        classifier = LinearIntentClassifier.create(*arguments)
        train = classifier.train

        def with_vectors(training_data: TrainingData) -> Any:
            return train(cls.encoder.process_training_data(training_data))

        classifier.train = with_vectors  # type: ignore[method-assign]
        return classifier


def test_the_classifier_reads_the_vectors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Encoded.encoder = component(monkeypatch, save_encoder(tmp_path / "encoder"))
    (tmp_path / "kept").mkdir()
    trained, loaded = made(Encoded, tmp_path / "kept")
    for text in (SENTENCES["ask_health"][0], "cours"):
        messages = [Message.build(text=text) for _ in range(2)]
        Encoded.encoder.process(messages)
        trained.process(messages[:1])
        loaded.process(messages[1:])
        assert messages[0].get("intent_ranking") == messages[1].get("intent_ranking")
    assert trained._weights.shape[0] > DIMENSIONS
