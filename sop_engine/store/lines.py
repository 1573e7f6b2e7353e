"""A case as one line of a list: its number, initials, and where it stands. Never a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, select

from sop_engine.store import tables as t
from sop_engine.store.projection import ProceedingRow

Place: TypeAlias = tuple[datetime | None, str]
"""(due date, case id) of the last line seen: the queue goes on after it."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    case_id: str
    number: str
    initials: str | None
    opened_at: datetime
    last_at: datetime
    next_due_at: datetime | None
    next_due_name: str | None
    flags: tuple[str, ...]
    locked: bool
    from_paper: bool
    proceedings: tuple[ProceedingRow, ...] = ()
    open_to: frozenset[tuple[str, str]] = frozenset()
    """(proceeding id, role) of everything open in the case."""

    @property
    def place(self) -> Place:
        return (self.next_due_at, self.case_id)


def lines_of(conn: Connection, case_ids: Sequence[str]) -> tuple[CaseLine, ...]:
    """Return these cases as lines, in this order. The caller has checked that they are within reach."""
    ids = sorted(set(case_ids))
    if not ids:
        return ()
    proceedings: dict[str, list[ProceedingRow]] = {one: [] for one in ids}
    p, a = t.proceeding.c, t.open_action.c
    for row in conn.execute(select(t.proceeding).where(p.case_id.in_(ids)).order_by(p.entered_at, p.id)):
        found = ProceedingRow(row.id, row.machine, row.key, row.state, row.kind, row.entered_at)
        proceedings[row.case_id].append(found)
    actions: dict[str, set[tuple[str, str]]] = {one: set() for one in ids}
    for row in conn.execute(select(a.case_id, a.proceeding, a.role).where(a.case_id.in_(ids), a.waits)):
        actions[row.case_id].add((row.proceeding, row.role))
    lines = {
        row.id: CaseLine(
            *row[:7],
            tuple(row.flags),
            row.locked,
            row.from_paper,
            tuple(proceedings[row.id]),
            frozenset(actions[row.id]),
        )
        for row in conn.execute(_LINE.where(t.case_file.c.id.in_(ids)))
    }
    return tuple(lines[one] for one in case_ids)


_F = t.case_file.c
_LINE = select(
    _F.id,
    _F.number,
    _F.initials,
    _F.opened_at,
    _F.last_at,
    _F.next_due_at,
    _F.next_due_name,
    _F.flags,
    _F.locked,
    _F.from_paper,
)


def find_by_number(conn: Connection, number: str) -> str | None:
    """Return the id of the case with this number, or None. For the operator of the installation, who has no office."""
    found: str | None = conn.execute(select(_F.id).where(_F.number == number).limit(1)).scalar_one_or_none()
    return found
