"""The directory at the size of France: `find`, `search`, import, memory, against the databases' own full text.

Writes docs/benchmarks-directory.md and its picture. Each figure is taken in a process of its own (``one``), so that
memory is that of the thing measured.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.synthetic import write
from bot.app import create_app, open_database
from bot.settings import ROOT, read_settings
from bot.turn import Point
from directory.importers.plan import run
from directory.migrations import migrate
from directory.models import Service
from directory.search import Need, Words, find, search
from directory.shelf import shelf_of
from directory.tables import topics
from tests import postgres

SIZES = (1_000, 100_000)
ASKED = 300
NANTES = Point(47.2173, -1.5534)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# What agents write: names, acronyms, needs, typing errors, places.
SAID = (
    *("cours de français", "FLE", "préfecture", "titre de séjour", "resto du coeur", "hébergement d'urgence ce soir"),
    *(
        "femme victime de violences",
        "CAF",
        "medecin sans couverture maladie",
        "aide alimentaire Nantes",
        "avocat gratuit",
    ),
    *("pole emploi", "inscription à l'école", "psycologue", "domiciliation", "carte de bus gratuite", "mission locale"),
)
# The same, as a plain full-text query can be asked: words without accents, any of them.
PLAIN = tuple(" ".join(part for part in said.replace("'", " ").split() if len(part) > 2) for said in SAID)


def tell(words: str) -> None:
    print(f"· {words}", flush=True)


def timed(ask: Callable[[int], Any]) -> list[float]:
    """Milliseconds, once everything has been asked before."""
    for number in range(len(SAID) * 2):
        ask(number)
    took = []
    for number in range(ASKED):
        begun = time.perf_counter()
        ask(number)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def quantiles(took: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(took), "p95": statistics.quantiles(took, n=20)[-1]}


def fill(url: str, sheet: str) -> dict[str, float]:
    """Seconds and megabytes of an import into an empty directory."""
    engine = open_database(url)
    migrate(engine)
    begun = time.perf_counter()
    report = run(engine, Path(sheet), "benchmark", datetime.now(UTC))
    return {"seconds": time.perf_counter() - begun, "rows": report.counts["added"], "mb": _most_mb()}


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ask(url: str) -> dict[str, Any]:
    engine = open_database(url)
    chance = random.Random(1)
    keys = list(topics())
    with Session(engine) as session:
        begun = time.perf_counter()
        shelf_of(session)
        loaded = time.perf_counter() - begun

        def finding(number: int) -> Any:
            near = Point(NANTES.lat + chance.gauss(0, 0.03), NANTES.lon) if number % 2 else None
            return find(session, Need(keys[number % len(keys)], near), NOW)

        def searching(number: int) -> Any:
            return search(session, Words(SAID[number % len(SAID)]), NOW)

        found = {"find": quantiles(timed(finding)), "search": quantiles(timed(searching)), "load": loaded}
        return {**found, "edit": _edit_seen(session)}


def _edit_seen(session: Session) -> float:
    """Milliseconds of the first search after an edit: the index takes it in."""
    from directory.editing import edit
    from directory.history import sign

    sign(session, "benchmark", datetime.now(UTC))
    one = session.scalars(select(Service).limit(1)).one()
    edit(session, one.id, one.version, {"summary": one.summary + " zanzibar"})
    session.commit()
    begun = time.perf_counter()
    assert search(session, Words("zanzibar"), NOW).total == 1
    return (time.perf_counter() - begun) * 1000


def plain(url: str) -> dict[str, Any]:
    """The database's own full text over the same words: FTS5 with bm25, tsvector with ts_rank; the best twenty."""
    engine = open_database(url)
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        for statement in FTS5 if sqlite else TSVECTOR:
            connection.exec_driver_sql(statement)
        connection.commit()
        query = text(FTS5_ASKED if sqlite else TSVECTOR_ASKED)

        def asking(number: int) -> Any:
            said = PLAIN[number % len(PLAIN)]
            return connection.execute(query, {"said": f" {'OR' if sqlite else 'or'} ".join(said.split())}).all()

        return {"search": quantiles(timed(asking))}


_TEXTS = "coalesce(o.name, '') || ' ' || s.summary || ' ' || s.audience"
_FROM = "FROM services s LEFT JOIN organisations o ON o.id = s.organisation_id"
FTS5 = (
    "CREATE VIRTUAL TABLE own_text USING fts5("
    "id UNINDEXED, acronym, name, more, tokenize='unicode61 remove_diacritics 2')",
    f"INSERT INTO own_text SELECT s.id, s.acronym, s.name, {_TEXTS} {_FROM}",
)
FTS5_ASKED = "SELECT id FROM own_text WHERE own_text MATCH :said ORDER BY bm25(own_text, 0, 12, 8, 1) LIMIT 20"
TSVECTOR = (
    "CREATE TABLE own_text AS SELECT s.id, setweight(to_tsvector('french', s.acronym), 'A') || "
    f"setweight(to_tsvector('french', s.name), 'B') || to_tsvector('french', {_TEXTS}) AS said {_FROM}",
    "CREATE INDEX ON own_text USING gin (said)",
    "ANALYZE own_text",
)
TSVECTOR_ASKED = """SELECT id FROM own_text, websearch_to_tsquery('french', :said) asked
WHERE said @@ asked ORDER BY ts_rank(said, asked) DESC LIMIT 20"""


def memory(url: str) -> dict[str, float]:
    """The app as it is served, once it has searched."""
    os.environ["ESCALE_DATABASE_URL"] = url
    app = create_app(read_settings())
    assert app
    engine = open_database(url)
    with Session(engine) as session:
        for said in SAID:
            search(session, Words(said), NOW)
        find(session, Need("food", NANTES), NOW)
        count = session.scalar(select(func.count()).select_from(Service)) or 0
    said = Path("/proc/self/status").read_text() if sys.platform == "linux" else ""
    now = next((int(line.split()[1]) / 1024 for line in said.splitlines() if line.startswith("VmRSS")), _most_mb())
    return {"mb": now, "services": count}


PARTS: dict[str, Callable[..., Any]] = {"fill": fill, "ask": ask, "plain": plain, "memory": memory}


def one(part: str, *words: str) -> Any:
    """A part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.directory", part, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def databases(stack: ExitStack, folder: Path) -> Iterator[tuple[str, int, str]]:
    """(name, services, address), each empty."""
    server = stack.enter_context(postgres.server(fast=False)) if postgres.programs() else None
    for size in SIZES:
        yield "SQLite", size, f"sqlite:///{folder / f'{size}.db'}"
        if server:
            yield "PostgreSQL", size, postgres.new_database(server, f"services_{size}")


def main() -> None:
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        os.environ["ESCALE_VAR"] = str(Path(place) / "var")
        folder, found = Path(place), []
        for size in SIZES:
            write(folder / f"{size}.csv", size)
        for name, size, url in databases(stack, folder):
            tell(f"{name}, {size} services")
            sheet = str(folder / f"{size}.csv")
            parts = {"fill": one("fill", url, sheet), "plain": one("plain", url), "ask": one("ask", url)}
            found.append({"name": name, "size": size, **parts, "memory": one("memory", url)})
            tell(json.dumps(found[-1]))
    # Here, so that the parts measured do not carry the drawing with them.
    from benchmarks.page import report

    report(found, ASKED)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
