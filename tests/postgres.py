"""A private PostgreSQL in a temporary folder, as tests and benchmark use it; nothing of the system is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text

# Debian keeps the servers out of the PATH.
_FOLDERS = ("/usr/lib/postgresql", "/opt/homebrew/opt/postgresql", "/usr/local/opt/postgresql")


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; None when PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    candidates = [path for folder in _FOLDERS for path in sorted(Path(folder).glob("*/bin/initdb"), reverse=True)]
    return candidates[0].parent if candidates else None


@contextlib.contextmanager
def server(fast: bool = True) -> Iterator[str]:
    """Yields the address of its database « postgres ». PostgreSQL refuses to run as root: then as its own user."""
    folder = programs()
    assert folder is not None
    with tempfile.TemporaryDirectory(prefix="escale-pg-") as place:
        os.chmod(place, 0o755)
        home = Path(place) / "data"
        home.mkdir()
        user = _unprivileged()
        if user:
            shutil.chown(home, user)
        _run(user, folder / "initdb", "-D", home, "-U", "escale", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-k {home} -c listen_addresses='' " + ("-c fsync=off" if fast else "")
        _run(user, folder / "pg_ctl", "-D", home, "-o", options, "-l", home / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://escale@/postgres?host={home}"
        finally:
            _run(user, folder / "pg_ctl", "-D", home, "-m", "immediate", "-w", "stop")


def _unprivileged() -> str | None:
    return "postgres" if os.getuid() == 0 else None


def _run(user: str | None, *command: object) -> None:
    words = [str(word) for word in command]
    before = ["runuser", "-u", user, "--"] if user else []
    subprocess.run([*before, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


def new_database(server_url: str, name: str, like: str = "template1") -> str:
    """Makes a database, as a copy of another one, and returns its address."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    engine.dispose()
    return server_url.replace("/postgres?", f"/{name}?")
