"""Which cases somebody meets in lists: part of every question about cases, so that none can forget it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from sop_engine.store import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The roles somebody holds in one office, by how far each lets them see.

    A locked case is met only by those assigned to it.
    """

    office_id: str
    account: str
    office_roles: frozenset[str] = frozenset()
    """See every case of the office."""
    docket_roles: frozenset[str] = frozenset()
    """See the cases in which something is open to the role."""
    assigned_roles: frozenset[str] = frozenset()
    """See the cases to which the person is assigned in the role."""

    @property
    def roles(self) -> frozenset[str]:
        return self.office_roles | self.docket_roles | self.assigned_roles


def can_see(conn: Connection, reach: Reach, case_id: str) -> bool:
    """Tell whether a case is within reach."""
    wanted = select(t.case_file.c.id).where(t.case_file.c.id == case_id, within(reach))
    return conn.execute(wanted).first() is not None


def within(reach: Reach) -> ColumnElement[bool]:
    """Return the condition on `case_file` that the case is within reach."""
    f = t.case_file.c
    ways = [is_assigned(reach)]
    if reach.office_roles:
        ways.append(~f.locked)
    elif reach.docket_roles:
        a = t.open_action.c
        open_to = select(a.case_id).where(a.case_id == f.id, a.role.in_(sorted(reach.docket_roles))).exists()
        ways.append(and_(~f.locked, open_to))
    return and_(f.office_id == reach.office_id, or_(*ways))


def is_assigned(reach: Reach, *roles: str) -> ColumnElement[bool]:
    """Return the condition on `case_file` that the person is assigned to it in a role they still hold."""
    a = t.assignment.c
    held = sorted(frozenset(roles) or reach.roles)
    return select(a.case_id).where(a.case_id == t.case_file.c.id, a.account == reach.account, a.role.in_(held)).exists()


def not_locked_for(reach: Reach) -> ColumnElement[bool]:
    """Return the condition on `case_file` that it is not locked, or not for this person."""
    return or_(~t.case_file.c.locked, is_assigned(reach)) if reach.roles else true() & ~t.case_file.c.locked
