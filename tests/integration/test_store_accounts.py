"""Accounts, their roles and their sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sop_engine.store import accounts, offices, sessions
from sop_engine.store import tables as t
from sop_engine.store.database import Store
from sop_engine.store.faults import UsernameTaken
from sop_engine.store.sessions import Session
from tests.instruments.invented import OFFICE


def account(store: Store, account_id: str = "ana") -> accounts.Account:
    with store.reading() as conn:
        found = accounts.find_account(conn, account_id)
    assert found is not None
    return found


def test_an_account_is_found_by_name_and_by_session_mark(furnished: Store) -> None:
    with furnished.reading() as conn:
        assert accounts.find_by_username(conn, " ANA ") == account(furnished)
        assert accounts.find_by_uniquifier(conn, "u-ana") == account(furnished)
        assert accounts.find_by_username(conn, "nobody") is None
        assert accounts.find_account(conn, "nobody") is None
        assert [one.id for one in accounts.list_accounts(conn)] == ["ana", "ben"]
        assert accounts.names_of(conn, ["ana", "ana", "nobody"]) == {"ana": "ana Inventada"}
        assert accounts.names_of(conn, []) == {}


def test_a_username_belongs_to_one_person_in_whatever_case(furnished: Store, at: datetime) -> None:
    with pytest.raises(UsernameTaken), furnished.writing() as conn:
        accounts.add_account(conn, account_id="x", username="Ana", person_name="X", fs_uniquifier="u-x", at=at)
    with pytest.raises(IntegrityError), furnished.writing() as conn:
        accounts.add_account(conn, account_id="x", username="x", person_name="X", fs_uniquifier="u-ana", at=at)


def test_roles_are_held_in_an_office(furnished: Store, at: datetime) -> None:
    def hold(office_id: str, roles: Iterable[str], by: str) -> None:
        with furnished.writing() as conn:
            accounts.set_roles(conn, "ana", office_id=office_id, roles=roles, by=by, at=at)

    hold(OFFICE, ["officer", "supervisor"], "ben")
    hold("south", ["officer"], "ben")
    hold(OFFICE, ["officer", "member"], "cho")

    assert account(furnished).roles_in(OFFICE) == {"officer", "member"}
    assert account(furnished).roles_in("south") == {"officer"}
    with furnished.reading() as conn:
        kept = select(t.account_role.c.role, t.account_role.c.granted_by).where(t.account_role.c.office_id == OFFICE)
        assert {tuple(row) for row in conn.execute(kept)} == {("officer", "ben"), ("member", "cho")}
        assert [one.id for one in accounts.list_accounts(conn, office_id="south")] == ["ana"]
    hold(OFFICE, [], "ben")
    assert account(furnished).roles == {("officer", "south")}


def test_failures_are_counted_until_a_sign_in(furnished: Store, at: datetime) -> None:
    with furnished.writing() as conn:
        assert [accounts.record_failed_sign_in(conn, "ana") for _ in range(3)] == [1, 2, 3]
        accounts.lock_until(conn, "ana", at + timedelta(minutes=5))
    assert account(furnished).locked_until == at + timedelta(minutes=5)
    assert account(furnished, "ben").failed_count == 0

    with furnished.writing() as conn:
        accounts.record_sign_in(conn, "ana", at=at)

    found = account(furnished)
    assert (found.failed_count, found.locked_until, found.last_sign_in_at) == (0, None, at)


def test_a_new_password_or_a_closed_account_ends_what_was_signed_in(furnished: Store, at: datetime) -> None:
    with furnished.writing() as conn:
        accounts.set_password_hash(conn, "ana", "a hash", fs_uniquifier="u-2")
        accounts.confirm(conn, "ana", at=at)
        accounts.set_language(conn, "ana", "es")
        assert accounts.find_by_uniquifier(conn, "u-ana") is None
        accounts.set_active(conn, "ana", active=False, fs_uniquifier="u-3")
        assert accounts.find_by_uniquifier(conn, "u-2") is None

    found = account(furnished)
    assert (found.active, found.password_hash, found.confirmed_at, found.language) == (False, "a hash", at, "es")
    assert account(furnished, "ben").active


def test_offices_are_found(furnished: Store) -> None:
    with furnished.reading() as conn:
        north = offices.find_office(conn, OFFICE)
        assert north is not None
        assert offices.find_by_code(conn, "XN") == north
        assert offices.find_office(conn, "nowhere") is offices.find_by_code(conn, "nowhere") is None
        assert [office.id for office in offices.list_offices(conn)] == [OFFICE, "south"]


def test_a_session_lives_until_it_ends(furnished: Store, at: datetime) -> None:
    session = Session("ana", {"csrf": "x"}, at, at, at + timedelta(minutes=15))
    with furnished.writing() as conn:
        sessions.keep_session(conn, "id-1", session)
        sessions.keep_session(conn, "id-2", Session(None, {}, at, at, session.expires_at))
        assert sessions.find_session(conn, "id-1", now=at) == session
        assert sessions.find_session(conn, "id-1", now=session.expires_at) is None
        assert sessions.find_session(conn, "id-3", now=at) is None

        later = at + timedelta(minutes=30)
        sessions.touch_session(conn, "id-1", at=at + timedelta(minutes=5), expires_at=later)
        assert sessions.find_session(conn, "id-1", now=session.expires_at) is not None
        assert sessions.forget_ended_sessions(conn, now=session.expires_at) == 1

        sessions.keep_session(conn, "id-1", Session("ana", {"csrf": "y"}, at, at, later))
        sessions.keep_session(conn, "id-4", session)
        sessions.end_session(conn, "id-4")
        assert sessions.find_session(conn, "id-4", now=at) is None
        assert sessions.end_sessions_of(conn, "ana") == 1
        assert sessions.find_session(conn, "id-1", now=at) is None


def test_the_id_of_a_session_is_not_kept(furnished: Store, at: datetime) -> None:
    with furnished.writing() as conn:
        sessions.keep_session(conn, "a-session-id", Session(None, {}, at, at, at))
        assert "a-session-id" not in str(conn.execute(select(t.session_row)).all())
