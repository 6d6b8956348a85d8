"""Concepts are found in every language, in the forms that people write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.concepts import Lexicon, alternatives, read
from bot.nlu.features import Features
from bot.nlu.finder import language_of
from bot.nlu.folding import fold

LEXICON = Path("data/concepts")

SMALL = {
    "fr": "CHILD: enfant*, petit garçon\nSCHOOL: école*, écol\nRECEPISSE: récépissé\nNO_MONEY: pas d'argent",
    "ar": "CHILD: ولد*, طفل*\nSCHOOL: مدرسة",
    "ti": "CHILD: ቆልዓ*\nSCHOOL: ቤት ትምህርቲ",
    "tr": "CHILD: çocuk*\nCAF: caf",
    "so": "RECEPISSE: récépissé",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    folder = tmp_path_factory.mktemp("lexicon")
    for language, text in SMALL.items():
        (folder / f"{language}.txt").write_text(text, "utf-8")
    return Lexicon(folder.glob("*.txt"))


@pytest.mark.parametrize(
    ("text", "language", "concepts"),
    [
        ("l'école de mes enfants", "fr", ["SCHOOL", "CHILD"]),
        ("MES ENFANTS", "fr", ["CHILD"]),
        ("le petit garcon", "fr", ["CHILD"]),
        ("j'ai pas d’argent", "fr", ["NO_MONEY"]),
        ("une petite fille", "fr", []),
        ("والولد بالمدرسه", "ar", ["CHILD", "SCHOOL"]),
        ("ንቆልዑተይ ንቆልዓይ ኣብ ቤት ትምህርቲ", "ti", ["CHILD", "SCHOOL"]),
        ("cocuklarim icin", "tr", ["CHILD"]),
        ("CAF'tan para", "tr", ["CAF"]),
        ("récépissé-gayga", "so", ["RECEPISSE"]),
        ("", "fr", []),
    ],
)
def test_a_concept_is_found_in_the_forms_people_write(
    small: Lexicon, text: str, language: str, concepts: list[str]
) -> None:
    assert small.concepts(text, [language]) == concepts


def test_only_the_languages_asked_speak(small: Lexicon) -> None:
    assert small.concepts("cocuk enfants", ["fr"]) == ["CHILD"]
    assert small.concepts("cocuk", ["fr"]) == []
    assert small.concepts("cocuk", ["xx"]) == []


def test_small_words_written_into_a_word_are_tried_away() -> None:
    assert "ولد" in list(alternatives("والولد", "ar"))
    assert list(alternatives("école", "fr")) == ["école"]
    assert list(alternatives("برای", "fa")) == ["برای"]
    assert list(alternatives("6ans", "fr")) == ["6ans", "ans"]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "fr.txt").write_text("CHILD: enfant\nschool école\n")
    with pytest.raises(ValueError, match=r"fr\.txt, line 2"):
        read(tmp_path / "fr.txt")


def test_no_language_names_a_concept_that_french_does_not() -> None:
    """French is the list; a language may still be on its way to it."""
    names = {file.stem: read(file) for file in sorted(LEXICON.glob("*.txt"))}
    assert len(names["fr"]) >= 600
    for language, concepts in names.items():
        assert set(concepts) <= set(names["fr"]), language
        assert all(concepts.values()), language


def test_the_same_message_means_the_same_in_three_languages() -> None:
    lexicon = Lexicon(LEXICON.glob("*.txt"))
    said = {
        "fr": "où inscrire ma fille à l'école",
        "en": "where do I enrol my daughter in school",
        "ar": "أين أسجل ابنتي في المدرسة",
    }
    for language, text in said.items():
        assert {"DAUGHTER", "SCHOOL"} <= set(lexicon.concepts(text, [language])), language


@pytest.mark.parametrize("vector", [None, np.array([0.6, -0.8], dtype=np.float32)])
def test_one_message_is_counted_as_training_counts_it(vector: Any) -> None:
    messages = [(fold(text), concepts, vector) for text, concepts in [
        ("je cherche une école pour mon fils", ["SEARCH_FIND", "SCHOOL", "SON"]),
        ("une école près de chez moi", ["SCHOOL", "NEAR"]),
        ("mon fils cherche une école", ["SON", "SEARCH_FIND", "SCHOOL"]),
    ]]  # fmt: skip
    features = Features((1, 2), (2, 4), 1.5, 0.5)
    trained = features.fit_transform(messages)
    for number, message in enumerate(messages):
        columns, values = features.row(message)
        again = np.zeros(trained.shape[1], dtype=np.float32)
        again[columns] = values
        assert np.allclose(again, trained[number].toarray()[0], atol=1e-5)
    assert len(features.row(("", [], vector))[0]) == (0 if vector is None else len(vector))


def test_the_language_is_the_one_heard_else_the_files_own() -> None:
    assert language_of(Message({"metadata": {"heard": "ar", "locale": "fr"}})) == "ar"
    assert language_of(Message.build("x", "greet", intent_metadata={"language": "so"})) == "so"
    assert language_of(Message({"text": "x"})) == ""
