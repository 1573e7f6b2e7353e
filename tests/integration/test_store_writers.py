"""Several people at once: nobody's step is lost, nobody reads half a step."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sop_engine.store import cases, offices
from sop_engine.store.database import Store, open_store
from sop_engine.store.faults import StaleCase, StoreBusy, UnknownDatabase
from tests.instruments.databases import sqlite_url
from tests.instruments.invented import OFFICE, add_entry, an_event, open_case


@pytest.fixture
def hasty(with_case: Store, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same store, opened by another program that waits a second and no longer."""
    if with_case.is_sqlite:
        url = sqlite_url(request.getfixturevalue("tmp_path") / "store.db")
    else:
        url = request.getfixturevalue("postgres_address")
    store = open_store(url, patience_seconds=1)
    yield store
    store.close()


def test_every_step_of_many_writers_is_kept_in_one_chain(with_case: Store, hasty: Store) -> None:
    together = Barrier(4)

    def work(number: int) -> None:
        together.wait()
        for _ in range(10):
            with (with_case if number % 2 else hasty).writing() as conn:
                add_entry(conn, number=number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))

    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 41
        assert cases.verify_case(conn, "c1") is None


def test_of_two_officers_who_saw_the_same_page_one_wins(with_case: Store) -> None:
    together = Barrier(2)

    def send(_: int) -> str:
        with with_case.reading() as conn:
            seen = cases.find_head(conn, "c1")
        assert seen is not None
        together.wait()
        try:
            with with_case.writing() as conn:
                cases.append(conn, "c1", expected_seq=seen.seq, chain=seen.chain_head, events=[an_event(seen.seq + 1)])
        except StaleCase:
            return "stale"
        return "kept"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, range(2))) == ["kept", "stale"]


def test_numbers_given_out_at_once_are_all_different(with_case: Store) -> None:
    def number(_: int) -> int:
        with with_case.writing() as conn:
            return offices.next_number(conn, OFFICE)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(number, range(12))) == list(range(1, 13))


def test_a_reader_sees_one_picture_while_others_write(with_case: Store) -> None:
    with with_case.reading() as reader:
        before = cases.find_head(reader, "c1")
        with with_case.writing() as writer:
            add_entry(writer)
            open_case(writer, "c2")

        assert cases.find_head(reader, "c1") == before
        assert len(cases.load_events(reader, "c1")) == 1
        assert cases.find_head(reader, "c2") is None


def test_a_reader_does_not_wait_for_a_writer(with_case: Store, hasty: Store) -> None:
    with with_case.writing() as writer:
        add_entry(writer)

        with hasty.reading() as reader:
            assert len(cases.load_events(reader, "c1")) == 1


def test_a_reader_can_change_nothing(with_case: Store) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), with_case.reading() as conn:
        add_entry(conn)

    with with_case.writing() as conn:
        add_entry(conn)
    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 2


def test_a_writer_who_waits_too_long_is_told_to_try_again(with_case: Store, hasty: Store) -> None:
    with with_case.writing() as first:
        cases.lock_case(first, "c1")

        with pytest.raises(StoreBusy), hasty.writing() as second:
            cases.lock_case(second, "c1")

    with hasty.writing() as second:
        add_entry(second)


def test_writers_of_one_program_queue_and_are_told_too(hasty: Store) -> None:
    def also() -> None:
        with hasty.writing() as conn:
            cases.lock_case(conn, "c1")

    with hasty.writing() as first, ThreadPoolExecutor(1) as threads:
        cases.lock_case(first, "c1")

        assert isinstance(threads.submit(also).exception(), StoreBusy)


def test_writers_at_different_cases_meet_only_on_sqlite(with_case: Store, hasty: Store) -> None:
    with with_case.writing() as conn:
        open_case(conn, "c2")

    with with_case.writing() as first:
        add_entry(first, "c1")
        if with_case.is_sqlite:
            with pytest.raises(StoreBusy), hasty.writing():
                pass
        else:
            with hasty.writing() as second:
                add_entry(second, "c2")


@pytest.mark.postgres
def test_after_the_server_cut_a_connection_one_request_fails_and_the_next_works(
    postgres_store: Store, postgres_address: str
) -> None:
    store = open_store(postgres_address)
    with store.reading() as conn:
        pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with postgres_store.writing() as conn:
        conn.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    with pytest.raises(DBAPIError), store.reading() as conn:
        conn.execute(text("SELECT 1"))

    with store.reading() as conn:
        assert conn.execute(text("SELECT 1")).scalar_one() == 1
    store.close()


def test_a_file_of_sqlite_is_kept_as_it_must_be(sqlite_store: Store) -> None:
    with sqlite_store.reading() as reader, sqlite_store.writing() as writer:
        for conn in (reader, writer):
            kept = {
                name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
            }
            assert kept == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "secure_delete": 1,
                "trusted_schema": 0,
            }


def test_nobody_else_on_the_machine_can_read_the_file(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "new.db"))
    with store.writing() as conn:
        conn.exec_driver_sql("CREATE TABLE one (x)")

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()

    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/sop", "sqlite:///file::memory:"])
def test_a_database_that_cannot_keep_a_store_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnknownDatabase):
        open_store(url)


def test_an_open_store_does_not_show_its_password(tmp_path: Path) -> None:
    store = open_store("postgresql://somebody:very-secret@localhost/none")

    assert "very-secret" not in repr(store)
    store.close()
