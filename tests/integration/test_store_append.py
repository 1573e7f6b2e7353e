"""Appending to a case: what is kept, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sop_engine.store import cases, editions, offices
from sop_engine.store.cases import Projection
from sop_engine.store.database import Store
from sop_engine.store.faults import NumberTaken, StaleCase
from sop_engine.vocabulary import AuditEvent


def event(seq: int, at: datetime, **personal: object) -> AuditEvent:
    return AuditEvent(seq, "StepAnswered", at, "ana", "officer", "screening-1", {"step": "arrival"}, personal)


@pytest.fixture
def case_id(store: Store, at: datetime) -> str:
    with store.writing() as conn:
        offices.add_office(conn, office_id="o1", code="XA", name="North", country="XXA", time_zone="UTC")
        editions.adopt(conn, digest="d1", title="First", files={"a.yaml": "sop: a"}, at=at)
        cases.create_case(
            conn,
            case_id="c1",
            number="XA-1",
            office_id="o1",
            set_digest="d1",
            opened_at=at,
            events=[event(1, at, name="Invented Person")],
        )
    return "c1"


def test_what_was_appended_is_read_back_as_it_was(store: Store, case_id: str, at: datetime) -> None:
    with store.writing() as conn:
        head = cases.lock_case(conn, case_id)
        assert head is not None
        later = event(2, at + timedelta(microseconds=1), name="Ñandú \u0000 العربية", list=[1, "2", {"a": None}])
        cases.append(conn, case_id, expected_seq=1, chain=head.chain_head, events=[later])

    with store.reading() as conn:
        assert cases.load_events(conn, case_id, after_seq=1) == (later,)
        assert cases.load_events(conn, case_id, to_seq=1) == (event(1, at, name="Invented Person"),)
        assert cases.verify_case(conn, case_id) is None


def test_an_append_to_a_case_that_went_on_is_refused(store: Store, case_id: str, at: datetime) -> None:
    with store.reading() as conn:
        seen = cases.find_head(conn, case_id)
    assert seen is not None
    with store.writing() as conn:
        cases.append(conn, case_id, expected_seq=1, chain=seen.chain_head, events=[event(2, at)])

    with pytest.raises(StaleCase), store.writing() as conn:
        cases.append(conn, case_id, expected_seq=1, chain=seen.chain_head, events=[event(2, at), event(3, at)])

    with store.reading() as conn:
        assert len(cases.load_events(conn, case_id)) == 2


def test_a_number_is_given_once_in_an_office(store: Store, case_id: str, at: datetime) -> None:
    with pytest.raises(NumberTaken), store.writing() as conn:
        cases.create_case(conn, case_id="c2", number="XA-1", office_id="o1", set_digest="d1", opened_at=at)


def test_a_projection_is_written_by_its_differences(store: Store, case_id: str, at: datetime) -> None:
    old = Projection(office_id="o1")
    new = Projection(
        office_id="o1",
        open_actions=frozenset({("screening-1", "officer")}),
        flags=("child",),
        name_keys=frozenset({"invented"}),
    )
    with store.writing() as conn:
        cases.replace_projection(conn, case_id, old, new)
        cases.replace_projection(conn, case_id, new, Projection(office_id="o1", next_due_at=at))

    with store.reading() as conn:
        head = cases.find_head(conn, case_id)
    assert head is not None
    assert head.flags == ()
    assert head.next_due_at == at
