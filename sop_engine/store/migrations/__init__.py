"""The history of the tables: each version of the program brings an older store up to date when it opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sop_engine.store.database import Store
from sop_engine.store.faults import SchemaIsNewer

__all__ = ["downgrade", "head", "upgrade", "version_of"]

_ONE_AT_A_TIME = 0x534F50  # "SOP", the number of the lock under which PostgreSQL lets one program migrate at a time


def upgrade(store: Store) -> None:
    """Bring the tables of a store up to date: all of it, or nothing when anything fails.

    Several programs may do so at once; one does, the others wait. Raises SchemaIsNewer.
    """
    with _migrating(store) as connection:
        found = version_of(connection)
        if found != head():
            if found is not None and not _is_known(found):
                raise SchemaIsNewer(
                    f"The database stands at version {found}, which this program does not know: use the newer program."
                )
            command.upgrade(_config(connection), "head")


def downgrade(store: Store, version: str = "base") -> None:
    """Take the tables of a store back to an older version; ``base`` removes them all, and what they hold."""
    with _migrating(store) as connection:
        command.downgrade(_config(connection), version)


def version_of(connection: Connection) -> str | None:
    """Return the version at which the tables stand, or None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the version that this program writes."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


@contextmanager
def _migrating(store: Store) -> Iterator[Connection]:
    with store.rebuilding() as connection:
        if not store.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        yield connection


def _is_known(version: str) -> bool:
    return any(script.revision == version for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
