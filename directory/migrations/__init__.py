"""Brings a database to the tables of today, whole or not at all, whichever version made it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect

HERE = Path(__file__).parent
FIRST = "0001"
# Any number, as long as nobody else uses it: one process migrates, the others wait.
_LOCK = 4410901


def migrate(engine: Engine) -> str:
    """Returns the revision that the database has now."""
    with engine.connect() as connection:
        _alone(connection)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(HERE))
        if not _known(connection) and inspect(connection).has_table("services"):
            # Made by the first version, which had no migrations.
            command.stamp(config, FIRST)
        command.upgrade(config, "head")
        now = _known(connection)
        connection.commit()
    return now or ""


def _alone(connection: Connection) -> None:
    """SQLite takes its write lock before the first table is made: a crash in the middle leaves nothing behind."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _known(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
