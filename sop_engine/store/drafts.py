"""Answers that an officer has typed and not yet sent: theirs alone, and no part of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select

from sop_engine.store import tables as t
from sop_engine.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class DraftOf:
    """Where a draft belongs, without what it says."""

    case_id: str
    proceeding: str
    step: str
    updated_at: datetime


def save_draft(
    conn: Connection,
    *,
    account: str,
    case_id: str,
    proceeding: str,
    step: str,
    answers: Mapping[str, Any],
    at: datetime,
) -> None:
    """Keep a draft, in place of the one before it."""
    row = {"account": account, "case_id": case_id, "proceeding": proceeding, "step": step}
    upsert(conn, t.draft, [{**row, "answers": answers, "updated_at": at}])


def load_draft(conn: Connection, *, account: str, case_id: str, proceeding: str, step: str) -> dict[str, Any] | None:
    """Return the answers of a draft, or None when there is none."""
    wanted = select(t.draft.c.answers).where(*_of(account, case_id), *_at(proceeding, step))
    found: dict[str, Any] | None = conn.execute(wanted).scalar_one_or_none()
    return found


def discard_draft(conn: Connection, *, account: str, case_id: str, proceeding: str, step: str) -> bool:
    """Throw a draft away; return False when there was none."""
    return conn.execute(delete(t.draft).where(*_of(account, case_id), *_at(proceeding, step))).rowcount == 1


def drafts_of(conn: Connection, account: str, *, case_id: str | None = None) -> tuple[DraftOf, ...]:
    """Return where somebody has drafts, the newest first."""
    d = t.draft.c
    wanted = select(d.case_id, d.proceeding, d.step, d.updated_at).where(*_of(account, case_id))
    newest_first = wanted.order_by(d.updated_at.desc(), d.case_id, d.proceeding, d.step)
    return tuple(DraftOf(*row) for row in conn.execute(newest_first))


def _of(account: str, case_id: str | None) -> list[ColumnElement[bool]]:
    return [t.draft.c.account == account, *([t.draft.c.case_id == case_id] if case_id is not None else [])]


def _at(proceeding: str, step: str) -> list[ColumnElement[bool]]:
    return [t.draft.c.proceeding == proceeding, t.draft.c.step == step]
