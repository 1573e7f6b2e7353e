"""Appending to a case: what is kept, what is refused, and what nobody can change afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from sop_engine.store import access_log, cases, offices
from sop_engine.store import tables as t
from sop_engine.store.cases import Projection
from sop_engine.store.chain import NotCanonical
from sop_engine.store.database import Store
from sop_engine.store.faults import NumberTaken, StaleCase
from tests.instruments.invented import DIGEST, OFFICE, add_entry, an_event, open_case


def test_what_was_appended_is_read_back_as_it_was(with_case: Store, at: datetime) -> None:
    first = an_event(1, name="Invented Person")
    later = an_event(2, at=at + timedelta(microseconds=1), name="Ñandú \u0000 العربية", rows=[1, "2", {"a": None}])

    with with_case.writing() as conn:
        head = cases.lock_case(conn, "c1")
        assert head is not None
        cases.append(conn, "c1", expected_seq=1, chain=head.chain_head, events=[later])

    with with_case.reading() as conn:
        assert cases.load_events(conn, "c1") == (first, later)
        assert cases.load_events(conn, "c1", after_seq=1) == (later,)
        assert cases.load_events(conn, "c1", to_seq=1) == (first,)
        assert cases.verify_case(conn, "c1") is None


def test_an_instant_comes_back_in_utc_to_the_microsecond(with_case: Store, at: datetime) -> None:
    local = (at + timedelta(microseconds=7)).astimezone(timezone(timedelta(hours=-4)))
    with with_case.writing() as conn:
        cases.replace_projection(conn, "c1", None, Projection(office_id=OFFICE, next_due_at=local))

    with with_case.reading() as conn:
        head = cases.find_head(conn, "c1")

    assert head is not None
    assert head.next_due_at == local
    assert head.next_due_at.utcoffset() == timedelta(0)


def test_an_append_to_a_case_that_went_on_is_refused_whole(with_case: Store) -> None:
    with with_case.reading() as conn:
        seen = cases.find_head(conn, "c1")
    assert seen is not None
    with with_case.writing() as conn:
        add_entry(conn)

    with pytest.raises(StaleCase), with_case.writing() as conn:
        cases.append(conn, "c1", expected_seq=1, chain=seen.chain_head, events=[an_event(2), an_event(3)])

    with with_case.reading() as conn:
        assert [event.seq for event in cases.load_events(conn, "c1")] == [1, 2]


def test_an_append_to_a_case_with_another_past_is_refused(with_case: Store) -> None:
    with pytest.raises(StaleCase), with_case.writing() as conn:
        cases.append(conn, "c1", expected_seq=1, chain="f" * 64, events=[an_event(2)])


@pytest.mark.parametrize("numbers", [[], [1], [3], [2, 4]])
def test_entries_with_a_gap_or_a_twin_are_refused(with_case: Store, numbers: list[int]) -> None:
    with with_case.writing() as conn:
        head = cases.lock_case(conn, "c1")
        assert head is not None
        with pytest.raises(ValueError, match=r"append|follow"):
            cases.append(conn, "c1", expected_seq=1, chain=head.chain_head, events=[an_event(n) for n in numbers])


def test_a_value_that_is_no_json_is_refused_before_anything_is_written(with_case: Store) -> None:
    with pytest.raises(NotCanonical), with_case.writing() as conn:
        add_entry(conn, weight=float("nan"))

    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 1


def test_a_number_is_given_once_in_an_office_and_freely_in_another(with_case: Store, at: datetime) -> None:
    new = {"case_id": "c2", "number": "X-c1", "set_digest": DIGEST, "opened_at": at}

    with pytest.raises(NumberTaken), with_case.writing() as conn:
        cases.create_case(conn, office_id=OFFICE, **new)  # type: ignore[arg-type]

    with with_case.writing() as conn:
        cases.create_case(conn, office_id="south", **new)  # type: ignore[arg-type]


def test_numbers_of_an_office_have_no_gap_after_a_failure(furnished: Store) -> None:
    with furnished.writing() as conn:
        assert offices.next_number(conn, OFFICE) == 1
    with pytest.raises(ZeroDivisionError), furnished.writing() as conn:
        _ = 1 // (offices.next_number(conn, OFFICE) - 2)

    with furnished.writing() as conn:
        assert offices.next_number(conn, OFFICE) == 2
        assert offices.next_number(conn, "south") == 1


def test_a_case_needs_an_adopted_edition(furnished: Store, at: datetime) -> None:
    with pytest.raises(IntegrityError), furnished.writing() as conn:
        cases.create_case(conn, case_id="c1", number="1", office_id=OFFICE, set_digest="unknown", opened_at=at)


def test_a_case_that_does_not_exist_is_not_found(furnished: Store) -> None:
    with furnished.writing() as conn:
        assert cases.find_head(conn, "c9") is None
        assert cases.lock_case(conn, "c9") is None
        assert cases.load_events(conn, "c9") == ()


@pytest.mark.parametrize("table", ["event", "access_log"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET case_id = case_id",
        "DELETE FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE case_file CASCADE",
    ],
)
def test_no_program_changes_a_log(with_case: Store, at: datetime, table: str, statement: str) -> None:
    if with_case.is_sqlite == ("TRUNCATE" in statement):
        statement = "DELETE FROM {table}"  # the other database has no such statement
    if not with_case.is_sqlite and "REPLACE" in statement:
        statement = "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING; DELETE FROM {table}"
    if "case_file" in statement and table == "access_log":
        statement = "TRUNCATE {table} CASCADE"
    with with_case.writing() as conn:
        access_log.record_access(conn, at=at, account="ana", what="case", case_id="c1")

    with pytest.raises(DBAPIError, match="append-only"), with_case.writing() as conn:
        conn.execute(text(statement.format(table=table)))

    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 1
        assert len(access_log.accesses_to(conn, "c1")) == 1


def test_an_error_of_the_database_quotes_no_answer(with_case: Store) -> None:
    secret = {"case_id": "c1", "key": "inventada", "office_id": OFFICE}
    row = {"account": "inventada", "case_id": "c1", "proceeding": "p", "step": None, "answers": {"name": "inventada"}}

    for table, values in ((t.name_search, [secret, secret]), (t.draft, [row]), (t.account, [{"id": "inventada"}])):
        with pytest.raises(DBAPIError) as error, with_case.writing() as conn:
            conn.execute(table.insert(), values)
        shown = f"{error.value!r} {error.value} {error.value.orig!r} {error.value.orig}"
        assert "inventada" not in shown.lower()
        assert b"inventada".hex() not in shown


def test_cases_are_kept_apart(with_case: Store) -> None:
    with with_case.writing() as conn:
        open_case(conn, "c2", office_id="south")
        add_entry(conn, "c2")

    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 1
        assert len(cases.load_events(conn, "c2")) == 2
