"""Opening the store: one SQLite file, or PostgreSQL, and transactions on it.

Readers see one unchanging picture and cannot write. Writers queue: on SQLite for the one place a file has, on
PostgreSQL for the row of the case that they lock. What a writer was told is committed is on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sop_engine.store import training_tables  # noqa: F401 - every store has these tables too
from sop_engine.store.faults import BrokenLinks, StoreBusy, StoreFull, UnknownDatabase

PATIENCE_SECONDS = 8
"""How long a writer waits for another. Below the ten seconds within which an officer is promised an answer."""

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    # NORMAL loses confirmed steps when the power fails.
    "synchronous=FULL",
    "foreign_keys=ON",
    # What was deleted is overwritten; what is sorted stays in memory: nothing personal is left behind on the disk.
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    # Without it, INSERT OR REPLACE would pass by the triggers that refuse deletion.
    "recursive_triggers=ON",
)


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. ``url`` is shown without its password."""

    url: str
    _readers: Engine
    _writers: Engine

    @property
    def is_sqlite(self) -> bool:
        return self._writers.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging picture of the store and can change nothing."""
        with _transaction(self._readers) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept at the end, or none when an error leaves the block.

        Never one within another: on SQLite the inner one waits for the outer, and gets StoreBusy.
        """
        with _transaction(self._writers) as connection:
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """As `writing`, for migrations: on SQLite, keys that point to other tables are checked at the end only."""
        if not self.is_sqlite:
            with self.writing() as connection:
                yield connection
            return
        # SQLite changes a table by making it anew, during which rows of other tables point to nothing; it can be told
        # to look away only outside a transaction.
        try:
            with _transaction(self._writers.execution_options(checks_links=False)) as connection:
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenLinks(f"Rows of {broken[0]} would point to rows of {broken[2]} that are not there.")
        finally:
            # The next writer gets a new connection, which looks.
            self._writers.dispose()

    def close(self) -> None:
        """Close every connection."""
        self._readers.dispose()
        self._writers.dispose()


def open_store(url: str, *, patience_seconds: int = PATIENCE_SECONDS) -> Store:
    """Open the store at ``sqlite:///path`` or ``postgresql://…``; who waits longer than the patience gets StoreBusy.

    Its tables are made, or brought up to date, by `migrations.upgrade`. Raises UnknownDatabase.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, patience_seconds)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _open_postgres(parsed.set(drivername="postgresql+psycopg"), patience_seconds)
    raise UnknownDatabase(
        f"{parsed.get_backend_name()} is not supported: give sqlite:///path/to/file or postgresql://user@host/name."
    )


def _open_sqlite(url: URL, patience: int) -> Store:
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise UnknownDatabase("A store must outlive its program: give SQLite a file, sqlite:///path/to/file.")
    path = Path(url.database)
    # Made before SQLite makes it, so that nobody else on the machine can read it; its companion files inherit this.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    # One writing connection: the pool is the queue, and whoever came first is served first.
    writers = _engine(url, pool_size=1, max_overflow=0, pool_timeout=patience)
    readers = _engine(url, pool_size=8, max_overflow=24, pool_timeout=patience)
    _begin_with(writers, "BEGIN IMMEDIATE")
    _begin_with(readers, "BEGIN")
    pragmas = (f"busy_timeout={patience * 1000}", *_SQLITE_PRAGMAS)
    _on_connect(writers, pragmas)
    _on_connect(readers, (*pragmas, "query_only=ON"))
    return Store(url.render_as_string(), readers, writers)


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("checks_links", True):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(statement)


def _on_connect(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        # The driver would begin a transaction only before the first INSERT: reads would not be one picture, and tables
        # made before it would stay after a rollback. We begin ourselves.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()


def _open_postgres(url: URL, patience: int) -> Store:
    options = (
        url.query.get("options", ""),
        "-c timezone=UTC",
        f"-c lock_timeout={patience}s",
        "-c idle_in_transaction_session_timeout=60s",
    )
    writers = _engine(
        url.update_query_dict({"options": " ".join(str(option) for option in options).strip()}),
        isolation_level="READ COMMITTED",
        pool_size=8,
        max_overflow=24,
        pool_timeout=patience,
    )
    # A page asks several questions: they are answered from one picture.
    readers = writers.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Store(url.render_as_string(), readers, writers)


def _engine(url: URL, **options: Any) -> Engine:
    # Parameters are answers of people: they never appear in an error.
    engine = create_engine(url, hide_parameters=True, **options)
    event.listen(engine, "handle_error", _keep_values_out)
    return engine


def _keep_values_out(context: ExceptionContext) -> None:
    """Take the detail lines, in which PostgreSQL quotes whole rows, out of an error."""
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    diag = getattr(original, "diag", None)
    if diag is not None and diag.message_detail and wrapped is not None:
        bare = f"({type(original).__name__}) {diag.message_primary}"
        original.args = (bare,)
        wrapped.args = (bare,)


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except PoolTimeout as error:
        raise StoreBusy("The store is busy: try again.") from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        message = str(error.orig)
        if state in ("55P03", "40P01") or "database is locked" in message:
            raise StoreBusy("Another writer held the store for too long: try again.") from error
        if state == "53100" or "database or disk is full" in message:
            raise StoreFull("The disk of the store is full: make room, then try again. Nothing was saved.") from error
        raise
