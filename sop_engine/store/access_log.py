"""Who looked at what, and why they said they did: append-only, as the log of a case is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from sop_engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Access:
    """One look. ``what`` is a word of the program, ``purpose`` the officer's own."""

    at: datetime
    account: str
    case_id: str | None
    what: str
    purpose: str | None


def record_access(
    conn: Connection, *, at: datetime, account: str, what: str, case_id: str | None = None, purpose: str | None = None
) -> None:
    """Note a look, in the transaction that gives what is seen."""
    row = {"at": at, "account": account, "case_id": case_id, "what": what, "purpose": purpose}
    conn.execute(insert(t.access_log), row)


def accesses_to(conn: Connection, case_id: str, *, limit: int = 200) -> tuple[Access, ...]:
    """Return who looked at a case, the newest first: an officer can show it to the person."""
    wanted = _ACCESS.where(t.access_log.c.case_id == case_id).order_by(t.access_log.c.id.desc()).limit(limit)
    return tuple(Access(*row) for row in conn.execute(wanted))


def accesses_by(conn: Connection, account: str, *, limit: int = 200) -> tuple[Access, ...]:
    """Return what somebody looked at, the newest first."""
    wanted = _ACCESS.where(t.access_log.c.account == account).order_by(t.access_log.c.id.desc()).limit(limit)
    return tuple(Access(*row) for row in conn.execute(wanted))


def count_cases_seen(conn: Connection, account: str, *, since: datetime) -> int:
    """Return how many different cases somebody looked at since an instant."""
    log = t.access_log.c
    counted = select(func.count(log.case_id.distinct())).where(log.account == account, log.at >= since)
    return int(conn.execute(counted).scalar_one())


_LOG = t.access_log.c
_ACCESS = select(_LOG.at, _LOG.account, _LOG.case_id, _LOG.what, _LOG.purpose)
