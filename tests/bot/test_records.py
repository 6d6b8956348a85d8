"""A conversation is kept under a keyed hash, and forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

from bot.records import Conversations

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def conversations() -> Conversations:
    database = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    return Conversations(database, "key")


def test_a_new_conversation_has_an_id_that_cannot_be_guessed(conversations: Conversations) -> None:
    ids = {conversations.open(None).id for _ in range(100)}
    assert len(ids) == 100
    assert min(len(one) for one in ids) * 6 >= 128


def test_an_id_that_was_not_issued_is_not_taken_over(conversations: Conversations) -> None:
    assert conversations.open("1234").id != "1234"


def test_what_was_kept_comes_back(conversations: Conversations) -> None:
    known = conversations.open(None)
    kept = replace(known, locale="ar", chosen="ar", slots={"need": "ask_food", "seen": ["pref44"]})
    conversations.keep(kept, NOW)
    assert conversations.open(known.id) == kept
    conversations.keep(replace(kept, slots={}), NOW)
    assert conversations.open(known.id).slots == {}


def test_the_id_itself_is_nowhere_in_the_database(conversations: Conversations) -> None:
    known = conversations.open(None)
    conversations.keep(known, NOW)
    with conversations._engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM conversations")).all()
    assert known.id not in str(rows)
    assert known.key in str(rows)


def test_forgotten_is_gone(conversations: Conversations) -> None:
    known = conversations.open(None)
    conversations.keep(known, NOW)
    conversations.forget(known)
    assert conversations.open(known.id).id != known.id


def test_silent_conversations_are_forgotten_after_their_days(conversations: Conversations) -> None:
    old, young = conversations.open(None), conversations.open(None)
    conversations.keep(old, NOW - timedelta(days=31))
    conversations.keep(young, NOW - timedelta(days=29))
    conversations.forget_silent(NOW, 30)
    assert conversations.open(old.id).id != old.id
    assert conversations.open(young.id).id == young.id
