"""The heart: one step of a case, decided and written down. Pure from outside: the case goes in, a new one comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sop_engine.definition.model import Definition, Safeguard
from sop_engine.engine import answering, deadlines, monitors, rectifying, sitting, taking
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.moves import issue_all, open_proceeding
from sop_engine.engine.refusals import Refusal, SafeguardViolated
from sop_engine.engine.settle import settle
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import (
    CASE_MACHINE,
    Actor,
    AnswerStep,
    AttendPanel,
    AuditEvent,
    Case,
    CorrectAnswer,
    EnterFromPaper,
    Event,
    FinishDuty,
    IssueDocument,
    JoinFamily,
    OpenFile,
    OpenProceeding,
    PassTime,
    Rectify,
    Recuse,
    TakeTransition,
    Vote,
)


def apply(
    definition: Definition, case: Case, event: Event, *, wording: Wording | None = None
) -> tuple[Case, tuple[AuditEvent, ...]]:
    """Take one step of a procedure.

    Pure: reads no clock, file, database or locale; ``event.at`` is the UTC instant it happened. Deadlines that fell due
    before it expire first; what follows by itself follows in the same step.
    Raises NotOffered, whose ``reasons`` are sentences an officer can act on, and InvalidAnswers, which names each
    answer to mend. Either way nothing happened.
    """
    words = wording or Wording(definition)
    ledger = Ledger(definition, case, event.at)
    _let_time_pass(ledger)
    if not isinstance(event, PassTime):
        # A settled case breaks exactly what its alarms say, so without alarms nothing has to be read twice.
        before = {s.qualified: where for s, where in _broken(ledger)} if ledger.case.alarms else {}
        is_decision = _DECIDERS[type(event)](ledger, event, words)
        settle(ledger)
        found = _broken(ledger)
        fresh = tuple(s for s, where in found if where - before.get(s.qualified, frozenset()))
        if is_decision and fresh:
            raise SafeguardViolated(tuple(_refusal(safeguard, words) for safeguard in fresh))
        monitors.raise_alarms(ledger, found)
    issue_all(ledger)
    return ledger.case, tuple(ledger.events)


def _let_time_pass(ledger: Ledger) -> None:
    """Let what fell due expire, with all that follows: nobody's decision answers for what the clock did before it.

    Each takes effect at its own instant, in order, so that a sweep that comes late changes no length of time.
    """
    now = ledger.at
    while (instant := deadlines.next_instant(ledger.definition, ledger.case)) is not None and instant <= now:
        # No entry is dated before the one it follows, even where a date on file says so.
        ledger.at = max(instant, ledger.case.last_at or instant)
        if not deadlines.expire(ledger):
            break
        settle(ledger)
        monitors.raise_alarms(ledger, _broken(ledger))
    ledger.at = now


def _broken(ledger: Ledger) -> tuple[monitors.Broken, ...]:
    return monitors.broken(ledger.definition, ledger.case, ledger.reading())


def _refusal(safeguard: Safeguard, words: Wording) -> Refusal:
    text = words.say("Safeguard: {rule}").format(rule=words.say(safeguard.says))
    return Refusal("safeguard", text, safeguard.source)


def open_case(
    definition: Definition,
    *,
    case_id: str,
    number: str,
    office: str,
    actor: Actor,
    event: PassTime,
    role: str,
    from_paper: bool = False,
) -> tuple[Case, tuple[AuditEvent, ...]]:
    """Open a person's file: the case's own machine starts, and with it all that opens by itself."""
    ledger = Ledger(definition, Case(case_id, definition.digest, office), event.at)
    data = {
        "number": number,
        "office": office,
        "set_digest": definition.digest,
        **({"from_paper": True} if from_paper else {}),
    }
    ledger.record("CaseOpened", by=actor, role=role, data=data)
    open_proceeding(
        ledger, CASE_MACHINE, key=None, state=definition.machines[CASE_MACHINE].starts_in, by=actor, role=role
    )
    settle(ledger)
    monitors.raise_alarms(ledger, _broken(ledger))
    issue_all(ledger)
    return ledger.case, tuple(ledger.events)


_DECIDERS: Mapping[type, Callable[[Ledger, Any, Wording], bool]] = {
    OpenProceeding: taking.open_by_hand,
    AnswerStep: answering.answer_step,
    TakeTransition: taking.take_transition,
    AttendPanel: sitting.attend,
    OpenFile: sitting.open_file,
    Recuse: sitting.recuse,
    Vote: sitting.vote,
    CorrectAnswer: answering.correct,
    Rectify: rectifying.rectify,
    EnterFromPaper: taking.enter_from_paper,
    IssueDocument: taking.issue_again,
    FinishDuty: taking.finish_duty,
    JoinFamily: taking.join_family,
}
