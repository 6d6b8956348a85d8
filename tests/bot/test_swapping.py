"""A model takes over only when it understands no less, and the app turns to it at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.engine import Address
from bot.swapping import as_table, worse

BEFORE = {"all": {"accuracy": 0.92}, "fr": {"accuracy": 0.95}, "fr hard": {"accuracy": 0.90}, "ti": {"accuracy": 0.90}}


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ({}, []),
        ({"all": 0.911}, []),
        ({"all": 0.909}, ["all"]),
        ({"ti": 0.85}, ["ti"]),
        ({"all": 0.96, "fr": 0.90}, ["fr"]),
        ({"fr hard": 0.5}, []),
    ],
)
def test_a_point_less_anywhere_is_worse(changed: dict[str, float], groups: list[str]) -> None:
    after = {group: {"accuracy": changed.get(group, values["accuracy"])} for group, values in BEFORE.items()}
    assert worse(BEFORE, after) == groups
    assert "0.920" in as_table(BEFORE, after)


def test_the_address_follows_the_file(tmp_path: Path) -> None:
    file = tmp_path / "engine.url"
    address = Address(file, "http://first")
    assert address() == "http://first"
    for number, url in enumerate(("http://second", "http://third")):
        file.write_text(url)
        os.utime(file, ns=(number + 1, number + 1))
        assert address() == url
    file.unlink()
    assert address() == "http://third"
