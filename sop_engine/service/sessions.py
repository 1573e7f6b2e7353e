"""Visits of signed-in people: kept on the server, so that signing out ends them wherever the cookie went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sop_engine.service.service import Service
from sop_engine.store import sessions as stored
from sop_engine.store.sessions import Session

__all__ = ["Session"]

TOUCH_EVERY = timedelta(minutes=1)
"""A visit is noted as alive at most this often: reading a page should not cost a write."""


def find_session(svc: Service, session_id: str) -> Session | None:
    """Return a visit that has not ended, or None."""
    with svc.store.reading() as conn:
        return stored.find_session(conn, session_id, now=svc.clock())


def keep_session(
    svc: Service,
    session_id: str,
    *,
    account: str | None,
    data: Mapping[str, Any],
    began: Session | None,
    idle: timedelta,
    longest: timedelta,
) -> None:
    """Keep what a visit holds. It ends when it was idle too long, and after ``longest`` in any case."""
    now = svc.clock()
    created = began.created_at if began is not None else now
    ends = min(now + idle, created + longest)
    with svc.store.writing() as conn:
        stored.keep_session(conn, session_id, Session(account, dict(data), created, now, ends))


def touch_session(svc: Service, session_id: str, session: Session, *, idle: timedelta, longest: timedelta) -> None:
    """Note that a visit is alive, if that was not noted just before."""
    now = svc.clock()
    if now - session.last_seen_at < TOUCH_EVERY:
        return
    with svc.store.writing() as conn:
        stored.touch_session(conn, session_id, at=now, expires_at=min(now + idle, session.created_at + longest))


def end_session(svc: Service, session_id: str) -> None:
    """End a visit: its cookie is worth nothing from now on."""
    with svc.store.writing() as conn:
        stored.end_session(conn, session_id)
        stored.forget_ended_sessions(conn, now=svc.clock())
