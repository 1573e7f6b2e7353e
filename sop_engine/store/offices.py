"""Offices: each has its own cases, numbered by itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from sop_engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the authority; ``time_zone`` is a name of the time zone database."""

    id: str
    code: str
    name: str
    country: str
    time_zone: str


def add_office(conn: Connection, *, office_id: str, code: str, name: str, country: str, time_zone: str) -> Office:
    """Set up an office."""
    row = {"id": office_id, "code": code, "name": name, "country": country, "time_zone": time_zone}
    conn.execute(insert(t.office), row)
    return Office(**row)


def list_offices(conn: Connection) -> tuple[Office, ...]:
    """Return every office, by name."""
    return tuple(Office(*row) for row in conn.execute(_OFFICE.order_by(t.office.c.name)))


def find_office(conn: Connection, office_id: str) -> Office | None:
    """Return the office with this id, or None."""
    row = conn.execute(_OFFICE.where(t.office.c.id == office_id)).one_or_none()
    return None if row is None else Office(*row)


def find_by_code(conn: Connection, code: str) -> Office | None:
    """Return the office with this code, or None."""
    row = conn.execute(_OFFICE.where(t.office.c.code == code)).one_or_none()
    return None if row is None else Office(*row)


def next_number(conn: Connection, office_id: str) -> int:
    """Return the next case number of an office, from 1 on: no gap and no twin, since it is kept with the case."""
    return int(conn.execute(_COUNT, {"of_office": office_id}).scalar_one())


_OFFICE = select(t.office.c.id, t.office.c.code, t.office.c.name, t.office.c.country, t.office.c.time_zone)
_COUNT = (
    update(t.office)
    .where(t.office.c.id == bindparam("of_office"))
    .values(last_number=t.office.c.last_number + 1)
    .returning(t.office.c.last_number)
)
