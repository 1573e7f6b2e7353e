"""What is to be done after a step was committed: written with the step, done at least once, marked when done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sop_engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done. Its ``id`` tells the receiver whether it came before."""

    id: int
    kind: str
    case_id: str | None
    payload: Mapping[str, Any]
    created_at: datetime
    attempts: int


def put(conn: Connection, *, kind: str, payload: Mapping[str, Any], at: datetime, case_id: str | None = None) -> None:
    """Leave an errand. ``payload`` holds names of the definition and numbers, nothing personal."""
    row = {"kind": kind, "case_id": case_id, "payload": payload, "created_at": at, "attempts": 0}
    conn.execute(insert(t.outbox), row)


def take(conn: Connection, *, limit: int = 10, most_attempts: int = 10) -> tuple[Errand, ...]:
    """Return errands not yet done, the oldest first. Until the transaction ends, nobody else is given them."""
    o = t.outbox.c
    wanted = select(o.id, o.kind, o.case_id, o.payload, o.created_at, o.attempts)
    waiting = wanted.where(o.done_at.is_(None), o.attempts < most_attempts).order_by(o.id).limit(limit)
    return tuple(Errand(*row) for row in conn.execute(waiting.with_for_update(skip_locked=True)))


def done(conn: Connection, errand_id: int, *, at: datetime) -> None:
    """Mark an errand as done."""
    conn.execute(update(t.outbox).where(t.outbox.c.id == errand_id), {"done_at": at})


def failed(conn: Connection, errand_id: int) -> None:
    """Count a failed attempt; the errand stays."""
    counted = update(t.outbox).where(t.outbox.c.id == errand_id)
    conn.execute(counted.values(attempts=t.outbox.c.attempts + 1))


def given_up(conn: Connection, *, most_attempts: int = 10) -> int:
    """Return how many errands failed too often to be tried again, for the supervisor to see."""
    o = t.outbox.c
    return len(conn.execute(select(o.id).where(o.done_at.is_(None), o.attempts >= most_attempts)).all())
