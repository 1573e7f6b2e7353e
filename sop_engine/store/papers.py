"""The register of papers: each paper as it left the printer, by its SHA-256.

It stands outside the log of a case, so that printing a record does not change what the record says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sop_engine.store import tables as t
from sop_engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper for one recipient. ``seq`` is the entry of the log up to which it tells the case."""

    case_id: str
    sha256: str
    recipient: str
    office_id: str
    name: str
    number: str
    seq: int
    made_by: str
    made_at: datetime


def register_paper(conn: Connection, paper: Paper) -> bool:
    """Note a paper; return False when the same paper was made for the same recipient before."""
    row = {name: getattr(paper, name) for name in t.paper.columns.keys()}  # noqa: SIM118 - columns are no mapping
    return insert_new(conn, t.paper, row)


def papers_of(conn: Connection, case_id: str) -> tuple[Paper, ...]:
    """Return the papers made of a case, the oldest first."""
    wanted = select(t.paper).where(t.paper.c.case_id == case_id).order_by(t.paper.c.made_at, t.paper.c.sha256)
    return tuple(Paper(**row._mapping) for row in conn.execute(wanted))


def was_issued(conn: Connection, *, office_id: str, sha256: str) -> bool:
    """Tell whether a paper with these very bytes came from this office; nothing more is ever answered."""
    wanted = select(t.paper.c.sha256).where(t.paper.c.office_id == office_id, t.paper.c.sha256 == sha256.lower())
    return conn.execute(wanted.limit(1)).first() is not None
