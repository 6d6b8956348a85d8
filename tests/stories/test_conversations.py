"""Whole conversations, written by people in conversations.yml."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from tests.conftest import Talk, numbers, services, texts

STORIES = yaml.safe_load((ROOT / "tests" / "stories" / "conversations.yml").read_text("utf-8"))

HOLDS = {
    "intent": lambda turn, wanted: turn["understood"]["intent"] == wanted,
    "locale": lambda turn, wanted: turn["locale"] == wanted,
    "kinds": lambda turn, wanted: [message["kind"] for message in turn["messages"]] == wanted,
    "numbers": lambda turn, wanted: numbers(turn)[: len(wanted)] == wanted,
    "first": lambda turn, wanted: wanted in services(turn)[0]["name"],
    "text": lambda turn, wanted: wanted in " ".join(texts(turn)),
    "choices": lambda turn, wanted: len(turn["choices"]) == wanted,
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_story(talk: Talk, story: dict[str, Any]) -> None:
    for step in story["steps"]:
        turn = talk.say(step["say"]) if "say" in step else talk.press(step["press"])
        assert "degraded" not in turn
        assert turn["messages"]
        for name, wanted in step.items():
            assert name in ("say", "press") or HOLDS[name](turn, wanted), (step, turn)
