"""Drafts: what an officer typed and has not confirmed. Kept for that officer alone, outside the case's log."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.service import access
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import drafts as stored
from sop_engine.vocabulary import Answer


def save_draft(
    svc: Service, reader: Reader, case_id: str, *, proceeding: str, step: str, answers: Mapping[str, Answer]
) -> None:
    """Keep what was typed so far; a later call replaces it. Raises NotFound."""
    with svc.store.writing() as conn:
        access.find(conn, svc.current, reader, case_id)
        stored.save_draft(
            conn,
            account=reader.user,
            case_id=case_id,
            proceeding=proceeding,
            step=step,
            answers=dict(answers),
            at=svc.clock(),
        )


def discard_draft(svc: Service, reader: Reader, case_id: str, *, proceeding: str, step: str) -> None:
    """Throw a draft away."""
    with svc.store.writing() as conn:
        stored.discard_draft(conn, account=reader.user, case_id=case_id, proceeding=proceeding, step=step)
