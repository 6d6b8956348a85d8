"""Every test of the directory runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.app import open_database
from directory.history import sign
from directory.migrations import migrate
from directory.seeding import seed
from tests import postgres
from tests.conftest import MONDAY

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if postgres.programs() is None:
        assert "CI" not in os.environ, "PostgreSQL is missing: .ci/run installs it"
        pytest.skip("PostgreSQL is not installed: these tests ran on SQLite only (apt install postgresql)")
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def templates(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Addresses of a migrated and of a seeded database, which tests get copies of."""
    found = {}
    for name, fill in (("empty", migrate), ("full", seed)):
        url = _address(database, request, tmp_path_factory.mktemp(name) / "escale.db")
        engine = open_database(url)
        fill(engine)
        engine.dispose()
        found[name] = url
    return found


def _address(database: str, request: pytest.FixtureRequest, path: Path) -> str:
    if database == "sqlite":
        return f"sqlite:///{path}"
    return postgres.new_database(request.getfixturevalue("postgres_server"), f"directory_{next(_NUMBERS)}")


def _copy(url: str, request: pytest.FixtureRequest, path: Path) -> str:
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    like = url.partition("?")[0].rpartition("/")[2]
    return postgres.new_database(request.getfixturevalue("postgres_server"), f"directory_{next(_NUMBERS)}", like)


@pytest.fixture
def blank(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that nobody has used yet, not even to migrate it."""
    yield from _opened(_address(database, request, tmp_path / "blank.db"))


@pytest.fixture
def empty(templates: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A directory without a record, for this test alone."""
    yield from _opened(_copy(templates["empty"], request, tmp_path / "empty.db"))


@pytest.fixture
def own(templates: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The seeded directory, for this test alone."""
    yield from _opened(_copy(templates["full"], request, tmp_path / "own.db"))


@pytest.fixture(scope="session")
def seeded(
    templates: dict[str, str], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The seeded directory, shared: nothing is committed."""
    yield from _opened(_copy(templates["full"], request, tmp_path_factory.mktemp("shared") / "seeded.db"))


def _opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def editing(own: Engine) -> Iterator[Session]:
    """A signed session on a directory of one's own."""
    with Session(own) as session:
        sign(session, "Camille, mission", MONDAY)
        yield session
