"""Sessions kept on the server: a cookie carries only a random id, of which the store keeps the hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from sop_engine.store import tables as t
from sop_engine.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of one visit. ``account`` is None before the sign-in."""

    account: str | None
    data: Mapping[str, Any]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def keep_session(conn: Connection, session_id: str, session: Session) -> None:
    """Begin a session, or replace what is kept of it."""
    row = {
        "id_hash": _hash(session_id),
        "account": session.account,
        "data": session.data,
        "created_at": session.created_at,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
    }
    upsert(conn, t.session_row, [row])


def find_session(conn: Connection, session_id: str, *, now: datetime) -> Session | None:
    """Return a session that has not ended, or None."""
    s = t.session_row.c
    wanted = select(s.account, s.data, s.created_at, s.last_seen_at, s.expires_at)
    row = conn.execute(wanted.where(s.id_hash == _hash(session_id), s.expires_at > now)).one_or_none()
    return None if row is None else Session(*row)


def touch_session(conn: Connection, session_id: str, *, at: datetime, expires_at: datetime) -> None:
    """Note that a session was used, and when it ends if it is not used again."""
    touched = update(t.session_row).where(t.session_row.c.id_hash == _hash(session_id))
    conn.execute(touched, {"last_seen_at": at, "expires_at": expires_at})


def end_session(conn: Connection, session_id: str) -> None:
    """End a session: its cookie is worth nothing from now on."""
    conn.execute(delete(t.session_row).where(t.session_row.c.id_hash == _hash(session_id)))


def end_sessions_of(conn: Connection, account_id: str) -> int:
    """End every session of an account; return how many there were."""
    return conn.execute(delete(t.session_row).where(t.session_row.c.account == account_id)).rowcount


def forget_ended_sessions(conn: Connection, *, now: datetime) -> int:
    """Remove what is kept of sessions that have ended; return how many there were."""
    return conn.execute(delete(t.session_row).where(t.session_row.c.expires_at <= now)).rowcount


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
