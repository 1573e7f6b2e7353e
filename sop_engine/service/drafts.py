"""Drafts: what an officer typed and has not confirmed. Kept for that officer alone, outside the case's log."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.model import Definition
from sop_engine.service import access
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import drafts as stored
from sop_engine.vocabulary import Answer, Case


def save_draft(
    svc: Service, reader: Reader, case_id: str, *, proceeding: str, step: str, answers: Mapping[str, Answer]
) -> None:
    """Keep what was typed so far; a later call replaces it. Raises NotFound."""
    with svc.store.writing() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        if not _is_place(svc.definition(conn, head.set_digest), svc.load(conn, head), proceeding, step):
            raise NotFound
        stored.save_draft(
            conn,
            account=reader.user,
            case_id=case_id,
            proceeding=proceeding,
            step=step,
            answers=dict(answers),
            at=svc.clock(),
        )


def _is_place(definition: Definition, case: Case, proceeding: str, step: str) -> bool:
    """Say whether a step, or ``do …`` an act that asks one, belongs to this proceeding or to one that may start."""
    words = proceeding.split(" ")
    found = next((p.machine for p in case.proceedings if p.id == proceeding), None)
    machine = definition.machines.get(found or (words[1] if words[0] == "new" and len(words) > 1 else ""))
    if machine is None:
        return False
    return step.removeprefix("do ") in machine.transitions if step.startswith("do ") else step in machine.steps


def discard_draft(svc: Service, reader: Reader, case_id: str, *, proceeding: str, step: str) -> None:
    """Throw a draft away."""
    with svc.store.writing() as conn:
        stored.discard_draft(conn, account=reader.user, case_id=case_id, proceeding=proceeding, step=step)
