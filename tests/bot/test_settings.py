"""A wrong setting is named, secrets are made once and kept to their owner."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from bot.settings import ROOT, SECRETS, SettingError, Settings, read_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ESCALE_{name.upper()}", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.setenv("ESCALE_VAR", str(tmp_path / "var"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "70000"), ("LANGUAGE", "de"), ("ENGINE_TIMEOUT", "0"), ("KEEP_DAYS", "90")],
)
def test_a_wrong_value_is_told_with_its_name_and_what_is_accepted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ESCALE_{name}", value)
    with pytest.raises(SettingError, match=rf"^ESCALE_{name}='{value}' cannot be used\. Accepted: \w"):
        read_settings()


def test_a_wrong_value_in_the_env_file_is_told_too(clean: Path) -> None:
    (clean / ".env").write_text("ESCALE_PORT=x\n")
    with pytest.raises(SettingError, match="ESCALE_PORT='x'"):
        read_settings()


def test_secrets_are_made_once_and_only_their_owner_reads_them(clean: Path) -> None:
    first, second = read_settings(), read_settings()
    path = clean / "var" / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name in SECRETS:
        made = getattr(first, name).get_secret_value()
        assert len(made) >= 32
        assert getattr(second, name).get_secret_value() == made
        assert made not in repr(first)
    assert len({getattr(first, name).get_secret_value() for name in SECRETS}) == len(SECRETS)


def test_a_given_secret_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALE_HMAC_KEY", "given")
    assert read_settings().hmac_key.get_secret_value() == "given"


def test_the_example_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^#?ESCALE_(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}
