"""Taking a transition, and the ways a proceeding starts by hand."""

from __future__ import annotations

from dataclasses import replace

from sop_engine.definition.model import NEW, Definition, Transition
from sop_engine.engine.answering import check_step, with_answers
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.moves import is_live, issue, move, next_id, open_proceeding
from sop_engine.engine.permission import (
    acting_role,
    from_guard,
    from_role,
    from_safeguards_answered,
    is_key_of,
    issuing_roles,
    may_open_by_hand,
    may_run_beside,
    opening_roles,
    starts_by_an_act,
    transition_refusals,
)
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal
from sop_engine.engine.requests import need_reason, proceeding_of, refuse_if
from sop_engine.engine.rounds import next_round
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import (
    CASE_MACHINE,
    EnterFromPaper,
    FinishDuty,
    IssueDocument,
    JoinFamily,
    OpenProceeding,
    Proceeding,
    TakeTransition,
)

NEW_PROCEEDING = "new "


def take_transition(ledger: Ledger, event: TakeTransition, words: Wording) -> bool:
    """Take one transition if nothing stands against it. Returns whether it is a decision (safeguards may refuse it)."""
    if event.proceeding.startswith(NEW_PROCEEDING):
        proceeding = _start(ledger, event, words)
    else:
        proceeding = proceeding_of(ledger, event.proceeding, words)
    machine = ledger.definition.machines[proceeding.machine]
    transition = machine.transitions.get(event.transition)
    if transition is None or transition.auto:
        raise NotOffered((Refusal("state", words.say("This action is not part of the procedure.")),))
    refusals = transition_refusals(ledger.reading(proceeding), proceeding, transition, event.by, words)
    if refusals:
        raise NotOffered(refusals)
    _check_asked(ledger, proceeding, transition, event, words)
    role = acting_role(event.by, transition.by)
    move(ledger, proceeding, transition, by=event.by, role=role, answers=event.answers if transition.asks else {})
    return not transition.is_fact


def _start(ledger: Ledger, event: TakeTransition, words: Wording) -> Proceeding:
    """Open the instance that a transition from ``new`` starts."""
    _, name, *rest = event.proceeding.split(" ")
    key = rest[0] if rest else None
    machine = ledger.definition.machines.get(name)
    if machine is None or not may_open_by_hand(ledger.definition, ledger.case, machine, key):
        raise NotOffered((Refusal("state", words.say("This procedure runs already on this case.")),))
    starting = machine.transitions.get(event.transition)
    role = acting_role(event.by, starting.by) if starting else ""
    return open_proceeding(ledger, name, key=key, state=NEW, by=event.by, role=role)


def _check_asked(
    ledger: Ledger, proceeding: Proceeding, transition: Transition, event: TakeTransition, words: Wording
) -> None:
    if transition.asks is None:
        if event.answers:
            raise InvalidAnswers({name: words.say("This act asks no questions.") for name in event.answers})
        return
    step = ledger.definition.machines[proceeding.machine].steps[transition.asks]
    number = next_round(proceeding, transition.asks)
    check_step(ledger, proceeding, step.questions, step.name, number, event.answers, words)
    place = with_answers(ledger.reading(proceeding), proceeding, step.name, number, event.answers)
    if place.holds(transition.requires) is not True:
        raise NotOffered(
            tuple(replace(r, code="requires") for r in from_guard(place, transition.requires, transition, words))
        )
    refuse_if(from_safeguards_answered(place, transition, words))


def open_by_hand(ledger: Ledger, event: OpenProceeding, words: Wording) -> bool:
    """Start a new instance of a machine by hand."""
    machine = ledger.definition.machines.get(event.machine)
    if (
        machine is None
        or starts_by_an_act(machine)
        or not may_open_by_hand(ledger.definition, ledger.case, machine, event.key)
    ):
        text = words.say(
            "This procedure cannot be opened now: it runs already, or it opens by a step of an other procedure."
        )
        raise NotOffered((Refusal("state", text),))
    roles = opening_roles(machine)
    refusals = from_role(roles, event.by, words)
    if refusals:
        raise NotOffered(refusals)
    role = acting_role(event.by, roles)
    open_proceeding(ledger, machine.name, key=event.key, state=machine.starts_in, by=event.by, role=role)
    return True


def vouching_roles(definition: Definition) -> frozenset[str]:
    """Return the roles that may bring in a paper file and vouch for its earlier steps: the supervisors."""
    return frozenset(role for role in definition.roles if role.endswith("supervisor"))


def enter_from_paper(ledger: Ledger, event: EnterFromPaper, words: Wording) -> bool:
    """Bring a running paper file in at its present state, vouched for by a supervisor."""
    machine = ledger.definition.machines.get(event.machine)
    if machine is None or machine.name == CASE_MACHINE or event.state not in machine.states:
        raise NotOffered((Refusal("entry", words.say("This procedure has no such state.")),))
    if not is_key_of(machine, event.key):
        raise NotOffered((Refusal("entry", words.say("Name the kind of this procedure.")),))
    running = ledger.case.newest(machine.name, event.key)
    if running is not None and is_live(ledger, running) and not may_run_beside(machine):
        raise NotOffered((Refusal("entry", words.say("This procedure runs already on this case.")),))
    roles = vouching_roles(ledger.definition)
    refuse_if(from_role(roles, event.by, words))
    need_reason(event.reason, words)
    role = acting_role(event.by, roles)
    name = next_id(ledger, event.machine, event.key)
    ledger.record(
        "ProceedingOpened",
        proceeding=name,
        by=event.by,
        role=role,
        data={"machine": event.machine, "key": event.key, "state": event.state, "paper": True},
        personal={"reason": event.reason},
    )
    return False


def issue_again(ledger: Ledger, event: IssueDocument, words: Wording) -> bool:
    """Issue a document again that was issued before."""
    proceeding = proceeding_of(ledger, event.proceeding, words)
    if not any(d.name == event.document and d.proceeding == proceeding.id for d in ledger.case.documents):
        raise NotOffered(
            (Refusal("state", words.say("This document was not issued yet; a step of the procedure issues it.")),)
        )
    machine = ledger.definition.machines[proceeding.machine]
    roles = issuing_roles(machine, event.document.split(".", 1)[1])
    refuse_if(from_role(roles, event.by, words))
    issue(ledger, proceeding.id, event.document, by=event.by, role=acting_role(event.by, roles))
    return True


def finish_duty(ledger: Ledger, event: FinishDuty, words: Wording) -> bool:
    """Strike a duty that was done."""
    duty = next((d for d in ledger.case.duties if d.name == event.duty and not d.done), None)
    if duty is None:
        raise NotOffered((Refusal("state", words.say("This duty is not open.")),))
    refuse_if(from_role(frozenset({duty.role}), event.by, words))
    ledger.record("DutyFinished", proceeding=duty.proceeding, by=event.by, role=duty.role, data={"duty": duty.name})
    return False


def join_family(ledger: Ledger, event: JoinFamily, words: Wording) -> bool:
    """Note that the person belongs to a family group."""
    roles = frozenset(name for name, role in ledger.definition.roles.items() if role.is_any_role)
    refuse_if(from_role(roles, event.by, words))
    ledger.record("FamilyJoined", by=event.by, role=acting_role(event.by, roles), data={"family": event.family})
    return False
