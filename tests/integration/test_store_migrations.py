"""The tables are what the program says they are, and a migration happens whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text

from sop_engine.store import migrations
from sop_engine.store.database import Store, open_store
from sop_engine.store.faults import BrokenLinks, SchemaIsNewer
from sop_engine.store.tables import APPEND_ONLY, metadata
from tests.instruments.databases import schema_of, sqlite_url
from tests.instruments.invented import furnish


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "bare.db")
    else:
        address = request.getfixturevalue("postgres_address")
        with schema_of(address, f"sop_bare_{os.getpid()}") as url:
            yield url


@pytest.fixture
def bare(bare_url: str) -> Iterator[Store]:
    """A store without tables."""
    store = open_store(bare_url)
    yield store
    store.close()


def schema(store: Store) -> list[tuple[object, ...]]:
    """Everything that a database says of its tables, keys, indices and triggers."""
    if store.is_sqlite:
        asked = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    else:
        asked = """
            SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
              FROM information_schema.columns WHERE table_schema = current_schema()
            UNION ALL
            SELECT 'index', tablename, indexname, replace(indexdef, current_schema() || '.', ''), '', ''
              FROM pg_indexes WHERE schemaname = current_schema()
            UNION ALL
            SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
              FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'trigger', event_object_table, trigger_name, event_manipulation, action_timing, action_statement
              FROM information_schema.triggers WHERE trigger_schema = current_schema()
            UNION ALL
            SELECT 'routine', routine_name, routine_definition, '', '', ''
              FROM information_schema.routines WHERE routine_schema = current_schema()
            ORDER BY 1, 2, 3, 4"""
    with store.reading() as conn:
        return [tuple(row) for row in conn.execute(text(asked))]


def test_the_migrated_tables_are_those_of_the_program(store: Store) -> None:
    with store.reading() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, metadata) == []


def test_every_append_only_table_has_its_triggers(store: Store) -> None:
    triggers = {str(row) for row in schema(store) if row[0] == "trigger"}

    for table in APPEND_ONLY:
        assert len([one for one in triggers if f"{table.name}_refuses" in one]) >= 2


def test_up_down_and_up_again_gives_the_same_tables(bare: Store) -> None:
    migrations.upgrade(bare)
    first = schema(bare)

    migrations.downgrade(bare)
    with bare.reading() as conn:
        assert inspect(conn).get_table_names() == ["alembic_version"]
    migrations.upgrade(bare)

    assert len(first) > 40
    assert schema(bare) == first


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(furnished: Store) -> None:
    before = schema(furnished)

    migrations.upgrade(furnished)

    assert schema(furnished) == before
    with furnished.reading() as conn:
        assert conn.execute(text("SELECT count(*) FROM office")).scalar_one() == 2


@pytest.mark.parametrize("fails_at", [3, 10, 30, 48])
def test_an_upgrade_that_fails_midway_leaves_nothing(bare: Store, fails_at: int) -> None:
    sent = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def fail(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal sent
        sent += statement.lstrip().startswith("CREATE")
        if sent == fails_at:
            raise OSError("The disk is gone.")

    try:
        with pytest.raises(OSError, match="disk"):
            migrations.upgrade(bare)
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
    with bare.reading() as conn:
        assert inspect(conn).get_table_names() == []

    migrations.upgrade(bare)
    furnish(bare)


def test_tables_made_in_a_transaction_that_failed_are_gone(bare: Store) -> None:
    def make_and_fail() -> None:
        with bare.writing() as conn:
            conn.execute(text("CREATE TABLE scribble (note TEXT)"))
            conn.execute(text("INSERT INTO scribble VALUES ('x')"))
            raise KeyError

    with pytest.raises(KeyError):
        make_and_fail()

    with bare.reading() as conn:
        assert inspect(conn).get_table_names() == []


def test_programs_that_start_together_migrate_once(bare_url: str) -> None:
    def start(_: int) -> str | None:
        store = open_store(bare_url)
        migrations.upgrade(store)
        with store.reading() as conn:
            found = migrations.version_of(conn)
        store.close()
        return found

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(start, range(3))) == [migrations.head()] * 3


def test_an_older_program_refuses_a_newer_database(bare: Store) -> None:
    migrations.upgrade(bare)
    with bare.writing() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = schema(bare)

    with pytest.raises(SchemaIsNewer, match="9999"):
        migrations.upgrade(bare)

    assert schema(bare) == before


def test_a_rebuilt_table_may_be_away_for_a_while_but_not_at_the_end(sqlite_store: Store) -> None:
    furnish(sqlite_store)

    def rebuild(*, put_back: bool) -> None:
        with sqlite_store.rebuilding() as conn:
            conn.execute(text("INSERT INTO account_role VALUES ('ana', 'officer', 'north', 'ben', '2026')"))
            conn.execute(text("CREATE TABLE kept AS SELECT * FROM account"))
            conn.execute(text("DELETE FROM account"))
            if put_back:
                conn.execute(text("INSERT INTO account SELECT * FROM kept"))

    with pytest.raises(BrokenLinks, match="account"):
        rebuild(put_back=False)
    rebuild(put_back=True)

    with sqlite_store.writing() as conn:
        assert conn.execute(text("SELECT count(*) FROM account")).scalar_one() == 2
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
