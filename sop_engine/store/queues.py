"""Lists of cases: what waits for somebody, what falls due, what is searched for.

Queues go on from a place (`Place`), which costs the same at any depth; counts stop at a thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, func, literal, or_, select, union

from sop_engine.store import tables as t
from sop_engine.store.column_types import DueInstant
from sop_engine.store.lines import CaseLine, Place, lines_of
from sop_engine.store.reach import Reach, is_assigned, not_locked_for, within
from sop_engine.store.sealed import search_keys

COUNTED_TO = 1000
Sort: TypeAlias = Literal["due", "opened", "newest", "number"]


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty, and the case in which it was raised."""

    name: str
    role: str
    proceeding: str
    raised_at: datetime
    text: str
    line: CaseLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; a filter left as it is narrows nothing."""

    number: str = ""
    """The beginning of the case number."""
    machine: str | None = None
    state: str | None = None
    open_to_role: str | None = None
    due_before: datetime | None = None
    flag: str | None = None
    assigned_to: str | None = None
    unassigned: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``total`` stops at `COUNTED_TO`; then ``is_more`` says that there are more."""

    lines: tuple[CaseLine, ...]
    total: int
    is_more: bool
    page: int
    pages: int


def waiting(conn: Connection, reach: Reach, *, limit: int = 50, after: Place | None = None) -> tuple[CaseLine, ...]:
    """Return the cases in which something is open to one of the person's roles, the soonest due first."""
    queues = [_queue(reach, role, after).limit(limit).subquery() for role in sorted(reach.roles)]
    if not queues:
        return ()
    # One walk along the index for each role; a case that is open to two of them comes once.
    merged = union(*(select(queue) for queue in queues)).subquery()
    wanted = select(merged.c.case_id).order_by(merged.c.due_at, merged.c.case_id).limit(limit)
    return lines_of(conn, conn.execute(wanted).scalars().all())


def count_waiting(conn: Connection, reach: Reach) -> int:
    """Return how many cases wait for the person, counted to `COUNTED_TO`."""
    queues = [_queue(reach, role, None).limit(COUNTED_TO).subquery() for role in sorted(reach.roles)]
    if not queues:
        return 0
    merged = union(*(select(queue.c.case_id) for queue in queues)).subquery()
    return min(COUNTED_TO, int(conn.execute(select(func.count()).select_from(merged)).scalar_one()))


def falling_due(
    conn: Connection,
    reach: Reach,
    *,
    before: datetime | None = None,
    limit: int = 50,
    after: Place | None = None,
) -> tuple[CaseLine, ...]:
    """Return the cases within reach that have a date, the soonest first, and only those before an instant if given."""
    f = t.case_file.c
    until = f.next_due_at < literal(before, DueInstant())
    wanted = select(f.id).where(within(reach), until).order_by(f.next_due_at, f.id).limit(limit)
    if after is not None:
        wanted = wanted.where(_after(f.next_due_at, f.id, after))
    return lines_of(conn, conn.execute(wanted).scalars().all())


def open_duties(conn: Connection, reach: Reach, *, limit: int = 50) -> tuple[DutyLine, ...]:
    """Return the duties of the person's roles that are not done, the oldest first."""
    d, f = t.duty.c, t.case_file.c
    everywhere = sorted(reach.office_roles | reach.docket_roles)
    mine = or_(
        and_(d.role.in_(everywhere), not_locked_for(reach)),
        *(and_(d.role == role, is_assigned(reach, role)) for role in sorted(reach.assigned_roles)),
    )
    wanted = (
        select(d.case_id, d.name, d.role, d.proceeding, d.raised_at, d.text)
        .join_from(t.duty, t.case_file, f.id == d.case_id)
        .where(d.office_id == reach.office_id, ~d.done, d.role.in_(sorted(reach.roles)), mine)
        .order_by(d.raised_at, d.case_id, d.name)
        .limit(limit)
    )
    rows = conn.execute(wanted).all()
    lines = {line.case_id: line for line in lines_of(conn, [row.case_id for row in rows])}
    return tuple(DutyLine(r.name, r.role, r.proceeding, r.raised_at, r.text, lines[r.case_id]) for r in rows)


def count_in_states(conn: Connection, *, machine: str, states: Collection[str], apart_from: str) -> int:
    """Return how many other cases, of whatever office, have a proceeding of a machine in one of these states."""
    mine = t.proceeding.c
    wanted = (mine.machine == machine, mine.state.in_(sorted(states)), mine.case_id != apart_from)
    return int(conn.execute(select(func.count(mine.case_id.distinct())).where(*wanted)).scalar_one())


def list_cases(
    conn: Connection,
    reach: Reach,
    *,
    filters: Filters = Filters(),
    sort: Sort = "due",
    page: int = 1,
    page_size: int = 50,
) -> Page:
    """Return one page of the cases within reach. No page lies beyond `COUNTED_TO`: further down, narrow the list."""
    conditions = (within(reach), *_narrowed(filters))
    counted = select(literal(1)).select_from(t.case_file).where(*conditions).limit(COUNTED_TO + 1).subquery()
    found = int(conn.execute(select(func.count()).select_from(counted)).scalar_one())
    total = min(found, COUNTED_TO)
    pages = max(1, -(-total // page_size))
    page = min(max(page, 1), pages)
    wanted = select(t.case_file.c.id).where(*conditions).order_by(*_ORDERS[sort])
    ids = conn.execute(wanted.limit(min(page_size, COUNTED_TO)).offset((page - 1) * page_size)).scalars().all()
    return Page(lines_of(conn, ids), total, found > COUNTED_TO, page, pages)


def find_by_name(conn: Connection, reach: Reach, name: str, *, limit: int = 20) -> tuple[CaseLine, ...]:
    """Return the cases within reach whose person has every word of this name. The caller logs the search."""
    keys = sorted(search_keys(name, reach.office_id))
    if not keys:
        return ()
    n, f = t.name_search.c, t.case_file.c
    wanted = (
        select(n.case_id)
        .join_from(t.name_search, t.case_file, f.id == n.case_id)
        .where(n.office_id == reach.office_id, n.key.in_(keys), within(reach))
        .group_by(n.case_id)
        .having(func.count() == len(keys))
        .order_by(n.case_id)
        .limit(limit)
    )
    return lines_of(conn, conn.execute(wanted).scalars().all())


def family_of(conn: Connection, reach: Reach, family_group: str) -> tuple[CaseLine, ...]:
    """Return the cases of a family that are within reach, by number."""
    f = t.case_file.c
    wanted = select(f.id).where(f.family_group == family_group, within(reach)).order_by(f.number)
    return lines_of(conn, conn.execute(wanted).scalars().all())


def cases_to_wake(conn: Connection, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
    """Return cases of any office in which the passing of time has something to change, the most overdue first."""
    d = t.deadline.c
    wanted = select(d.case_id).where(d.wakes_at <= now).group_by(d.case_id).order_by(func.min(d.wakes_at), d.case_id)
    return tuple(conn.execute(wanted.limit(limit)).scalars())


def _queue(reach: Reach, role: str, after: Place | None) -> Select[Any]:
    a, f = t.open_action.c, t.case_file.c
    everywhere = role in reach.office_roles or role in reach.docket_roles
    wanted = (
        select(a.due_at, a.case_id)
        .join_from(t.open_action, t.case_file, f.id == a.case_id)
        .where(a.office_id == reach.office_id, a.role == role, a.waits)
        .where(not_locked_for(reach) if everywhere else is_assigned(reach, role))
        .group_by(a.due_at, a.case_id)
        .order_by(a.due_at, a.case_id)
    )
    return wanted if after is None else wanted.where(_after(a.due_at, a.case_id, after))


def _after(due_at: ColumnElement[Any], case_id: ColumnElement[str], place: Place) -> ColumnElement[bool]:
    due = literal(place[0], DueInstant())
    # Said twice on purpose: the first part is what an index can walk from.
    return and_(due_at >= due, or_(due_at > due, case_id > place[1]))


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    f, p, a, s = t.case_file.c, t.proceeding.c, t.open_action.c, t.assignment.c
    narrowed: list[ColumnElement[bool]] = []
    if filters.number:
        narrowed.append(f.number.startswith(filters.number, autoescape=True))
    if filters.machine is not None:
        at_state = [p.state == filters.state] if filters.state is not None else []
        narrowed.append(select(p.case_id).where(p.case_id == f.id, p.machine == filters.machine, *at_state).exists())
    if filters.open_to_role is not None:
        narrowed.append(select(a.case_id).where(a.case_id == f.id, a.role == filters.open_to_role, a.waits).exists())
    if filters.due_before is not None:
        narrowed.append(f.next_due_at < filters.due_before)
    if filters.flag is not None:
        quoted = f'"{filters.flag}"'
        narrowed.append(f.flags.cast(Text).contains(quoted, autoescape=True))
    if filters.assigned_to is not None:
        narrowed.append(select(s.case_id).where(s.case_id == f.id, s.account == filters.assigned_to).exists())
    if filters.unassigned:
        narrowed.append(~select(s.case_id).where(s.case_id == f.id).exists())
    if filters.opened_from is not None:
        narrowed.append(f.opened_at >= filters.opened_from)
    if filters.opened_before is not None:
        narrowed.append(f.opened_at < filters.opened_before)
    return narrowed


_F = t.case_file.c
_ORDERS: Mapping[Sort, tuple[ColumnElement[Any], ...]] = {
    "due": (_F.next_due_at, _F.id),
    "opened": (_F.opened_at, _F.id),
    "newest": (_F.opened_at.desc(), _F.id.desc()),
    "number": (_F.number,),
}
