"""What each intent is answered with, said as facts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from actions import ACTIONS
from actions.danger import NUMBERS as DANGER_NUMBERS
from actions.find import HAS_FIRST_STEPS, NUMBERS
from actions.human import DESKS
from bot.replies.render import TELL
from bot.replies.titles import FIRST_STEPS
from bot.replies.titles import NUMBERS as TITLES
from bot.settings import ROOT
from bot.turn import TOPICS, Answer, Call, Understood
from directory.search import emergency_numbers, published_service
from tests.conftest import MONDAY

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
RULES = [
    rule for path in (ROOT / "data" / "stories").glob("*.yml") for rule in yaml.safe_load(path.read_text())["rules"]
]
ACTION_OF = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in RULES}


def call(intent: str, slots: dict[str, Any] | None = None, guesses: Any = (), **entities: str) -> Call:
    understood = Understood(intent, 1.0, tuple(entities.items()), tuple(guesses))
    return Call("key", understood, "fr", MONDAY, slots or {})


def answer(directory: Session, intent: str, slots: dict[str, Any] | None = None, **more: Any) -> Answer:
    return ACTIONS[ACTION_OF[intent]](call(intent, slots, **more), directory)


def keys(given: Answer) -> list[str]:
    return [say.key for say in given.say]


def test_domain_rules_and_actions_agree() -> None:
    assert set(DOMAIN["actions"]) == set(ACTIONS)
    assert set(ACTION_OF) == {*DOMAIN["intents"], "nlu_fallback"}
    assert set(ACTION_OF.values()) == set(ACTIONS)


def test_the_domain_holds_the_intents_of_the_contract() -> None:
    assert len(DOMAIN["intents"]) == 53
    assert set(TOPICS) < set(DOMAIN["intents"])
    assert len(TOPICS) == 30


def test_first_steps_and_numbers_agree_with_their_sentences(directory: Session) -> None:
    assert set(FIRST_STEPS) == HAS_FIRST_STEPS
    used = {*DANGER_NUMBERS, *(number for group in NUMBERS.values() for number in group)}
    assert used <= set(TITLES)
    assert len(emergency_numbers(directory, tuple(TITLES))) == len(TITLES)


def test_the_desks_that_receive_everyone_exist_and_can_be_called(directory: Session) -> None:
    assert all(published_service(directory, name).phone for name in DESKS)


@pytest.mark.parametrize("intent", sorted(ACTION_OF))
def test_every_intent_is_answered_with_facts_that_can_be_told(directory: Session, intent: str) -> None:
    for slots in ({}, {"need": "ask_food", "place": "bellevue", "shown": ["pref44"], "seen": ["pref44"]}):
        given = answer(directory, intent, slots, guesses=[("ask_food", 0.3), ("greet", 0.2)])
        assert given.say
        assert set(keys(given)) <= set(TELL)
        assert set(given.slots) <= {"need", "place", "shown", "seen", "missed"}


def test_danger_says_numbers_and_nothing_before(directory: Session) -> None:
    assert keys(answer(directory, "emergency")) == ["danger"]


def test_numbers_come_before_services(directory: Session) -> None:
    assert keys(answer(directory, "ask_women_violence"))[:2] == ["emergency", "services"]
    assert keys(answer(directory, "ask_emergency_shelter"))[:3] == ["emergency", "first_steps", "services"]


def test_the_place_is_asked_once_the_services_are_shown(directory: Session) -> None:
    assert keys(answer(directory, "ask_food"))[-1] == "ask_place"
    assert "ask_place" not in keys(answer(directory, "ask_food", place="bellevue"))
    assert "ask_place" not in keys(answer(directory, "ask_food", {"place": "bellevue"}))


def test_a_place_answers_the_need_on_the_screen_again(directory: Session) -> None:
    given = answer(directory, "give_location", {"need": "ask_french_class"}, place="bellevue")
    assert keys(given) == ["services"]
    assert given.slots["place"] == "bellevue"


def test_a_place_without_a_need_is_remembered(directory: Session) -> None:
    given = answer(directory, "give_location", place="bellevue")
    assert (keys(given), given.slots) == (["place_known"], {"place": "bellevue"})


def test_more_shows_others_until_there_are_none(directory: Session) -> None:
    slots = dict(answer(directory, "ask_french_class").slots)
    seen = set(slots["shown"])
    for _ in range(20):
        given = answer(directory, "ask_more_results", slots)
        if keys(given) == ["no_more"]:
            break
        assert not seen & set(given.slots["shown"])
        seen |= set(given.slots["shown"])
        slots = {**slots, **given.slots}
    assert keys(given) == ["no_more"]
    # "and when is it open?" still speaks of the last ones.
    assert given.slots["shown"] == slots["shown"]


def test_the_nearest_needs_a_place_and_orders_by_distance(directory: Session) -> None:
    assert keys(answer(directory, "ask_nearest", {"need": "ask_food"})) == ["ask_place"]
    given = answer(directory, "ask_nearest", {"need": "ask_food", "place": "bellevue"})
    assert keys(given) == ["services"]


def test_a_follow_up_speaks_of_the_service_it_names_else_of_those_shown(directory: Session) -> None:
    shown = {"shown": ["pref44", "cimade-nantes"]}
    assert answer(directory, "ask_cost", shown).say[0].values["services"] == ["pref44", "cimade-nantes"]
    assert answer(directory, "ask_cost", shown, service="pref44").say[0].values["services"] == ["pref44"]


def test_not_understood_twice_gives_the_menu_and_a_person(directory: Session) -> None:
    guesses = [("ask_food", 0.3), ("greet", 0.2), ("ask_health", 0.1), ("ask_asylum", 0.1), ("ask_banking", 0.1)]
    first = answer(directory, "nlu_fallback", guesses=guesses)
    assert keys(first) == ["did_you_mean"]
    assert first.say[0].values["topics"] == ["ask_food", "ask_health", "ask_asylum"]
    second = answer(directory, "nlu_fallback", dict(first.slots), guesses=guesses)
    assert keys(second) == ["not_understood", "menu", "human"]


def test_numbers_are_shown_when_danger_is_only_a_guess(directory: Session) -> None:
    given = answer(directory, "nlu_fallback", guesses=[("ask_health", 0.34), ("emergency", 0.3)])
    assert keys(given) == ["emergency", "did_you_mean"]


def test_a_need_that_may_be_danger_has_a_number_in_front(directory: Session) -> None:
    guesses = [("ask_social_housing", 0.6), ("emergency", 0.2)]
    assert keys(answer(directory, "ask_social_housing", guesses=guesses))[0] == "emergency"
    assert keys(answer(directory, "ask_social_housing", guesses=guesses[:1]))[0] == "first_steps"


def test_a_wrong_record_is_regretted_and_others_are_shown(directory: Session) -> None:
    slots = dict(answer(directory, "ask_french_class").slots)
    assert keys(answer(directory, "report_wrong_info", slots)) == ["wrong_info", "services"]
