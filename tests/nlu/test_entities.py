"""Languages, days, hours, documents, ages and organisations are the same values in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.ages import ages, bands
from bot.nlu.concepts import Lexicon, marks, split
from bot.nlu.entities import TABLE, ConceptEntities
from bot.nlu.finder import AGES, CONCEPTS
from bot.nlu.names import Names, key
from bot.nlu.organisations import known_from

LEXICON = Lexicon(Path("data/concepts").glob("*.txt"))


def named(text: str, language: str) -> list[tuple[str, str]]:
    words = split(text)
    found = LEXICON.matches(words, dict.fromkeys([language, "fr"]))
    message = Message(
        {"text": text, CONCEPTS: LEXICON.concepts(text, [language, "fr"]), AGES: ages(words, marks(found))}
    )
    (read,) = ConceptEntities().process([message])
    return [(one["entity"], one["value"]) for one in read.get("entities")]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("est-ce qu'ils parlent arabe ?", "fr", ("language", "ar")),
        ("do they speak Tigrinya there", "en", ("language", "ti")),
        ("هل يتكلمون الكردية", "ar", ("language", "ku")),
        ("там говорят по-украински?", "ru", ("language", "uk")),
        ("Peştuca bilen biri var mı", "tr", ("language", "ps")),
        ("ma ku hadlaan af soomaali", "so", ("language", "so")),
        ("c'est ouvert samedi ?", "fr", ("day", "Sa")),
        ("is it open on Monday", "en", ("day", "Mo")),
        ("¿abren el domingo?", "es", ("day", "Su")),
        ("в среду работает", "ru", ("day", "We")),
        ("ናይ ዓርቢ ክፉት ድዩ", "ti", ("day", "Fr")),
        ("demain matin", "fr", ("day", "tomorrow")),
        ("demain matin", "fr", ("time", "morning")),
        ("rdv à 14h30", "fr", ("time", "14:30")),
        ("at 9:00", "en", ("time", "09:00")),
        ("j'ai mon récépissé", "fr", ("document", "receipt")),
        ("perdí mi pasaporte", "es", ("document", "passport")),
        ("mon fils a 6 ans", "fr", ("age", "6")),
        ("ابني عمره ٦ سنوات", "ar", ("age", "6")),
    ],
)
def test_what_is_named_has_one_value_in_every_language(text: str, language: str, wanted: tuple[str, str]) -> None:
    assert wanted in named(text, language)


@pytest.mark.parametrize("text", ["nous sommes 9 personnes", "ligne 14 du bus", "le 115 ne répond pas"])
def test_a_number_alone_is_no_hour_and_no_age(text: str) -> None:
    assert {kind for kind, _ in named(text, "fr")} & {"time", "age"} == set()


def test_every_concept_of_the_table_is_in_the_lexicon() -> None:
    told = {line.split(":")[0] for line in Path("data/concepts/fr.txt").read_text("utf-8").splitlines() if ":" in line}
    asked = {concept for values in yaml.safe_load(TABLE.read_text("utf-8")).values() for concept in values.values()}
    assert asked <= told


def aged(text: str, language: str) -> list[int]:
    words = split(text)
    return ages(words, marks(LEXICON.matches(words, dict.fromkeys([language, "fr"]))))


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("mon fils a 6 ans et ma fille 13 ans", "fr", [6, 13]),
        ("mon fils a six ans", "fr", [6]),
        ("mineur isolé 17ans", "fr", [17]),
        ("my son is 6 and stays at home all day", "en", [6]),
        ("mi hija tiene 4 años", "es", [4]),
        ("моему сыну 7 лет", "ru", [7]),
        ("oğlum 8 yaşında", "tr", [8]),
        ("bébé de 8 mois", "fr", [0]),
        ("ma mère a 72 ans", "fr", [72]),
        ("je suis en France depuis 6 ans", "fr", []),
        ("I have been here for 5 years", "en", []),
        ("2 enfants", "fr", []),
        ("un loyer de 600 euros", "fr", []),
        ("", "fr", []),
    ],
)
def test_an_age_is_told_from_a_duration(text: str, language: str, wanted: list[int]) -> None:
    assert aged(text, language) == wanted


def test_an_age_says_which_door() -> None:
    assert bands([0, 2, 3, 6, 17, 18, 30, 60]) == [
        *("AGE_UNDER_3", "AGE_3_TO_5", "AGE_6_TO_11", "AGE_12_TO_17"),
        *("AGE_18_TO_25", "AGE_26_TO_59", "AGE_60_AND_MORE"),
    ]


SYNONYMS = {
    "OFII": "organisation/ofii",
    "Office français de l'immigration et de l'intégration": "organisation/ofii",
    "La Cimade": "organisation/cimade",
    "Cimade": "organisation/cimade",
    "PASS": "service/chu-pass",
    "Secours populaire français": "organisation/spf",
    "car": "vehicle",
}


@pytest.fixture(scope="module")
def names() -> Names:
    return Names("organisation", known_from(SYNONYMS, ["pass"]), 90)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("où est l'OFII ?", ["organisation/ofii"]),
        ("where is the ofii office", ["organisation/ofii"]),
        ("l'office francais de l’immigration et de l’integration", ["organisation/ofii"]),
        ("j'ai rdv à la cimade demain", ["organisation/cimade"]),
        ("le secours populair francais", ["organisation/spf"]),
        ("je dois aller à la PASS pour mes dents", ["service/chu-pass"]),
        ("la pass ?", ["service/chu-pass"]),
        ("i cannot pass the exam without this paper", []),
        ("je cherche un médecin", []),
        ("my car is broken", []),
    ],
)
def test_an_organisation_is_found_by_its_names(names: Names, text: str, values: list[str]) -> None:
    assert [one["value"] for one in names.find(text)] == values


def test_names_are_compared_folded() -> None:
    assert key("L'Île-de-Nantes") == "l ile de nantes"


def test_what_is_no_name_is_left_out() -> None:
    known: dict[str, Any] = known_from(SYNONYMS, [])
    assert "car" not in known
