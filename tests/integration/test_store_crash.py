"""The program dies in the middle of a step: the step is there whole, or it is not there at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from sop_engine.store import cases, commands, outbox
from sop_engine.store import tables as t
from sop_engine.store.cases import ProceedingRow, Projection
from sop_engine.store.database import Store, open_store
from tests.instruments.databases import sqlite_url
from tests.instruments.invented import AT, OFFICE, an_event

STATEMENTS = 8
"""How many a step of this shape sends, its BEGIN included; a test fails when it becomes more."""
BEFORE = Projection(office_id=OFFICE)
AFTER = Projection(
    office_id=OFFICE, proceedings=(ProceedingRow("screening-1", "screening", None, "arrived", "work", AT),)
)


def take_step(url: str, *, dies_before: int = 99, dies_at_commit: bool = False) -> int:
    """Take one whole step in a store of its own; return how many statements it sent, unless the process died."""
    store = open_store(url)
    sent = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == dies_before:
            os._exit(9)

    with store.writing() as conn:
        sent = 1  # BEGIN, which PostgreSQL's driver sends along with the first statement
        commands.claim(conn, "token", payload=None, account="ana", case_id="c1", at=AT)
        head = cases.lock_case(conn, "c1")
        assert head is not None
        entries = [an_event(2, name="Invented Person"), an_event(3)]
        cases.append(conn, "c1", expected_seq=1, chain=head.chain_head, events=entries, old=BEFORE, new=AFTER)
        outbox.put(conn, kind="paper", payload={}, at=AT, case_id="c1")
        commands.finish(conn, "token", result={"seq": 3})
        if dies_at_commit:
            os._exit(9)
    counted = sent
    event.remove(Engine, "before_cursor_execute", count)
    store.close()
    return counted


def in_another_process(url: str, *, dies_before: int = 99, dies_at_commit: bool = False) -> int:
    child = os.fork()
    if child == 0:
        try:
            take_step(url, dies_before=dies_before, dies_at_commit=dies_at_commit)
        finally:
            # Never back into the test run: the child has no business there.
            os._exit(9)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def url(with_case: Store, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store with one case; this process holds no connection to it."""
    with_case.close()
    return sqlite_url(tmp_path / "store.db") if with_case.is_sqlite else request.getfixturevalue("postgres_address")


def what_is_kept(store: Store) -> dict[str, int]:
    with store.reading() as conn:
        head = cases.find_head(conn, "c1")
        assert head is not None
        assert cases.verify_case(conn, "c1") is None
        counted = {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (t.event, t.command, t.proceeding, t.outbox)
        }
    return {"seq": head.seq, **counted}


NOTHING = {"seq": 1, "event": 1, "command": 0, "proceeding": 0, "outbox": 0}
ALL = {"seq": 3, "event": 3, "command": 1, "proceeding": 1, "outbox": 1}


@pytest.mark.parametrize("statement", range(2, STATEMENTS + 1))
def test_a_step_whose_program_dies_before_a_statement_never_was(with_case: Store, url: str, statement: int) -> None:
    assert in_another_process(url, dies_before=statement) == 9

    assert what_is_kept(with_case) == NOTHING


def test_a_step_whose_program_dies_before_it_commits_never_was_and_can_be_sent_again(
    with_case: Store, url: str
) -> None:
    assert in_another_process(url, dies_at_commit=True) == 9
    assert what_is_kept(with_case) == NOTHING

    take_step(url)

    assert what_is_kept(with_case) == ALL


def test_a_step_whose_program_dies_after_it_committed_is_there(with_case: Store, url: str) -> None:
    assert in_another_process(url) == 9

    assert what_is_kept(with_case) == ALL
    with with_case.reading() as conn:
        found = commands.find(conn, "token", payload=None, account="ana")
    assert found is not None
    assert found.result == {"seq": 3}


def test_a_step_sends_few_statements(url: str) -> None:
    assert take_step(url) == STATEMENTS
