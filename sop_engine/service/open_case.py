"""Opening a person's file, or those of a whole boat at once: each person gets a case of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.engine.apply import apply
from sop_engine.engine.apply import open_case as open_in_engine
from sop_engine.engine.permission import acting_role, from_role, opening_roles
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.service.errors import NotFound
from sop_engine.service.numbers import case_number
from sop_engine.service.project import project
from sop_engine.service.proofs import require_proof
from sop_engine.service.service import Service
from sop_engine.service.take_step import Request, claim
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import assignments, cases, commands, offices
from sop_engine.vocabulary import Actor, Answer, AnswerStep, AuditEvent, Case, OpenProceeding, PassTime, Proceeding

MOST_AT_ONCE = 500


def open_case(
    svc: Service, reader: Reader, *, machine: str = "screening", key: str | None = None, form_token: str
) -> Outcome:
    """Open one person's file and start a procedure on it. Raises NotOffered when the reader's roles may not.

    ``key`` names one of a procedure that runs several times: somebody already in the country may enter by a referral.
    """
    return open_cases(svc, reader, machine=machine, key=key, count=1, form_token=form_token)[0]


def open_boat(
    svc: Service,
    reader: Reader,
    *,
    count: int,
    step: str,
    answers: Mapping[str, Answer],
    form_token: str,
    machine: str = "screening",
) -> tuple[Outcome, ...]:
    """Open a file for each of many people who arrived together; what is the same for all is answered once.

    All files or none. Raises InvalidAnswers when the count or an answer cannot be recorded.
    """
    return open_cases(svc, reader, machine=machine, count=count, form_token=form_token, step=step, answers=answers)


def open_cases(
    svc: Service,
    reader: Reader,
    *,
    machine: str,
    count: int,
    form_token: str,
    key: str | None = None,
    step: str | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> tuple[Outcome, ...]:
    """Open ``count`` files with the same procedure and, if given, the same answers to one step, in one transaction."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise InvalidAnswers({"count": f"Enter a number of people from 1 to {MOST_AT_ONCE}."})
    if machine not in svc.current.machines:
        raise NotFound
    require_proof(svc)
    payload = {
        "open": [machine, key],
        "office": reader.office,
        "count": count,
        "step": step,
        "answers": dict(answers or {}),
    }
    with svc.store.writing() as conn:
        earlier = claim(conn, reader, Request(None, None, form_token), payload, at=svc.clock())
        if earlier is not None:
            return tuple(
                Outcome(found["id"], found["seq"], f"Already saved: case {found['number']}.", repeated=True)
                for found in earlier.result["cases"]
            )
        opened = [_open_one(svc, conn, reader, (machine, key), step, answers or {}) for _ in range(count)]
        result = {"cases": [{"id": c.id, "seq": c.seq, "number": c.number} for c in opened]}
        commands.finish(conn, form_token, result=result, case_id=opened[0].id)
    return tuple(Outcome(c.id, c.seq, f"Case {c.number} is open.") for c in opened)


def _open_one(
    svc: Service,
    conn: Connection,
    reader: Reader,
    starts: tuple[str, str | None],
    step: str | None,
    answers: Mapping[str, Answer],
) -> Case:
    machine, key = starts
    definition = svc.current
    wording = svc.wording(definition, reader.language)
    actor = Actor(reader.user, reader.roles)
    roles = opening_roles(definition.machines[machine])
    refusals = from_role(roles, actor, wording)
    if refusals:
        raise NotOffered(refusals)
    case, events = new_case(svc, conn, reader, role=acting_role(actor, roles))
    if definition.machines[machine].name != "case" and case.newest(machine, key) is None:
        event = OpenProceeding(by=actor, at=svc.clock(), machine=machine, key=key)
        case, more = apply(definition, case, event, wording=wording)
        events += more
    if step is not None:
        place = _newest(case, machine)
        act = AnswerStep(by=actor, at=svc.clock(), proceeding=place.id, step=step, answers=dict(answers))
        case, more = apply(definition, case, act, wording=wording)
        events += more
    store_new(svc, conn, definition, case, events)
    assignments.assign(conn, case_id=case.id, account=reader.user, role=acting_role(actor, roles), at=svc.clock())
    return case


def _newest(case: Case, machine: str) -> Proceeding:
    found = case.newest(machine)
    if found is None:
        raise NotFound
    return found


def new_case(
    svc: Service, conn: Connection, reader: Reader, *, role: str, from_paper: bool = False
) -> tuple[Case, tuple[AuditEvent, ...]]:
    """Give a new file its id and number and open it in the engine; nothing of it is stored yet but the number."""
    office = offices.find_office(conn, reader.office)
    if office is None:
        raise NotFound
    now = svc.clock()
    serial = offices.next_number(conn, office.id)
    year = svc.current.calendar.local(now).year
    number = case_number(office_code=office.code, year=year, serial=serial)
    actor = Actor(reader.user, reader.roles)
    return open_in_engine(
        svc.current,
        case_id=svc.ids(),
        number=number,
        office=office.id,
        actor=actor,
        event=PassTime(by=actor, at=now),
        role=role,
        from_paper=from_paper,
    )


def store_new(
    svc: Service, conn: Connection, definition: Definition, case: Case, events: tuple[AuditEvent, ...]
) -> None:
    """Store a new case with its first entries."""
    created: Any = svc.clock() if case.opened_at is None else case.opened_at
    cases.create_case(
        conn,
        case_id=case.id,
        number=case.number,
        office_id=case.office,
        set_digest=definition.digest,
        opened_at=created,
        events=events,
        projection=project(definition, case),
    )
