"""Writing rows that may already be there, and removing rows by their key, in one statement for many rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Table, and_, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite


def upsert(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows; where the primary key is taken, replace the other columns."""
    conn.execute(_upsert(table, conn.dialect.name), rows)


def insert_new(conn: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless its primary key is taken; return whether it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key.
    """
    return conn.execute(_insert_new(table, conn.dialect.name), row).rowcount == 1


def delete_rows(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Delete the rows with these primary keys."""
    keys = [column.name for column in table.primary_key]
    conn.execute(_delete(table), [{f"of_{key}": row[key] for key in keys} for row in rows])


def _insert(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache
def _upsert(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    statement = _insert(table, dialect)
    rest = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=list(table.primary_key))
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)


@lru_cache
def _insert_new(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    statement = _insert(table, dialect).on_conflict_do_nothing(index_elements=list(table.primary_key))
    # Without it, the count of inserted rows is not kept on PostgreSQL, and every row seems to have been there.
    return statement.execution_options(preserve_rowcount=True)


@lru_cache
def _delete(table: Table) -> Delete:
    return delete(table).where(and_(*(column == bindparam(f"of_{column.name}") for column in table.primary_key)))
