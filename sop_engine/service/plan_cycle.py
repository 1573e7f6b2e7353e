"""Planning a quality cycle: a file of the service is opened for it, which is about nobody, and the cycle begins."""

from __future__ import annotations

from sop_engine.engine.apply import apply
from sop_engine.engine.permission import from_role
from sop_engine.engine.refusals import NotOffered
from sop_engine.service.open_case import new_case, store_new
from sop_engine.service.quality_sample import CYCLE, QUALITY_LEAD
from sop_engine.service.service import Service
from sop_engine.service.take_step import Request, claim
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import assignments, commands
from sop_engine.vocabulary import Actor, TakeTransition


def plan_cycle(svc: Service, reader: Reader, *, form_token: str) -> Outcome:
    """Open a file of the service and begin a cycle on it. Raises NotOffered for anybody but the lead."""
    wording = svc.wording(svc.current, reader.language)
    actor = Actor(reader.user, reader.roles)
    refusals = from_role(frozenset({QUALITY_LEAD}), actor, wording)
    if refusals:
        raise NotOffered(refusals)
    payload = {"open": [CYCLE, None], "office": reader.office}
    with svc.store.writing() as conn:
        earlier = claim(conn, reader, Request(None, None, form_token), payload, at=svc.clock())
        if earlier is not None:
            found = earlier.result["cases"][0]
            return Outcome(found["id"], found["seq"], f"Already saved: case {found['number']}.", repeated=True)
        case, events = new_case(svc, conn, reader, role=QUALITY_LEAD)
        begins = TakeTransition(by=actor, at=svc.clock(), proceeding=f"new {CYCLE}", transition="plan")
        case, more = apply(svc.current, case, begins, wording=wording)
        store_new(svc, conn, svc.current, case, events + more)
        assignments.assign(conn, case_id=case.id, account=reader.user, role=QUALITY_LEAD, at=svc.clock())
        result = {"cases": [{"id": case.id, "seq": case.seq, "number": case.number}]}
        commands.finish(conn, form_token, result=result, case_id=case.id)
    return Outcome(case.id, case.seq, f"Case {case.number} is open.")
