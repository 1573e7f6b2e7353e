"""Editions: every definition set that was ever in force, stored by the digest of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sop_engine.store import tables as t
from sop_engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Edition:
    """A set as it was adopted, without its files."""

    digest: str
    title: str
    adopted_at: datetime


def adopt(conn: Connection, *, digest: str, title: str, files: Mapping[str, str], at: datetime) -> bool:
    """Store a set, path → text of each file; return False when it was stored before (nothing changes then)."""
    return insert_new(conn, t.edition, {"digest": digest, "title": title, "files": files, "adopted_at": at})


def load_files(conn: Connection, digest: str) -> dict[str, str] | None:
    """Return the files of the set with this digest, or None when it was never adopted."""
    found: dict[str, str] | None = conn.execute(
        select(t.edition.c.files).where(t.edition.c.digest == digest)
    ).scalar_one_or_none()
    return found


def list_editions(conn: Connection) -> tuple[Edition, ...]:
    """Return every edition, the newest first."""
    columns = (t.edition.c.digest, t.edition.c.title, t.edition.c.adopted_at)
    newest_first = (t.edition.c.adopted_at.desc(), t.edition.c.digest)
    return tuple(Edition(*row) for row in conn.execute(select(*columns).order_by(*newest_first)))
