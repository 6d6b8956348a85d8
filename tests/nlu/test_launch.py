"""What the launcher replaces in Rasa still does what Rasa means by it."""

from __future__ import annotations

import asyncio

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import EndpointConfig

from bot.nlu import launch


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonschema, "validate", jsonschema.validate)
    monkeypatch.setattr(Event, "resolve_by_type", Event.resolve_by_type)
    launch.keep_validators()
    launch.keep_event_types()


GOOD = {"events": [{"event": "slot", "name": "need", "value": "ask_food"}], "responses": [{"text": "x"}]}
BAD = {"events": "none", "responses": []}


@pytest.mark.usefixtures("kept")
def test_a_wrong_answer_of_an_action_is_still_refused() -> None:
    schema = RemoteAction.action_response_format_spec()
    for _ in range(2):
        jsonschema.validate(GOOD, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(BAD, schema)


@pytest.mark.usefixtures("kept")
def test_two_schemas_are_not_mixed_up() -> None:
    jsonschema.validate(1, {"type": "integer"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(1, {"type": "string"})


@pytest.mark.usefixtures("kept")
def test_a_broken_schema_is_still_an_error() -> None:
    with pytest.raises(jsonschema.SchemaError):
        jsonschema.validate(1, {"type": "no such type"})


@pytest.mark.usefixtures("kept")
def test_events_are_told_apart() -> None:
    for _ in range(2):
        assert Event.resolve_by_type("slot") is SlotSet
        assert Event.resolve_by_type("user") is UserUttered
        with pytest.raises(ValueError, match="no such event"):
            Event.resolve_by_type("no such event")


def test_action_calls_share_a_connection_and_keep_their_headers() -> None:
    async def scene() -> None:
        endpoint = EndpointConfig("http://127.0.0.1:9", headers={"Authorization": "Bearer t"})
        async with endpoint.session() as first:
            pass
        async with endpoint.session() as second:
            assert second is first
            assert not second.closed
            assert second.headers["Authorization"] == "Bearer t"
        async with EndpointConfig("http://127.0.0.1:8").session() as other:
            assert other is not first
        await first.close()
        async with endpoint.session() as third:
            assert not third.closed
        for session in (other, third):
            await session.close()

    opened = EndpointConfig.session
    launch.keep_connections()
    try:
        asyncio.run(scene())
    finally:
        EndpointConfig.session = opened


def test_the_same_rules_match_as_rasa_finds() -> None:
    def state(intent: str, action: str) -> dict[str, object]:
        return {"user": {"intent": intent}, "prev_action": {"action_name": action}}

    policy = RulePolicy.__new__(RulePolicy)
    rules = [
        [state("greet", "action_listen")],
        [state("thank", "action_listen")],
        [state("greet", "action_listen"), state("greet", "action_talk")],
        [{}, state("thank", "action_listen")],
    ]
    lookup = {policy._create_feature_key(rule): "x" for rule in rules}
    histories = [
        [state("greet", "action_listen")],
        [{}, state("thank", "action_listen")],
        [{}, state("greet", "action_listen"), state("greet", "action_talk")],
        [{}, *[state("greet", "action_listen"), state("greet", "action_talk")] * 20, state("thank", "action_listen")],
        [],
    ]
    opened = RulePolicy._get_possible_keys
    expected = [opened(policy, lookup, states) for states in histories]
    launch.keep_rule_matches()
    try:
        for _ in range(2):
            assert [policy._get_possible_keys(lookup, states) for states in histories] == expected
    finally:
        RulePolicy._get_possible_keys = opened
    assert any(expected)


def test_the_token_is_added_to_a_server_only() -> None:
    assert launch.with_token(["run", "-p", "1"], "t") == ["run", "-p", "1", "--auth-token=t"]
    assert launch.with_token(["train"], "t") == ["train"]
    assert launch.with_token(["run"], None) == ["run"]


def test_two_sentences_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Message, "__hash__", Message.__hash__)
    launch.hash_by_text()
    one, same = (Message.build("bonjour", "greet") for _ in range(2))
    other = Message.build("bonjour", "greet", intent_metadata={"language": "fr"})
    assert hash(one) == hash(same)
    assert len({one, same, other, Message.build("bonjour", "thank")}) == 3
