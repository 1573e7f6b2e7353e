"""Taking the last transition of a proceeding back as a mis-click: by another officer, never over what was notified.

The state, the open steps, the switches that the act wrote and the deadlines that it stopped go back. What was recorded
meanwhile stays: answers, facts, latches, and who did what.
"""

from __future__ import annotations

from sop_engine.definition.model import NEW, Definition, Transition
from sop_engine.engine.deadlines import run_on
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.permission import acting_role, from_role
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import NotOffered, Refusal
from sop_engine.engine.requests import need_reason, proceeding_of, refuse_if
from sop_engine.engine.rounds import next_round
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import Actor, Case, Move, Proceeding, Rectify


def rectify_refusals(reading: CaseReading, proceeding: Proceeding, actor: Actor, words: Wording) -> tuple[Refusal, ...]:
    """Return every reason why the last transition of a proceeding cannot be taken back as a mis-click."""
    last = proceeding.last_move
    if last is None:
        return (Refusal("state", words.say("There is no transition to take back.")),)
    transition = reading.definition.transition(last.transition)
    if last.from_state == NEW:
        text = words.say("This act started the procedure: its own acts end it, and it is not taken back.")
        return (Refusal("state", text, transition.source),)
    reaches_out = transition.is_irreversible or transition.is_removal or transition.issues or transition.opens
    if transition.auto or reaches_out or _went_on(reading.definition, reading.case, proceeding, transition):
        text = words.say("This act cannot be taken back: somebody was told of it, or other steps follow from it.")
        return (Refusal("state", text, transition.source),)
    found = list(from_role(transition.by, actor, words))
    if last.by == actor.user:
        text = words.say("An other officer must take this back: you did it yourself.")
        found.append(Refusal("other_person", text, transition.source, cured_by=transition.by))
    return tuple(found)


def _went_on(definition: Definition, case: Case, proceeding: Proceeding, last: Transition) -> bool:
    """Say whether decisions were taken in the proceeding since the move. Facts may have been recorded: they stay."""
    for place, qualified in reversed(case.taken):
        if place == proceeding.id:
            if qualified == last.qualified:
                return False
            if not definition.transition(qualified).is_fact:
                return True
    return False


def rectify(ledger: Ledger, event: Rectify, words: Wording) -> bool:
    """Take the last transition back as a mis-click: by another officer, with a reason, never over what was notified."""
    proceeding = proceeding_of(ledger, event.proceeding, words)
    refuse_if(rectify_refusals(ledger.reading(proceeding), proceeding, event.by, words))
    need_reason(event.reason, words)
    last = proceeding.last_move
    if last is None:
        raise NotOffered((Refusal("state", words.say("There is no transition to take back.")),))
    transition = ledger.definition.transition(last.transition)
    role = acting_role(event.by, transition.by)
    ledger.record(
        "TransitionRectified",
        proceeding=proceeding.id,
        by=event.by,
        role=role,
        data={
            "transition": last.transition,
            "from": proceeding.state,
            "to": last.from_state,
            **_steps_back(ledger.definition, proceeding, last),
        },
        personal={"reason": event.reason},
    )
    for name, value in last.shared_before.items():
        is_switch = ledger.definition.shared[name].kind == "switch"
        if is_switch and (name in ledger.case.shared) is not value:
            ledger.record("SharedFactChanged", data={"fact": name, "value": value})
    run_on(ledger, proceeding.entered_at)
    return True


def _steps_back(definition: Definition, proceeding: Proceeding, last: Move) -> dict[str, object]:
    """Return which steps open again as they were, and which close as they do when a state is left."""
    machine = definition.machines[proceeding.machine]
    returned, left = machine.states[last.from_state], machine.states[proceeding.state]
    unsealed: list[list[object]] = []
    rounds: dict[str, int] = {}
    for step in returned.steps:
        before = last.rounds_before.get(step, 1)
        if (step, before) in proceeding.sealed and (step, before) not in last.sealed_before:
            if proceeding.current_round(step) == before:
                unsealed.append([step, before])
            else:
                rounds[step] = next_round(proceeding, step)
    sealed = [[step, proceeding.current_round(step)] for step in left.steps if step not in returned.steps]
    return {"unsealed": unsealed, "sealed": sealed, "rounds": rounds}
