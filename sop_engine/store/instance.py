"""What kind of instance a database belongs to: real, demonstration or training sandbox. Written once, for good."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, insert, inspect, select

from sop_engine.store import tables as t
from sop_engine.store.training_tables import instance

Kind: TypeAlias = Literal["real", "demonstration", "training"]
KINDS: tuple[Kind, ...] = ("real", "demonstration", "training")


def kind_of(conn: Connection) -> str | None:
    """Return the kind of the instance, or None when the database says none: it is new, or older than the mark."""
    if not inspect(conn).has_table(instance.name):
        return None
    return conn.execute(select(instance.c.kind)).scalars().first()


def is_used(conn: Connection) -> bool:
    """Say whether the database holds tables of ours with an office or an account, made before it was marked."""
    if not inspect(conn).has_table(t.office.name):
        return False
    has_office = conn.execute(select(t.office.c.id).limit(1)).first() is not None
    return has_office or conn.execute(select(t.account.c.id).limit(1)).first() is not None


def mark(conn: Connection, *, kind: Kind, instance_id: str, at: datetime) -> None:
    """Write down what kind of instance this is. Once: a second mark is never written."""
    if kind_of(conn) is None:
        conn.execute(insert(instance), {"id": instance_id, "kind": kind, "made_at": at})
