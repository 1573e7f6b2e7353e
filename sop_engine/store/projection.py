"""What lists and queues need to know of a case: derived from it by the service, kept here, decided nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, delete, update

from sop_engine.store import tables as t
from sop_engine.store.upsert import delete_rows, upsert
from sop_engine.vocabulary import DeadlineStatus, Duty, IssuedDocument, Participation

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProceedingRow:
    """Where one proceeding stands; ``kind`` is the kind of its state: work, wait, rest or end."""

    id: str
    machine: str
    key: str | None
    state: str
    kind: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One run of a deadline, counted from 1. ``wakes_at``: when time next changes something here, None for never."""

    proceeding: str
    name: str
    run: int
    started_at: datetime
    due_at: datetime
    status: DeadlineStatus
    role: str
    wakes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A case as the lists show it: names of the definition; of the person only what summary and initials hold."""

    office_id: str
    summary: Mapping[str, Any] | None = None
    """``{name, initials, age, language}``; None while nothing is known."""
    initials: str | None = None
    next_due_at: datetime | None = None
    next_due_name: str | None = None
    flags: tuple[str, ...] = ()
    locked: bool = False
    from_paper: bool = False
    family_group: str | None = None
    proceedings: tuple[ProceedingRow, ...] = ()
    open_actions: frozenset[tuple[str, str]] = frozenset()
    """(proceeding id, role): something waits there for the role."""
    possible_actions: frozenset[tuple[str, str]] = frozenset()
    """(proceeding id, or the ``new …`` that would start; role): the role could do something, but nothing waits for it.
    It opens the case to the role and stands in no queue."""
    deadlines: tuple[DeadlineRow, ...] = ()
    duties: tuple[Duty, ...] = ()
    documents: tuple[IssuedDocument, ...] = ()
    participations: tuple[Participation, ...] = ()
    name_keys: frozenset[str] = frozenset()
    """From `sealed.search_keys`."""


def case_columns(projection: Projection) -> Row:
    """Return what a projection says in the row of the case itself."""
    return {
        "office_id": projection.office_id,
        "summary": projection.summary,
        "initials": projection.initials,
        "next_due_at": projection.next_due_at,
        "next_due_name": projection.next_due_name,
        "flags": list(projection.flags),
        "locked": projection.locked,
        "from_paper": projection.from_paper,
        "family_group": projection.family_group,
    }


def replace_projection(conn: Connection, case_id: str, old: Projection | None, new: Projection) -> None:
    """Make the projected tables say what ``new`` says, touching only rows in which it differs from ``old``.

    Without ``old`` everything of the case is written anew, whatever stood there.
    """
    before = case_columns(old) if old else {}
    changed = {name: value for name, value in case_columns(new).items() if name not in before or before[name] != value}
    if changed:
        conn.execute(update(t.case_file).where(t.case_file.c.id == case_id), changed)
    replace_rows(conn, case_id, old, new)


def replace_rows(conn: Connection, case_id: str, old: Projection | None, new: Projection) -> None:
    """Do the part of `replace_projection` that concerns the tables beside the row of the case."""
    for table, rows_of in _ROWS.items():
        rows = rows_of(new)
        if old is None:
            conn.execute(delete(table).where(table.c.case_id == case_id))
            before: list[Row] = []
        else:
            before = rows_of(old)
        if rows == before:
            continue
        standing = {_key(table, row): row for row in before}
        wanted = {_key(table, row): row for row in rows}
        gone = [{**row, "case_id": case_id} for key, row in standing.items() if key not in wanted]
        written = [{**row, "case_id": case_id} for key, row in wanted.items() if standing.get(key) != row]
        if gone:
            delete_rows(conn, table, gone)
        if written:
            upsert(conn, table, written)


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key if column.name != "case_id")


def _fields(*names: str) -> Callable[[object], Row]:
    return lambda value: {name: getattr(value, name) for name in names}


_proceeding = _fields("id", "machine", "key", "state", "kind", "entered_at")
_deadline = _fields("proceeding", "name", "run", "started_at", "due_at", "status", "role", "wakes_at")
_duty = _fields("name", "role", "proceeding", "raised_at", "text", "done")
_document = _fields("seq", "name", "number", "proceeding", "issued_at", "issued_by")


def _open_actions(of: Projection) -> list[Row]:
    shared = {"office_id": of.office_id, "due_at": of.next_due_at}
    waiting = [{"proceeding": place, "role": role, "waits": True, **shared} for place, role in sorted(of.open_actions)]
    possible = sorted(of.possible_actions - of.open_actions)
    return waiting + [{"proceeding": place, "role": role, "waits": False, **shared} for place, role in possible]


def _participations(of: Projection) -> list[Row]:
    return [{"function": p.function, "account": p.user, "proceeding": p.proceeding} for p in of.participations]


_ROWS: Mapping[Table, Callable[[Projection], list[Row]]] = {
    t.proceeding: lambda of: [_proceeding(one) for one in of.proceedings],
    t.open_action: _open_actions,
    t.deadline: lambda of: [_deadline(one) for one in of.deadlines],
    t.duty: lambda of: [{**_duty(one), "office_id": of.office_id} for one in of.duties],
    t.document: lambda of: [_document(one) for one in of.documents],
    t.participation: _participations,
    t.name_search: lambda of: [{"key": key, "office_id": of.office_id} for key in sorted(of.name_keys)],
}
