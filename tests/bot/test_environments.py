"""A Python 3.10 is found as real machines have it, and its absence is explained."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot import environments
from bot.settings import ROOT


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def python(path: Path, version: str) -> Path:
    return program(path, f"#!/bin/sh\necho {version}\n")


def failing_shim(path: Path) -> Path:
    return program(path, "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose PATH and pyenv are empty, and whose uv brings nothing."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(environments.shutil, "which", lambda name: _which(tmp_path / "bin" / name))
    program(tmp_path / "uv", "#!/bin/sh\necho 'no download available' >&2\nexit 1\n")
    return tmp_path


def _which(path: Path) -> str | None:
    return str(path) if path.exists() else None


def test_the_one_on_the_path_is_taken(machine: Path) -> None:
    found = python(machine / "bin" / "python3.10", "3.10.4")
    assert environments.find_engine_python(str(machine / "uv")) == str(found)


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own(machine: Path) -> None:
    failing_shim(machine / "bin" / "python3.10")
    python(machine / "pyenv/versions/3.10.2/bin/python", "3.10.2")
    newest = python(machine / "pyenv/versions/3.10.9/bin/python", "3.10.9")
    assert environments.find_engine_python(str(machine / "uv")) == str(newest)


def test_uv_brings_one_when_the_machine_has_none(machine: Path) -> None:
    brought = python(machine / "brought/python3.10", "3.10.15")
    program(machine / "uv", f'#!/bin/sh\n[ "$2" = find ] && echo {brought}\nexit 0\n')
    assert environments.find_engine_python(str(machine / "uv")) == str(brought)


def test_none_at_all_is_explained_with_two_ways_to_get_one(machine: Path) -> None:
    shim = failing_shim(machine / "bin" / "python3.10")
    with pytest.raises(environments.SetUpError) as problem:
        environments.find_engine_python(str(machine / "uv"))
    said = str(problem.value)
    assert str(shim) in said
    assert "no download available" in said
    assert "pyenv install 3.10" in said
    assert "apt install python3.10" in said


def test_a_second_set_up_does_nothing() -> None:
    again = subprocess.run(
        [sys.executable, "-m", "bot.environments", "app"],
        cwd=ROOT,
        env={**os.environ, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_is_pinned_hashed_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "index" not in text
    pins = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert pins
    for pin in pins:
        assert "==" in pin, pin
        assert pin.endswith("\\"), pin
    assert text.count("--hash=sha256:") >= len(pins)
