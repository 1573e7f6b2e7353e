"""The sweep: deadlines that fell due expire, one transaction a case. Safe to run twice, at once, or late."""

from __future__ import annotations

import logging

from sop_engine.engine.apply import apply
from sop_engine.service.service import Service
from sop_engine.service.take_step import append
from sop_engine.store import cases, queues
from sop_engine.vocabulary import THE_SYSTEM, PassTime

BATCH = 200
_log = logging.getLogger(__name__)


def sweep(svc: Service) -> int:
    """Let everything that fell due by now happen; return how many cases changed."""
    with svc.store.reading() as conn:
        due = queues.cases_to_wake(conn, now=svc.clock(), limit=BATCH)
    return sum(_wake_alone(svc, case_id) for case_id in due)


def _wake_alone(svc: Service, case_id: str) -> bool:
    """Wake one case. What goes wrong in it stays in it: no case waits because another one cannot go on."""
    try:
        return wake(svc, case_id)
    except Exception as error:
        # Neither the message nor the traceback: they may quote the case.
        _log.error("The deadlines of case %s could not be swept: %s.", case_id, type(error).__name__)
        return False


def wake(svc: Service, case_id: str) -> bool:
    """Let everything in one case that fell due by now happen; return whether it changed."""
    with svc.store.writing() as conn:
        head = cases.lock_case(conn, case_id)
        if head is None:
            return False
        definition = svc.definition(conn, head.set_digest)
        case = svc.load(conn, head)
        changed, events = apply(definition, case, PassTime(by=THE_SYSTEM, at=svc.clock()))
        if not events:
            return False
        chain = append(conn, definition, head, case, changed, events)
    svc.keep(case_id, chain, changed)
    return True
