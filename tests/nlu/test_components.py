"""One battery for every component: train, keep, load, and survive whatever people send."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.danger import DangerRule
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.entities import ConceptEntities
from bot.nlu.finder import ConceptFinder
from bot.nlu.intents import LinearIntentClassifier
from bot.nlu.organisations import OrganisationExtractor
from bot.nlu.places import PlaceExtractor
from bot.nlu.typing_errors import TypingErrors, misspelt

SENTENCES = {
    "ask_french_class": ["je veux apprendre le français", "cours de français", "apprendre la langue", "تعلم الفرنسية"],
    "ask_health": ["je cherche un médecin", "mal aux dents, quel docteur", "besoin d'un médecin", "طبيب أسنان"],
    "greet": ["bonjour", "bonjour à tous", "bonjour monsieur", "مرحبا"],
}  # fmt: skip
STRANGE = ["", " ", "🙂🙂", "x" * 10_000, "???", "я ищу médecin في نانت ናንት", "\u202e\u0000abc", "a\nb\tc"]
COMPONENTS = [
    *(TypingErrors, SentenceEncoder, ConceptFinder, LinearIntentClassifier, DangerRule),
    *(PlaceExtractor, OrganisationExtractor, ConceptEntities),
]


def training_data() -> TrainingData:
    # Five folds of the calibration want five of each.
    examples = [(text, intent) for intent, texts in SENTENCES.items() for text in (*texts, texts[0] + " merci")]
    return TrainingData([Message.build(text=text, intent=intent) for text, intent in examples])


def made(component: Any, folder: Path) -> tuple[Any, Any]:
    """The component as it was trained, and as it is loaded from what it kept."""
    storage, resource = LocalModelStorage(folder), Resource("part")
    context = ExecutionContext(GraphSchema({}), "model")
    config = component.get_default_config()
    trained = component.create(config, storage, resource, context)
    if "train" not in vars(type(trained)):
        return trained, component.create(config, storage, resource, context)
    trained.train(training_data())
    return trained, component.load(config, storage, resource, context)


def built(component: Any, folder: Path) -> Any:
    return made(component, folder)[1]


def read(component: Any, text: str) -> Message:
    message = Message.build(text=text) if text else Message({"text": text})
    (read_message,) = component.process([message])
    return read_message


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_survives(component: Any, text: str, tmp_path: Path) -> None:
    read(built(component, tmp_path), text)


@pytest.mark.parametrize("component", COMPONENTS)
def test_says_the_same_when_loaded(component: Any, tmp_path: Path) -> None:
    trained, loaded = made(component, tmp_path)
    for text in ("bonjour, où apprendre le français près de Bellevue ?", "il ne respire plus", "xyz"):
        assert read(trained, text).as_dict(True) == read(loaded, text).as_dict(True)


def test_the_classifier_ranks_by_chance(tmp_path: Path) -> None:
    message = read(built(LinearIntentClassifier, tmp_path), "cours de francais stp")
    ranking = message.get("intent_ranking")
    assert message.get("intent")["name"] == "ask_french_class"
    assert [one["confidence"] for one in ranking] == sorted((one["confidence"] for one in ranking), reverse=True)
    assert sum(one["confidence"] for one in ranking) == pytest.approx(1, abs=1e-3)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return built(PlaceExtractor, tmp_path_factory.mktemp("places"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("où apprendre le français près de Bellevue ?", "bellevue"),
        ("cours de francais a belevue", "bellevue"),
        ("أين أتعلم الفرنسية قرب بيلفو", "bellevue"),
        ("ищу курсы возле Бельвю", "bellevue"),
        ("school near clos-toreau", "clos-toreau"),
        ("j'habite à Saint Herblain", "saint-herblain"),
        ("je suis a st herblain", "saint-herblain"),
        ("vers l'Île de Nantes", "quartier-ile-de-nantes"),
        ("malakof", "malakoff"),
        ("I live in the city centre", "quartier-centre-ville"),
        ("cours de français à Nantes", "nantes"),
        ("je suis à Procé", "arret-proce"),
    ],
)
def test_a_place_is_found(places: Any, text: str, place: str) -> None:
    assert [entity["value"] for entity in read(places, text).get("entities")] == [place]


@pytest.mark.parametrize(
    "text",
    [
        "on paye moins les africains que les autres pour le même poste",
        "aide de la région Loire-Atlantique et de la mairie",
        "je cherche une maison, la paix et la justice pour mes enfants",
        "bonjour",
        "my daughter is sick since two days",
        "أريد طبيبا لابنتي",
        "хочу записать ребёнка в школу",
    ],
)
def test_an_ordinary_word_is_no_place(places: Any, text: str) -> None:
    assert read(places, text).get("entities") == []


def test_the_place_stands_where_the_person_wrote_it(places: Any) -> None:
    text = "Cours du soir à l'Île-de-Nantes svp"
    (entity,) = read(places, text).get("entities")
    assert text[entity["start"] : entity["end"]] == "Île-de-Nantes"


def test_some_sentences_are_taught_with_typing_errors_too(tmp_path: Path) -> None:
    first, second = (built(TypingErrors, tmp_path).process_training_data(training_data()) for _ in range(2))
    texts = [example.get("text") for example in first.training_examples]
    assert texts == [example.get("text") for example in second.training_examples]
    assert 15 < len(texts) <= 30
    copies = [example for example in first.training_examples if "copy_of" in (example.get("metadata") or {})]
    told = training_data().training_examples
    for copied in copies:
        origin = told[copied.get("metadata")["copy_of"]]
        assert copied.get("intent") == origin.get("intent")
        assert abs(len(copied.get("text")) - len(origin.get("text"))) <= 1


@pytest.mark.parametrize("text", ["a", "ok", "بيت", "où est la préfecture ? " * 20])
def test_a_typing_error_leaves_something(text: str) -> None:
    assert all(misspelt(text, random.Random(seed)).strip() for seed in range(50))


def test_a_form_known_from_one_sentence_only_teaches_nothing_there(tmp_path: Path) -> None:
    """It may have been written into the lexicon because of that sentence."""
    (tmp_path / "fr.txt").write_text("CHILD: enfant*\nQUOTE: drôle de phrase", "utf-8")
    data = TrainingData(
        [
            Message.build(text="une drôle de phrase avec mon enfant", intent="a"),
            Message.build(text="les enfants", intent="b"),
            Message.build(text="un enfant", intent="b"),
        ]
    )
    (tmp_path / "kept").mkdir()
    storage, resource = LocalModelStorage(tmp_path / "kept"), Resource("part")
    config = {"lexicon": str(tmp_path)}
    ConceptFinder.create(config, storage, resource, None).train(data)  # type: ignore[arg-type]
    finder = ConceptFinder.load(config, storage, resource, None)  # type: ignore[arg-type]
    taught = finder.process_training_data(data).training_examples
    assert [example.get("concepts") for example in taught] == [["CHILD"], ["CHILD"], ["CHILD"]]
    assert read(finder, "une drôle de phrase").get("concepts") == ["QUOTE"]
