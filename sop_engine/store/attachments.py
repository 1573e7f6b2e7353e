"""Files that were handed in with a case: kept under a random id, sealed, name and content alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from sop_engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of a file without opening it."""

    id: str
    case_id: str
    name: str
    media_type: str
    sha256: str
    size: int
    uploaded_by: str
    at: datetime


def add_attachment(conn: Connection, attachment: Attachment, content: bytes) -> None:
    """Keep a file. Its type and size were checked before."""
    a = attachment
    row: dict[str, Any] = {
        "id": a.id,
        "case_id": a.case_id,
        "name": a.name,
        "media_type": a.media_type,
        "sha256": a.sha256,
    }
    row |= {"size": a.size, "uploaded_by": a.uploaded_by, "at": a.at, "content": content}
    conn.execute(insert(t.attachment), row)


def attachments_of(conn: Connection, case_id: str) -> tuple[Attachment, ...]:
    """Return the files of a case, the oldest first, without their content."""
    wanted = _WITHOUT_CONTENT.where(t.attachment.c.case_id == case_id).order_by(t.attachment.c.at, t.attachment.c.id)
    return tuple(Attachment(*row) for row in conn.execute(wanted))


def find_attachment(conn: Connection, *, case_id: str, attachment_id: str) -> Attachment | None:
    """Return a file of this case, or None: the id of a file of another case finds nothing."""
    a = t.attachment.c
    row = conn.execute(_WITHOUT_CONTENT.where(a.case_id == case_id, a.id == attachment_id)).one_or_none()
    return None if row is None else Attachment(*row)


def load_content(conn: Connection, *, case_id: str, attachment_id: str) -> bytes | None:
    """Return the content of a file of this case, or None."""
    a = t.attachment.c
    wanted = select(a.content).where(a.case_id == case_id, a.id == attachment_id)
    found: bytes | None = conn.execute(wanted).scalar_one_or_none()
    return found


_A = t.attachment.c
_WITHOUT_CONTENT = select(_A.id, _A.case_id, _A.name, _A.media_type, _A.sha256, _A.size, _A.uploaded_by, _A.at)
