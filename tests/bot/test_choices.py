"""Only a choice offered to this conversation is obeyed."""

from __future__ import annotations

import pytest

from bot.choices import EVERYONE, UnknownChoice, seal, unseal
from bot.turn import Choice

CHOICE = Choice("ask_contact", {"service": "pref44", "place": "l'île & co~?"})


def test_a_sealed_choice_comes_back_as_it_was() -> None:
    assert unseal("key", "me", seal("key", "me", CHOICE)) == CHOICE


def test_what_is_offered_to_everyone_is_obeyed_from_anyone() -> None:
    assert unseal("key", "me", seal("key", EVERYONE, CHOICE)) == CHOICE


@pytest.mark.parametrize(
    "payload",
    [
        seal("key", "you", CHOICE),
        seal("other key", "me", CHOICE),
        seal("key", "me", CHOICE).replace("pref44", "pref45"),
        "ask_contact",
        "ask_contact~",
        "",
        "~~~",
        "forget_me~é",
    ],
)
def test_any_other_is_not(payload: str) -> None:
    with pytest.raises(UnknownChoice):
        unseal("key", "me", payload)
