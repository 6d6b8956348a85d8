"""Run by Alembic: the connection, and its transaction, are the caller's."""

from alembic import context

from directory import ledger
from directory.models import Base

assert ledger.Change.metadata is Base.metadata  # its tables are migrated too

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=False
)
context.run_migrations()
