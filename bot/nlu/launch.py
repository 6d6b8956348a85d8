"""Starts Rasa's own command line with seven costs taken out: ``python -m bot.nlu.launch run …``.

What is replaced, and why (py-spy on Rasa 3.6.21):

- ``jsonschema.validate`` checks the *schema* again on every call: 62 % of the time of an action turn, for a
  schema that never changes. Validators are kept per schema.
- ``Event.resolve_by_type`` walks every subclass of ``Event`` for every event read back. The answer is kept.
- each training file read parses Rasa's own schema files again, a sixth of the time of a training. They are kept.
- each training sentence is hashed through all it holds, several times, to find doubles: a seventh of a training. Text
  and intent are enough for a hash; equality is still Rasa's.
- every action call opens a connection of its own, 1 to 2 ms. One session is kept per event loop.
- ``RulePolicy`` compares every rule with every turn so far, twice a turn. Only as many turns as the longest rule has
  can matter, and the same last turns always match the same rules: the answer is kept.
- telemetry is off before Rasa is imported, in training too.

Nothing else of Rasa is changed: delete this file and start ``rasa`` itself, and the assistant works the same, slower.
The engine's token is read from ``ESCALE_ENGINE_TOKEN`` here, so that it never stands in a process list.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import json
import os
import sys
from typing import Any


def keep_validators() -> None:
    import jsonschema
    from jsonschema.validators import validator_for

    kept: dict[str, Any] = {}

    def validate(instance: Any, schema: Any, cls: Any = None, *args: Any, **kwargs: Any) -> None:
        key = json.dumps(schema, sort_keys=True, default=str)
        if key not in kept:
            cls = cls or validator_for(schema)
            cls.check_schema(schema)
            kept[key] = cls(schema, *args, **kwargs)
        error = next(kept[key].iter_errors(instance), None)
        if error is not None:
            raise error

    # Rasa imports the name inside its functions, so replacing the attribute is enough.
    jsonschema.validate = validate


def keep_event_types() -> None:
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))


def keep_schemas() -> None:
    import rasa.shared.utils.io as io

    read = io.read_yaml_file
    kept: dict[str, Any] = {}

    def read_yaml_file(filename: Any, reader_type: Any = "safe") -> Any:
        if "/schemas/" not in str(filename):
            return read(filename, reader_type)
        if filename not in kept:
            kept[filename] = read(filename, reader_type)
        return copy.deepcopy(kept[filename])

    io.read_yaml_file = read_yaml_file


def hash_by_text() -> None:
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message

    Message.__hash__ = lambda message: hash((message.get(TEXT), message.get(INTENT)))


def keep_connections() -> None:
    from rasa.utils.endpoints import EndpointConfig

    opened = EndpointConfig.session
    kept: dict[Any, Any] = {}

    class Kept:
        """Stands where Rasa writes ``async with endpoint.session() as session``: given out, and not closed."""

        def __init__(self, endpoint: Any) -> None:
            self._endpoint = endpoint

        async def __aenter__(self) -> Any:
            key = (asyncio.get_running_loop(), self._endpoint.url)
            if key not in kept or kept[key].closed:
                kept[key] = opened(self._endpoint)
            return kept[key]

        async def __aexit__(self, *error: Any) -> None:
            return None

    EndpointConfig.session = lambda endpoint: Kept(endpoint)


MOST_KEPT = 10_000


def keep_rule_matches() -> None:
    from rasa.core.policies.rule_policy import RulePolicy

    matched = RulePolicy._get_possible_keys

    def possible_keys(self: Any, lookup: Any, states: Any) -> Any:
        kept = self.__dict__.setdefault("_kept_matches", {})
        name = id(lookup)  # the policy owns its lookups, so an id is not used again while this cache lives
        if name not in kept:
            kept[name] = (max((len(self._rule_key_to_state(key)) for key in lookup), default=0), {})
        longest, answers = kept[name]
        last = states[-longest:] if longest else []
        asked = repr(last)
        if asked not in answers:
            if len(answers) >= MOST_KEPT:
                answers.clear()
            answers[asked] = matched(self, lookup, last)
        return set(answers[asked])

    RulePolicy._get_possible_keys = possible_keys


def with_token(arguments: list[str], token: str | None) -> list[str]:
    return [*arguments, f"--auth-token={token}"] if token and arguments[:1] == ["run"] else arguments


def main() -> None:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    sys.argv = ["rasa", *with_token(sys.argv[1:], os.environ.get("ESCALE_ENGINE_TOKEN"))]
    keep_validators()
    keep_event_types()
    keep_schemas()
    hash_by_text()
    keep_connections()
    keep_rule_matches()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
