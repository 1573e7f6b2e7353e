"""Who is assigned to a case, and in which role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from sop_engine.store import tables as t
from sop_engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person works on one case in one role."""

    case_id: str
    account: str
    role: str
    at: datetime


def assign(conn: Connection, *, case_id: str, account: str, role: str, at: datetime) -> bool:
    """Assign somebody to a case; return False when they were already."""
    return insert_new(conn, t.assignment, {"case_id": case_id, "account": account, "role": role, "at": at})


def unassign(conn: Connection, *, case_id: str, account: str, role: str) -> bool:
    """Take somebody off a case; return False when they were not on it."""
    a = t.assignment.c
    gone = delete(t.assignment).where(a.case_id == case_id, a.account == account, a.role == role)
    return conn.execute(gone).rowcount == 1


def assignments_of(conn: Connection, case_id: str) -> tuple[Assignment, ...]:
    """Return who is assigned to a case, in the order in which they were."""
    wanted = select(t.assignment).where(t.assignment.c.case_id == case_id)
    in_order = wanted.order_by(t.assignment.c.at, t.assignment.c.account, t.assignment.c.role)
    return tuple(Assignment(**row._mapping) for row in conn.execute(in_order))


def roles_on(conn: Connection, *, case_id: str, account: str) -> frozenset[str]:
    """Return the roles in which somebody is assigned to a case."""
    a = t.assignment.c
    return frozenset(conn.execute(select(a.role).where(a.case_id == case_id, a.account == account)).scalars())
