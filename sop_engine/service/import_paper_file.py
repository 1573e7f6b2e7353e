"""Bringing in a file that ran on paper until now: a procedure starts where it stands, vouched for by a supervisor."""

from __future__ import annotations

from sop_engine.engine.apply import apply
from sop_engine.engine.permission import acting_role
from sop_engine.engine.taking import vouching_roles
from sop_engine.service.open_case import new_case, store_new
from sop_engine.service.proofs import require_proof
from sop_engine.service.service import Service
from sop_engine.service.take_step import Request, claim, perform
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import assignments, commands
from sop_engine.vocabulary import Actor, EnterFromPaper


def import_paper_file(
    svc: Service,
    reader: Reader,
    *,
    machine: str,
    state: str,
    key: str | None,
    reason: str,
    form_token: str,
    case_id: str | None = None,
    seq: int | None = None,
) -> Outcome:
    """Enter a procedure of a paper file at its present state: on a new case, or on one that is already here.

    ``reason`` says who vouches for the earlier steps and where the paper lies. Raises NotOffered, InvalidAnswers.
    """
    payload = {"paper": [machine, state, key], "reason": reason, "case": case_id}
    if case_id is not None:
        return perform(
            svc,
            reader,
            Request(case_id, seq, form_token),
            payload,
            lambda by, at: EnterFromPaper(by=by, at=at, machine=machine, state=state, key=key, reason=reason),
            message="Entered from the paper file.",
        )
    require_proof(svc)
    with svc.store.writing() as conn:
        earlier = claim(conn, reader, Request(None, None, form_token), payload, at=svc.clock())
        if earlier is not None:
            return Outcome(earlier.case_id or "", earlier.result["seq"], "Already saved.", repeated=True)
        actor = Actor(reader.user, reader.roles)
        role = acting_role(actor, vouching_roles(svc.current))
        case, events = new_case(svc, conn, reader, role=role, from_paper=True)
        event = EnterFromPaper(by=actor, at=svc.clock(), machine=machine, state=state, key=key, reason=reason)
        wording = svc.wording(svc.current, reader.language)
        case, more = apply(svc.current, case, event, wording=wording)
        store_new(svc, conn, svc.current, case, events + more)
        assignments.assign(conn, case_id=case.id, account=reader.user, role=role, at=svc.clock())
        commands.finish(conn, form_token, result={"seq": case.seq}, case_id=case.id)
    return Outcome(case.id, case.seq, f"Case {case.number} is entered from its paper file.")
