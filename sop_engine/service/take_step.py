"""One step = one transaction: claim the form's token, lock the case, decide, append, bring the lists up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.engine.apply import apply
from sop_engine.service import access
from sop_engine.service.count_files import refuse_too_few
from sop_engine.service.errors import InvalidAnswers, NotOffered, Refusal, Stale
from sop_engine.service.project import project
from sop_engine.service.service import Service
from sop_engine.service.timeline import timeline
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import assignments, cases, commands, drafts
from sop_engine.store.cases import CaseHead
from sop_engine.store.chain import NotCanonical
from sop_engine.vocabulary import (
    SYSTEM,
    Actor,
    Answer,
    AnswerStep,
    AuditEvent,
    Case,
    CorrectAnswer,
    Event,
    FinishDuty,
    IssueDocument,
    OpenProceeding,
    Rectify,
    TakeTransition,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What an officer sent: on which case, as it stood when they saw it, under which form token."""

    case_id: str | None
    """None for a case that the act opens."""
    seq: int | None
    """The entry the case stood at when the page was made; None for what may be recorded whatever happened meanwhile."""
    form_token: str


def answer_step(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    step: str,
    answers: Mapping[str, Answer],
    seq: int | None,
    form_token: str,
) -> Outcome:
    """Record the answers of a step. Raises NotFound, NotOffered, InvalidAnswers, Stale, OtherPayload."""
    payload = {"answer": [proceeding, step], "answers": dict(answers)}

    def after(conn: Connection) -> None:
        drafts.discard_draft(conn, account=reader.user, case_id=case_id, proceeding=proceeding, step=step)

    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        payload,
        lambda by, at: AnswerStep(by=by, at=at, proceeding=proceeding, step=step, answers=dict(answers)),
        message="Saved.",
        after=after,
    )


def take_transition(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    transition: str,
    answers: Mapping[str, Answer] | None = None,
    seq: int | None,
    form_token: str,
) -> Outcome:
    """Take a transition. Raises NotFound, NotOffered, InvalidAnswers, Stale, OtherPayload."""
    given = dict(answers or {})
    payload = {"take": [proceeding, transition], "answers": given}

    def after(conn: Connection) -> None:
        drafts.discard_draft(conn, account=reader.user, case_id=case_id, proceeding=proceeding, step=f"do {transition}")

    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        payload,
        lambda by, at: TakeTransition(by=by, at=at, proceeding=proceeding, transition=transition, answers=given),
        message="Done.",
        after=after,
    )


def open_proceeding(
    svc: Service, reader: Reader, case_id: str, *, machine: str, key: str | None, seq: int | None, form_token: str
) -> Outcome:
    """Start a procedure on a case by hand."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"open": [machine, key]},
        lambda by, at: OpenProceeding(by=by, at=at, machine=machine, key=key),
        message="Opened.",
    )


def correct_answer(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    step: str,
    question: str,
    answer: Answer,
    reason: str,
    seq: int | None,
    form_token: str,
) -> Outcome:
    """Correct a sealed answer with a reason; the original stays beside it."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"correct": [proceeding, step, question], "answer": answer, "reason": reason},
        lambda by, at: CorrectAnswer(
            by=by, at=at, proceeding=proceeding, step=step, question=question, answer=answer, reason=reason
        ),
        message="Corrected. The original stays on file.",
    )


def rectify(
    svc: Service, reader: Reader, case_id: str, *, proceeding: str, reason: str, seq: int | None, form_token: str
) -> Outcome:
    """Take the last transition of a proceeding back as a mis-click of another officer."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"rectify": proceeding, "reason": reason},
        lambda by, at: Rectify(by=by, at=at, proceeding=proceeding, reason=reason),
        message="Taken back.",
    )


def issue_again(
    svc: Service, reader: Reader, case_id: str, *, proceeding: str, document: str, seq: int | None, form_token: str
) -> Outcome:
    """Issue a document again that was issued before."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"issue": [proceeding, document]},
        lambda by, at: IssueDocument(by=by, at=at, proceeding=proceeding, document=document),
        message="Issued.",
    )


def finish_duty(svc: Service, reader: Reader, case_id: str, *, duty: str, seq: int | None, form_token: str) -> Outcome:
    """Strike a duty that was done."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"duty": duty},
        lambda by, at: FinishDuty(by=by, at=at, duty=duty),
        message="Done.",
    )


def perform(
    svc: Service,
    reader: Reader,
    request: Request,
    payload: Mapping[str, Any],
    event_of: Callable[[Actor, Any], Event],
    *,
    message: str,
    after: Callable[[Connection], None] | None = None,
) -> Outcome:
    """Do one act on a case in one transaction; the same token gives the first result again.

    Raises NotFound (also for what the reader may not know), Stale, and what the engine refuses with.
    """
    actor = Actor(reader.user, reader.roles)
    case_id = request.case_id or ""
    if svc.hold:
        raise NotOffered((Refusal("state", svc.hold),))
    try:
        return _perform(svc, reader, actor, request, case_id, payload, event_of, message, after)
    except _Refused as refused:
        if svc.refused is not None:
            svc.refused(case_id, refused.event, refused.reason)
        raise refused.reason from None


class _Refused(Exception):
    """The engine refused an act; carried out of the transaction, in which nothing may be kept of it."""

    def __init__(self, event: Event, reason: NotOffered | InvalidAnswers) -> None:
        super().__init__()
        self.event = event
        self.reason = reason


def _perform(
    svc: Service,
    reader: Reader,
    actor: Actor,
    request: Request,
    case_id: str,
    payload: Mapping[str, Any],
    event_of: Callable[[Actor, Any], Event],
    message: str,
    after: Callable[[Connection], None] | None,
) -> Outcome:
    with svc.store.writing() as conn:
        now = svc.clock()
        earlier = claim(conn, reader, request, payload, at=now)
        if earlier is not None:
            at = earlier.result.get("saved_at", "")
            return Outcome(case_id, earlier.result["seq"], f"Already saved at {at} UTC.", repeated=True)
        head = access.find(conn, svc.current, reader, case_id, lock=True)
        definition = svc.definition(conn, head.set_digest)
        case = svc.load(conn, head)
        # The log goes forward: the clocks of two machines differ, and no time may be counted backwards.
        event = event_of(actor, max(now, head.last_at))
        if request.seq is not None and request.seq != head.seq and not _is_fact(definition, case, event):
            refuse_stale(svc, conn, reader, definition, head, request.seq)
        try:
            _count(svc, conn, reader, definition, case, event)
            changed, events = apply(definition, case, event, wording=svc.wording(definition, reader.language))
        except (NotOffered, InvalidAnswers) as reason:
            raise _Refused(event, reason) from None
        chain = append(conn, definition, head, case, changed, events) if events else head.chain_head
        if events:
            assign_actor(conn, events, changed)
        if after is not None:
            after(conn)
        result = {"seq": changed.seq, "saved_at": f"{now:%H:%M}"}
        commands.finish(conn, request.form_token, result=result, case_id=case_id)
    svc.keep(case_id, chain, changed)
    opened = tuple(e.proceeding for e in events if e.kind == "ProceedingOpened")
    return Outcome(case_id, changed.seq, message, opened=opened)


def _count(svc: Service, conn: Connection, reader: Reader, definition: Definition, case: Case, event: Event) -> None:
    """Refuse a number over many files that is below what the files say. Raises InvalidAnswers."""
    if not isinstance(event, AnswerStep | TakeTransition) or not event.answers:
        return
    machine = _machine_of(case, event.proceeding)
    step = event.step if isinstance(event, AnswerStep) else _asked_by(definition, machine, event.transition)
    wording = svc.wording(definition, reader.language)
    refuse_too_few(conn, definition, machine, step, event.answers, case_id=case.id, wording=wording)


def _machine_of(case: Case, proceeding: str) -> str:
    found = next((p.machine for p in case.proceedings if p.id == proceeding), None)
    return found or proceeding.removeprefix("new ").split(" ")[0]


def _asked_by(definition: Definition, machine: str, transition: str) -> str:
    declared = definition.machines.get(machine)
    found = declared.transitions.get(transition) if declared else None
    return found.asks or "" if found else ""


def claim(
    conn: Connection, reader: Reader, request: Request, payload: Mapping[str, Any], *, at: datetime
) -> commands.Earlier | None:
    """Take the form's token for this act on this case; return the earlier act if it was taken. Raises OtherPayload."""
    # The case belongs to what the form said: the same words on another case are another act.
    said = {**payload, "case": request.case_id}
    try:
        return commands.claim(
            conn, request.form_token, payload=said, account=reader.user, at=at, case_id=request.case_id
        )
    except NotCanonical:
        raise InvalidAnswers({"answers": "Remove the characters that cannot be printed."}) from None


def append(
    conn: Connection, definition: Definition, head: CaseHead, case: Case, changed: Case, events: tuple[AuditEvent, ...]
) -> str:
    """Append the entries of one step and bring the lists up to date. Returns the new head of the chain."""
    return cases.append(
        conn,
        head.id,
        expected_seq=head.seq,
        chain=head.chain_head,
        events=events,
        old=project(definition, case),
        new=project(definition, changed),
    )


def assign_actor(conn: Connection, events: tuple[AuditEvent, ...], case: Case) -> None:
    """Whoever acts on a case works on it from then on, in the role they acted in."""
    for event in events:
        if event.by != SYSTEM and event.role:
            assignments.assign(conn, case_id=case.id, account=event.by, role=event.role, at=event.at)
            return


def _is_fact(definition: Definition, case: Case, event: Event) -> bool:
    """A fact about the person is recorded whatever else happened meanwhile."""
    if not isinstance(event, TakeTransition):
        return False
    declared = definition.machines.get(_machine_of(case, event.proceeding))
    transition = declared.transitions.get(event.transition) if declared else None
    return transition is not None and transition.is_fact


def refuse_stale(
    svc: Service, conn: Connection, reader: Reader, definition: Definition, head: CaseHead, seq: int
) -> None:
    """Raise Stale when somebody else acted since entry ``seq``; what the clock alone did is no reason to refuse."""
    events = cases.load_events(conn, head.id, after_seq=seq)
    if any(event.by not in (SYSTEM, reader.user) for event in events) or seq > head.seq:
        raise Stale(timeline(svc, conn, reader, definition, events))
