"""A case in the store: opening it, locking it, reading its log, appending to it.

One step is: `commands.claim`, `lock_case`, the engine's decision, `append`, `commands.finish`. Office and assignment
are the caller's to check: whoever asks for a case by its id gets it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from sop_engine.store import tables as t
from sop_engine.store.chain import GENESIS, ChainedEvent, link, verify
from sop_engine.store.faults import NumberTaken, StaleCase
from sop_engine.store.projection import (
    DeadlineRow,
    ProceedingRow,
    Projection,
    case_columns,
    replace_projection,
    replace_rows,
)
from sop_engine.vocabulary import AuditEvent

__all__ = [
    "CaseHead",
    "DeadlineRow",
    "ProceedingRow",
    "Projection",
    "all_ids",
    "all_numbers",
    "append",
    "create_case",
    "ending_with",
    "find_head",
    "load_chain",
    "load_events",
    "lock_case",
    "put_under",
    "replace_projection",
    "verify_case",
    "with_machines",
]


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The row of a case: where its log stands, and what every page of it shows. Equal heads, equal cases."""

    id: str
    number: str
    office_id: str
    set_digest: str
    seq: int
    chain_head: str
    opened_at: datetime
    last_at: datetime
    summary: Mapping[str, Any] | None
    initials: str | None
    next_due_at: datetime | None
    next_due_name: str | None
    flags: tuple[str, ...]
    locked: bool
    from_paper: bool
    family_group: str | None


def create_case(
    conn: Connection,
    *,
    case_id: str,
    number: str,
    office_id: str,
    set_digest: str,
    opened_at: datetime,
    events: Sequence[AuditEvent] = (),
    projection: Projection | None = None,
) -> CaseHead:
    """Make a new case, with the first entries of its log. Its edition must have been adopted (`editions.adopt`).

    Raises NumberTaken when the office has given the number to another case.
    """
    projection = projection or Projection(office_id=office_id)
    chained = _chain(case_id, events, seq=0, chain=GENESIS)
    row = {
        **case_columns(projection),
        "id": case_id,
        "number": number,
        "office_id": office_id,
        "set_digest": set_digest,
        "seq": len(chained),
        "chain_head": chained[-1].hash if chained else GENESIS,
        "opened_at": opened_at,
        "last_at": chained[-1].event.at if chained else opened_at,
    }
    try:
        conn.execute(insert(t.case_file), row)
    except IntegrityError as error:
        if "number" not in str(error.orig):
            raise
        raise NumberTaken(f"The office has given the number {number} to another case.") from error
    if chained:
        conn.execute(insert(t.event), [_event_row(case_id, entry) for entry in chained])
    replace_rows(conn, case_id, Projection(office_id=office_id), projection)
    return CaseHead(**{**row, "flags": projection.flags})


def find_head(conn: Connection, case_id: str) -> CaseHead | None:
    """Return the row of a case as it stands, or None when there is none."""
    return _head(conn.execute(_FIND, {"case_id": case_id}).one_or_none())


def lock_case(conn: Connection, case_id: str) -> CaseHead | None:
    """Return the row of a case and let no other writer at this case until the transaction ends."""
    return _head(conn.execute(_LOCK, {"case_id": case_id}).one_or_none())


def load_events(
    conn: Connection, case_id: str, *, after_seq: int = 0, to_seq: int | None = None
) -> tuple[AuditEvent, ...]:
    """Return the log of a case in order: the entries after ``after_seq``, up to and with ``to_seq``."""
    wanted = {"case_id": case_id, "after": after_seq, "to": to_seq or _NO_END}
    return tuple(_event(row) for row in conn.execute(_EVENTS, wanted))


def load_chain(conn: Connection, case_id: str) -> tuple[ChainedEvent, ...]:
    """Return the whole log of a case with its hashes, for `chain.verify`."""
    found = conn.execute(_EVENTS, {"case_id": case_id, "after": -1, "to": _NO_END})
    return tuple(
        ChainedEvent(_event(row), row.personal[0] if row.personal else None, row.commitment, row.hash) for row in found
    )


def verify_case(conn: Connection, case_id: str) -> int | None:
    """Return the number of the first entry of the log that is not as it was written, or None when all are."""
    head = find_head(conn, case_id)
    if head is None:
        return None
    return verify(case_id, load_chain(conn, case_id), seq=head.seq, head=head.chain_head)


def all_ids(conn: Connection) -> tuple[str, ...]:
    """Return the ids of all cases, in the order of their numbers."""
    return tuple(conn.execute(select(t.case_file.c.id).order_by(t.case_file.c.number, t.case_file.c.id)).scalars())


def all_numbers(conn: Connection) -> tuple[tuple[str, str], ...]:
    """Return (id, number) of all cases."""
    return tuple((row.id, row.number) for row in conn.execute(select(t.case_file.c.id, t.case_file.c.number)))


def with_machines(conn: Connection, machines: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the cases in which one of these machines ran."""
    mine = t.proceeding.c
    wanted = select(mine.case_id).where(mine.machine.in_(sorted(machines))).distinct().order_by(mine.case_id)
    return tuple(conn.execute(wanted).scalars())


def ending_with(conn: Connection, kind: str) -> tuple[tuple[str, str, Mapping[str, Any]], ...]:
    """Return (case, number, data of the entry) of every case whose log ends with an entry of this kind."""
    c, e = t.case_file.c, t.event.c
    last = select(c.id, c.number, e.data).join(t.event, (e.case_id == c.id) & (e.seq == c.seq))
    rows = conn.execute(last.where(e.kind == kind).order_by(c.number))
    return tuple((row.id, row.number, row.data) for row in rows)


def append(
    conn: Connection,
    case_id: str,
    *,
    expected_seq: int,
    chain: str,
    events: Sequence[AuditEvent],
    old: Projection | None = None,
    new: Projection | None = None,
) -> str:
    """Append events to the log of a case, numbered on from ``expected_seq``, and bring its projection up to date.

    ``chain`` is the head of the chain at ``expected_seq``, as `lock_case` gave it; the new head is returned.
    ``old`` and ``new`` are the projections before and after: without ``new`` none is written, without ``old`` all.
    Raises StaleCase when the case went on in the meantime: then nothing was written.
    """
    if not events:
        raise ValueError("There is nothing to append: a step leaves at least one event.")
    chained = _chain(case_id, events, seq=expected_seq, chain=chain)
    last = chained[-1]
    values = {"seq": last.event.seq, "chain_head": last.hash, "last_at": last.event.at}
    if new is not None:
        before = case_columns(old) if old else {}
        values |= {k: v for k, v in case_columns(new).items() if k not in before or before[k] != v}
    stands = {"of_case": case_id, "of_seq": expected_seq, "of_chain": chain}
    if conn.execute(_ADVANCE, {**values, **stands}).rowcount != 1:
        raise StaleCase(case_id, expected_seq)
    conn.execute(insert(t.event), [_event_row(case_id, entry) for entry in chained])
    if new is not None:
        replace_rows(conn, case_id, old, new)
    return last.hash


def put_under(conn: Connection, case_id: str, *, set_digest: str) -> None:
    """Put a case under another edition, which must have been adopted. Its log says so in an entry of its own."""
    conn.execute(update(t.case_file).where(t.case_file.c.id == case_id).values(set_digest=set_digest))


def _chain(case_id: str, events: Sequence[AuditEvent], *, seq: int, chain: str) -> list[ChainedEvent]:
    chained: list[ChainedEvent] = []
    for number, event in enumerate(events, start=seq + 1):
        if event.seq != number:
            raise ValueError(f"Entry {event.seq} cannot follow entry {number - 1} of case {case_id}.")
        chained.append(link(case_id, event, chained[-1].hash if chained else chain))
    return chained


def _event_row(case_id: str, entry: ChainedEvent) -> dict[str, Any]:
    event = entry.event
    return {
        "case_id": case_id,
        "seq": event.seq,
        "kind": event.kind,
        "at": event.at,
        "by_user": event.by,
        "role": event.role,
        "proceeding": event.proceeding,
        "data": event.data,
        "personal": [entry.salt, event.personal],
        "commitment": entry.commitment,
        "hash": entry.hash,
    }


def _event(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        by=row.by_user,
        role=row.role,
        proceeding=row.proceeding,
        data=row.data,
        personal=row.personal[1] if row.personal else {},
    )


def _head(row: Row[Any] | None) -> CaseHead | None:
    return None if row is None else CaseHead(**{**row._mapping, "flags": tuple(row.flags)})


_NO_END = 2**31 - 1
_FIND = select(t.case_file).where(t.case_file.c.id == bindparam("case_id"))
_LOCK = _FIND.with_for_update()
_ADVANCE = update(t.case_file).where(
    t.case_file.c.id == bindparam("of_case"),
    t.case_file.c.seq == bindparam("of_seq"),
    # The chain as well: a case restored from a backup may stand at the same number with another past.
    t.case_file.c.chain_head == bindparam("of_chain"),
)
_EVENTS = (
    select(t.event)
    .where(
        t.event.c.case_id == bindparam("case_id"), t.event.c.seq > bindparam("after"), t.event.c.seq <= bindparam("to")
    )
    .order_by(t.event.c.seq)
)
