"""A log changed behind the program's back, by somebody with every right on the database, is found out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from sop_engine.store import cases
from sop_engine.store.database import Store
from sop_engine.store.tables import case_file, event
from tests.instruments.invented import add_entry

ENTRIES = 5


@pytest.fixture
def store_with_log(with_case: Store) -> Store:
    for number in range(2, ENTRIES + 1):
        with with_case.writing() as conn:
            add_entry(conn, name=f"Invented Person {number}", step=number)
    return with_case


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """Give a connection as an administrator would have it: the triggers are out of the way."""
    with store.writing() as conn:
        if store.is_sqlite:
            for name in ("event_refuses_update", "event_refuses_delete", "event_refuses_replace"):
                conn.execute(text(f"DROP TRIGGER {name}"))
            yield conn
        else:
            conn.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
            yield conn
            conn.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))


def first_bad(store: Store) -> int | None:
    with store.reading() as conn:
        return cases.verify_case(conn, "c1")


def test_an_untouched_log_verifies(store_with_log: Store) -> None:
    assert first_bad(store_with_log) is None


@pytest.mark.parametrize("seq", range(1, ENTRIES + 1))
@pytest.mark.parametrize("column", [c.name for c in event.columns if c.name not in ("case_id", "seq")])
def test_a_change_in_any_column_of_any_entry_is_named(store_with_log: Store, column: str, seq: int) -> None:
    chosen = (event.c.case_id == "c1", event.c.seq == seq)
    with tampering(store_with_log) as conn:
        was = conn.execute(select(event.c[column]).where(*chosen)).scalar_one()
        conn.execute(update(event).where(*chosen), {column: changed(column, was)})

    assert first_bad(store_with_log) == seq


def changed(column: str, was: Any) -> Any:
    if column == "at":
        return was.replace(microsecond=1)
    if column == "data":
        return {**was, "step": "arrivals"}
    if column == "personal":
        return [was[0], {**was[1], "name": "Invented Persoon"}]
    return ("0" if was[0] != "0" else "1") + was[1:]


@pytest.mark.parametrize("seq", range(1, ENTRIES + 1))
def test_a_dropped_entry_is_named(store_with_log: Store, seq: int) -> None:
    with tampering(store_with_log) as conn:
        conn.execute(delete(event).where(event.c.seq == seq))

    assert first_bad(store_with_log) == seq


@pytest.mark.parametrize("seq", range(1, ENTRIES))
def test_two_swapped_entries_are_named(store_with_log: Store, seq: int) -> None:
    with tampering(store_with_log) as conn:
        for was, becomes in ((seq, 99), (seq + 1, seq), (99, seq + 1)):
            conn.execute(update(event).where(event.c.seq == was), {"seq": becomes})

    assert first_bad(store_with_log) == seq


def test_an_entry_slipped_in_is_named(store_with_log: Store) -> None:
    with tampering(store_with_log) as conn:
        last = conn.execute(select(event).where(event.c.seq == ENTRIES)).one()
        conn.execute(insert(event), {**last._mapping, "seq": ENTRIES + 1})

    assert first_bad(store_with_log) == ENTRIES + 1


def test_a_head_that_does_not_fit_the_log_is_named(store_with_log: Store) -> None:
    with store_with_log.writing() as conn:
        conn.execute(update(case_file), {"chain_head": "0" * 64})

    assert first_bad(store_with_log) == ENTRIES


def test_a_log_moved_to_another_case_is_named(store_with_log: Store) -> None:
    with tampering(store_with_log) as conn:
        conn.execute(text("PRAGMA defer_foreign_keys=ON" if store_with_log.is_sqlite else "SELECT 1"))
        row = conn.execute(select(case_file)).one()
        conn.execute(insert(case_file), {**row._mapping, "id": "c2", "number": "X-2"})
        conn.execute(update(event), {"case_id": "c2"})

    with store_with_log.reading() as conn:
        assert cases.verify_case(conn, "c2") == 1
        assert cases.verify_case(conn, "c1") == 1
