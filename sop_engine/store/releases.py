"""Editions on their way into force: drafted by one person, released by another, in force from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from sop_engine.store import tables as t
from sop_engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Release:
    """One edition as it was drafted, and released if it was."""

    digest: str
    profile: str
    effective_on: str
    note: str
    drafted_by: str
    drafted_at: datetime
    released_by: str | None
    released_at: datetime | None


def draft(conn: Connection, *, digest: str, profile: str, effective_on: str, note: str, by: str, at: datetime) -> bool:
    """Note a draft; return False when this very text was drafted before (nothing changes then)."""
    row = {
        "digest": digest,
        "profile": profile,
        "effective_on": effective_on,
        "note": note,
        "drafted_by": by,
        "drafted_at": at,
        "released_by": None,
        "released_at": None,
    }
    return insert_new(conn, t.edition_release, row)


def release(conn: Connection, *, digest: str, by: str, at: datetime) -> bool:
    """Release a draft; return False when it was released before, or never drafted, or drafted by the same person."""
    mine = t.edition_release.c
    waiting = (mine.digest == digest, mine.released_by.is_(None), mine.drafted_by != by)
    return conn.execute(update(t.edition_release).where(*waiting).values(released_by=by, released_at=at)).rowcount == 1


def find(conn: Connection, digest: str) -> Release | None:
    """Return the release of an edition, by its digest or the beginning of it, or None (also when several begin so)."""
    found = conn.execute(_ALL.where(t.edition_release.c.digest.startswith(digest, autoescape=True))).all()
    return Release(*found[0]) if len(found) == 1 else None


def all_of(conn: Connection) -> tuple[Release, ...]:
    """Return every draft and release, the latest effective day first."""
    newest = (t.edition_release.c.effective_on.desc(), t.edition_release.c.drafted_at.desc())
    return tuple(Release(*row) for row in conn.execute(_ALL.order_by(*newest)))


def in_force(conn: Connection, *, profile: str, day: str) -> str | None:
    """Return the digest of the released edition in force on a day (year-month-day), or None when there is none."""
    mine = t.edition_release.c
    wanted = (mine.profile == profile, mine.released_at.is_not(None), mine.effective_on <= day)
    newest = select(mine.digest).where(*wanted).order_by(mine.effective_on.desc(), mine.released_at.desc()).limit(1)
    return conn.execute(newest).scalar_one_or_none()


_ALL = select(
    t.edition_release.c.digest,
    t.edition_release.c.profile,
    t.edition_release.c.effective_on,
    t.edition_release.c.note,
    t.edition_release.c.drafted_by,
    t.edition_release.c.drafted_at,
    t.edition_release.c.released_by,
    t.edition_release.c.released_at,
)
