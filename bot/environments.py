"""Builds the two Python environments from the lock files; standard library only, for it runs before anything is there.

    python3 -m bot.environments [app|engine|dev …]

Nothing is installed again unless a lock file or the interpreter changed. uv does the work: it installs Rasa in half a
minute where pip takes two, and can bring a Python 3.10 where the machine has none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENVS = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"

ENGINE_PYTHON = "3.10"
APP_PYTHON = (3, 11)


class SetUpError(Exception):
    """What is missing, what was tried, and how to get it."""


def bin_of(environment: str, program: str) -> Path:
    return VENVS / environment / "bin" / program


def set_up(parts: set[str]) -> None:
    """Raises SetUpError, subprocess.CalledProcessError."""
    if sys.version_info[:2] < APP_PYTHON:
        raise SetUpError(
            f"Escale needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
            "Install a newer one and run, for instance:  make run PYTHON=python3.12"
        )
    locks = ["app.txt", "dev.txt"] if "dev" in parts else ["app.txt"]
    if {"app", "dev"} & parts:
        _build("app", sys.executable, locks)
    if "engine" in parts:
        _build("engine", None, ["engine.txt"])


def _build(name: str, python: str | None, locks: list[str]) -> None:
    stamp = VENVS / name / ".fingerprint"
    kept = stamp.read_text().split("\n", 1) if stamp.exists() else ["", ""]
    if kept[0] in (_fingerprint(kept[1], locks), _fingerprint(kept[1], ["app.txt", "dev.txt"])) and _runs(
        str(bin_of(name, "python"))
    ):
        return
    uv = _uv()
    python = python or find_engine_python(uv)
    _step(f"Environment {name}: Python {_version(python)}, packages of {', '.join(locks)}")
    # A half-built environment is rebuilt from nothing.
    stamp.unlink(missing_ok=True)
    _run([uv, "venv", "--quiet", "--clear", "--python", python, str(VENVS / name)])
    target = ["--python", str(bin_of(name, "python"))]
    needed = [word for lock in locks for word in ("-r", str(REQUIREMENTS / lock))]
    _run([uv, "pip", "install", *target, "--require-hashes", *needed])
    if name == "app":
        # The `escale` command, and the packages where they stand; its build tool is in the lock file already.
        editable = ["--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat"]
        _run([uv, "pip", "install", "--quiet", *target, *editable, "--editable", str(ROOT)])
    stamp.write_text(f"{_fingerprint(python, locks)}\n{python}")


def _fingerprint(python: str, locks: list[str]) -> str:
    """Of the lock files and the interpreter, and of where the environment stands: one that was moved is broken."""
    digest = hashlib.sha256(f"{ROOT}\n{python}\n{_version(python)}".encode())
    for lock in locks:
        digest.update((REQUIREMENTS / lock).read_bytes())
    return digest.hexdigest()


def find_engine_python(uv: str) -> str:
    """A Python 3.10 that really runs: on the path, among pyenv's, or brought by uv. Raises SetUpError."""
    tried = []
    for candidate in (*_on_path(), *_from_pyenv()):
        if _version(candidate).startswith(f"{ENGINE_PYTHON}."):
            return candidate
        tried.append(f"{candidate}: does not run as Python {ENGINE_PYTHON}")
    _step(f"No Python {ENGINE_PYTHON} on this machine: asking uv for one")
    brought = subprocess.run([uv, "python", "install", ENGINE_PYTHON], text=True, stderr=subprocess.PIPE)
    found = subprocess.run([uv, "python", "find", ENGINE_PYTHON], text=True, capture_output=True)
    if found.returncode == 0:
        return found.stdout.strip()
    tried.append("uv python install: " + (brought.stderr.strip().splitlines() or ["found none"])[-1])
    raise SetUpError(
        f"Rasa 3.6 needs Python {ENGINE_PYTHON}, and none was found. Tried:\n"
        + "".join(f"  - {line}\n" for line in ["python3.10 on the PATH", *tried])
        + "Two ways to get one:\n"
        f"  - pyenv:  pyenv install {ENGINE_PYTHON}\n"
        f"  - the system's packages, for instance:  apt install python{ENGINE_PYTHON} python{ENGINE_PYTHON}-venv\n"
        "    or, on macOS:  brew install python@3.10"
    )


def _on_path() -> Iterator[str]:
    found = shutil.which(f"python{ENGINE_PYTHON}")
    if found:
        yield found


def _from_pyenv() -> Iterator[str]:
    """A shim can exist and fail: pyenv's versions are looked at themselves."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(root.glob(f"versions/{ENGINE_PYTHON}.*/bin/python"), reverse=True))


def _version(python: str) -> str:
    """What it says of itself, "" when it does not run."""
    try:
        asked = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"], text=True, capture_output=True
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _runs(python: str) -> bool:
    return bool(_version(python))


def _uv() -> str:
    """The one of requirements/tools.txt, in its own environment; pip checks its hash."""
    lock = REQUIREMENTS / "tools.txt"
    stamp = VENVS / "tools" / ".fingerprint"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        _step("Environment tools: uv")
        if importlib.util.find_spec("ensurepip") is None:
            raise SetUpError("This Python cannot make environments. On Debian and Ubuntu:  apt install python3-venv")
        _run([sys.executable, "-m", "venv", "--clear", str(VENVS / "tools")])
        pip = [str(bin_of("tools", "python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "-r", str(lock)])
        stamp.write_text(wanted)
    return str(bin_of("tools", "uv"))


def _step(text: str) -> None:
    print(f"· {text}", flush=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, cwd=ROOT)


def main() -> int:
    try:
        set_up(set(sys.argv[1:]) or {"app", "engine"})
    except SetUpError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"\nThis step failed: {' '.join(failed.cmd)}\nIts own words stand above.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
