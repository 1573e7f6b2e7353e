"""A form that is sent twice does its work once, and both senders read the same."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from sop_engine.store import cases, commands
from sop_engine.store import tables as t
from sop_engine.store.chain import NotCanonical
from sop_engine.store.database import Store
from sop_engine.store.faults import OtherPayload
from tests.instruments.invented import add_entry

PAYLOAD = {"step": "arrival", "answers": {"name": "Invented Person"}}


def act(store: Store, at: datetime, payload: object = PAYLOAD, **personal: object) -> tuple[Mapping[str, Any], bool]:
    """Do one act as the service does; return its result, and whether it had been done before."""
    with store.writing() as conn:
        earlier = commands.claim(conn, "token-1", payload=payload, account="ana", case_id="c1", at=at)
        if earlier is not None:
            return earlier.result, True
        result = {"seq": add_entry(conn, **personal).seq}
        commands.finish(conn, "token-1", result=result)
        return result, False


def test_the_second_sending_gets_the_first_result(with_case: Store, at: datetime) -> None:
    assert act(with_case, at) == ({"seq": 2}, False)
    assert act(with_case, at) == ({"seq": 2}, True)

    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 2


def test_eight_sendings_at_once_do_the_work_once(with_case: Store, at: datetime) -> None:
    together = Barrier(8)

    def send(_: int) -> tuple[Mapping[str, Any], bool]:
        together.wait()
        return act(with_case, at)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(send, range(8)))

    assert [result for result, _ in found] == [{"seq": 2}] * 8
    assert sorted(repeated for _, repeated in found) == [False] + [True] * 7
    with with_case.reading() as conn:
        assert len(cases.load_events(conn, "c1")) == 2


@pytest.mark.parametrize("payload", [{"step": "arrival", "answers": {}}, None, [PAYLOAD]])
def test_the_same_token_with_other_answers_is_refused(with_case: Store, at: datetime, payload: object) -> None:
    act(with_case, at)

    with pytest.raises(OtherPayload):
        act(with_case, at, payload=payload)


def test_the_token_of_somebody_else_is_refused(with_case: Store, at: datetime) -> None:
    act(with_case, at)

    with pytest.raises(OtherPayload), with_case.writing() as conn:
        commands.claim(conn, "token-1", payload=PAYLOAD, account="ben", at=at)


def test_an_act_that_failed_leaves_its_token_free(with_case: Store, at: datetime) -> None:
    with pytest.raises(NotCanonical):
        act(with_case, at, weight=float("nan"))

    assert act(with_case, at) == ({"seq": 2}, False)


def test_after_a_lost_connection_the_token_tells_whether_it_was_done(with_case: Store, at: datetime) -> None:
    with with_case.reading() as conn:
        assert commands.find(conn, "token-1", payload=PAYLOAD, account="ana") is None
    act(with_case, at)

    with with_case.reading() as conn:
        found = commands.find(conn, "token-1", payload=PAYLOAD, account="ana")

    assert found == commands.Earlier({"seq": 2}, "c1", at)


def test_an_act_that_opens_a_case_names_it_when_it_is_known(furnished: Store, at: datetime) -> None:
    with furnished.writing() as conn:
        commands.claim(conn, "token-1", payload=PAYLOAD, account="ana", at=at)
        commands.finish(conn, "token-1", result={}, case_id="c7")

    with furnished.reading() as conn:
        found = commands.find(conn, "token-1", payload=PAYLOAD, account="ana")
    assert found is not None
    assert found.case_id == "c7"


def test_neither_token_nor_answers_are_kept(with_case: Store, at: datetime) -> None:
    act(with_case, at)

    with with_case.reading() as conn:
        kept = str(conn.execute(select(t.command)).all())
    assert "token-1" not in kept
    assert "Invented" not in kept
