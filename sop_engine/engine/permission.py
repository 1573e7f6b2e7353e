"""Whether one person may take one step of one proceeding now, and if not, why not.

Offers and apply ask the same functions, so what is shown is what is accepted.
"""

from __future__ import annotations

from sop_engine.definition.guard_places import inlined
from sop_engine.definition.model import NEW, Definition, Machine, Panel, Safeguard, Step, Transition
from sop_engine.engine import panels, separation
from sop_engine.engine.monitors import required_before
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import Refusal
from sop_engine.engine.wording import Wording
from sop_engine.guards.evaluate import evaluate
from sop_engine.guards.explain import Reason, explain, references
from sop_engine.guards.tree import Guard, QuestionRef
from sop_engine.vocabulary import Actor, Ballot, Case, Proceeding


def transition_refusals(
    reading: CaseReading, proceeding: Proceeding, transition: Transition, actor: Actor, wording: Wording
) -> tuple[Refusal, ...]:
    """Return every reason why this person cannot take this transition now; empty when it is open to them."""
    return (
        *from_state(proceeding, transition, wording),
        *from_role(transition.by, actor, wording),
        *from_guard(reading, transition.when, transition, wording),
        *from_separation(reading, proceeding, transition, actor, wording),
        *from_panel(reading, proceeding, transition, wording),
        *from_safeguards(reading, transition, wording),
    )


def from_state(proceeding: Proceeding, transition: Transition, wording: Wording) -> tuple[Refusal, ...]:
    starts_here = transition.from_new if proceeding.state == NEW else proceeding.state in transition.from_states
    if starts_here:
        return ()
    here = wording.state_title(proceeding.machine, proceeding.state)
    title = wording.machine_title(proceeding.machine)
    text = wording.say("{procedure} is at “{state}”; this action does not start there.")
    return (Refusal("state", text.format(procedure=title, state=here), transition.source),)


def from_role(roles: frozenset[str], actor: Actor, wording: Wording) -> tuple[Refusal, ...]:
    if roles & actor.roles:
        return ()
    titles = ", ".join(wording.role_titles(roles)) if len(roles) <= 6 else wording.say("an officer of the service")
    return (Refusal("role", wording.say("This is done by: {roles}.").format(roles=titles), cured_by=roles),)


def from_guard(reading: CaseReading, guard: Guard, transition: Transition, wording: Wording) -> tuple[Refusal, ...]:
    if evaluate(guard, reading) is True:
        return ()
    return tuple(
        Refusal(
            "guard",
            reason.text,
            transition.source,
            cured_by=cured_by(reading.definition, reason),
            cure=questions_of(reason),
        )
        for reason in explain(guard, reading, wording, wording.say)
    )


def questions_of(reason: Reason) -> tuple[QuestionRef, ...]:
    """Return the questions whose answers may yet settle what a reason names."""
    named = (reason.where,) if isinstance(reason.where, QuestionRef) else ()
    return tuple(dict.fromkeys((*named, *reason.open_questions)))


def cured_by(definition: Definition, reason: Reason) -> frozenset[str]:
    """Return the roles that answer the questions a reason waits for."""
    roles: set[str] = set()
    for ref in questions_of(reason):
        machine = definition.machines.get(ref.machine or "")
        if machine and ref.step in machine.steps:
            roles |= machine.steps[ref.step].by
            roles |= {r for t in machine.transitions.values() if t.asks == ref.step for r in t.by}
    return frozenset(roles)


def from_separation(
    reading: CaseReading, proceeding: Proceeding, transition: Transition, actor: Actor, wording: Wording
) -> tuple[Refusal, ...]:
    found = separation.transition_conflicts(reading.definition, reading.case, actor.user, transition, proceeding.id)
    return _other_person(found, transition, wording)


def _other_person(found: frozenset[str], transition: Transition | Step, wording: Wording) -> tuple[Refusal, ...]:
    if not found:
        return ()
    did = "; ".join(wording.function_titles(found))
    text = wording.say("An other officer must do this: you already took part in this case ({functions}).")
    return (Refusal("other_person", text.format(functions=did), transition.source, cured_by=transition.by),)


def from_panel(
    reading: CaseReading, proceeding: Proceeding, transition: Transition, wording: Wording
) -> tuple[Refusal, ...]:
    if transition.decided_by is None:
        return ()
    panel = reading.definition.machines[proceeding.machine].panels[transition.decided_by]
    ballot = proceeding.ballots.get(panel.name, Ballot(panel.name))
    place = reading.at(proceeding)
    sentences = {
        "quorum": wording.say("The panel has no quorum: at least {number} members must sit, the chair among them."),
        "votes": wording.say("Not every member who sits has voted on every question."),
        "tie": wording.say("The vote is tied: defer once for facts. A tie is never a refusal."),
        "dissent": wording.say("A member in the minority has not given reasons yet."),
    }
    return tuple(
        Refusal("panel", sentences[code].format(number=panel.at_least), panel.source, cured_by=panel.members)
        for code in panels.what_is_missing(panel, ballot, place.holds)
    )


def from_safeguards(reading: CaseReading, transition: Transition, wording: Wording) -> tuple[Refusal, ...]:
    """Return what safeguards demand before this act; those over answers of the act itself wait for these answers."""
    if transition.is_fact:
        return ()
    required = required_before(reading.definition, transition)
    now = tuple(s for s in required if not _reads_the_act(reading.definition, s, transition))
    return _from_required(reading, now, wording)


def from_safeguards_answered(reading: CaseReading, transition: Transition, wording: Wording) -> tuple[Refusal, ...]:
    """Return what safeguards demand of the answers given in the act itself."""
    if transition.is_fact:
        return ()
    return _from_required(reading, required_before(reading.definition, transition), wording)


_READS_THE_ACT: dict[tuple[str, str], bool] = {}


def _reads_the_act(definition: Definition, safeguard: Safeguard, transition: Transition) -> bool:
    if transition.asks is None:
        return False
    key = (definition.digest, safeguard.qualified)
    found = _READS_THE_ACT.get(key)
    if found is None:
        asked = (transition.machine, transition.asks)
        read = references(inlined(definition, safeguard.guard)).questions
        found = _READS_THE_ACT[key] = any((q.machine, q.step) == asked for q in read)
    return found


def _from_required(reading: CaseReading, required: tuple[Safeguard, ...], wording: Wording) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    for safeguard in required:
        if evaluate(safeguard.guard, reading) is not True:
            says = wording.say(safeguard.says)
            found.append(Refusal("safeguard", wording.say("Safeguard: {rule}").format(rule=says), safeguard.source))
            found += [
                Refusal("safeguard", reason.text, safeguard.source, cure=questions_of(reason))
                for reason in explain(safeguard.guard, reading, wording, wording.say)
            ]
    return tuple(found)


def step_refusals(
    reading: CaseReading, proceeding: Proceeding, step: Step, actor: Actor, wording: Wording
) -> tuple[Refusal, ...]:
    """Return every reason why this person cannot answer this step now."""
    machine = reading.definition.machines[proceeding.machine]
    found: list[Refusal] = []
    state = machine.states.get(proceeding.state)
    if state is None or step.name not in state.steps:
        here = wording.state_title(proceeding.machine, proceeding.state)
        text = wording.say("“{step}” is not answered while the procedure is at “{state}”.")
        found.append(Refusal("sealed", text.format(step=wording.say(step.title), state=here), step.source))
    found += from_role(step.by, actor, wording)
    apart = separation.conflicts(reading.definition, reading.case, actor.user, step.function)
    found += _other_person(apart, step, wording)
    return tuple(found)


def seat_refusals(
    reading: CaseReading, proceeding: Proceeding, panel: Panel, actor: Actor, wording: Wording, *, as_chair: bool
) -> tuple[Refusal, ...]:
    """Return every reason why this person cannot sit on this panel in this case."""
    found = list(from_sitting(proceeding, panel, wording))
    roles = frozenset({panel.chair}) if as_chair else panel.members | {panel.chair}
    found += from_role(roles, actor, wording)
    apart = separation.functions_of(reading.case, actor.user) & frozenset(panel.needs_other_person_than)
    apart |= separation.conflicts(reading.definition, reading.case, actor.user, panel.function)
    if apart:
        did = "; ".join(wording.function_titles(apart))
        text = wording.say("An other member must sit: you already took part in this case ({functions}).")
        found.append(Refusal("other_person", text.format(functions=did), panel.source, cured_by=panel.members))
    ballot = proceeding.ballots.get(panel.name, Ballot(panel.name))
    if actor.user in ballot.recused:
        found.append(Refusal("other_person", wording.say("You stepped back from this case."), panel.source))
    return tuple(found)


def from_sitting(proceeding: Proceeding, panel: Panel, wording: Wording) -> tuple[Refusal, ...]:
    if proceeding.state in (*panel.in_states, *panel.listed_in):
        return ()
    here = wording.state_title(proceeding.machine, proceeding.state)
    text = wording.say("The panel does not sit while the case is at “{state}”.")
    return (Refusal("state", text.format(state=here), panel.source),)


def is_key_of(machine: Machine, key: str | None) -> bool:
    """Say whether an instance of a machine can have this key; a machine without keys has instances without key."""
    return key in (machine.key_values or (None,))


def may_run_beside(machine: Machine) -> bool:
    """Say whether several instances of a machine run at once without a key to tell them apart."""
    return machine.many_per_case and not machine.key_values and not machine.one_running


def may_open_by_hand(definition: Definition, case: Case, machine: Machine, key: str | None) -> bool:
    """Say whether a new instance of a machine may be started on this case now, whoever asks."""
    if not is_key_of(machine, key):
        return False
    newest = case.newest(machine.name, key)
    if newest is None or may_run_beside(machine):
        return True
    if not machine.many_per_case:
        return False
    state = machine.states.get(newest.state)
    return state is not None and state.kind in ("end", "rest")


def starts_by_an_act(machine: Machine) -> bool:
    """Say whether instances of a machine start by a transition from ``new``, with its guard, and not by hand."""
    return any(t.from_new for t in machine.transitions.values())


def opening_roles(machine: Machine) -> frozenset[str]:
    """Return the roles that may start an instance by hand: those who act or answer in its first state."""
    first = machine.states[machine.starts_in]
    acting = {role for t in machine.exits(machine.starts_in) if not t.auto for role in t.by}
    return frozenset(acting | {role for step in first.steps for role in machine.steps[step].by})


def issuing_roles(machine: Machine, document: str) -> frozenset[str]:
    """Return the roles that may issue a document of a machine again: those whose act issues it."""
    roles = frozenset(r for t in machine.transitions.values() if document in t.issues and not t.auto for r in t.by)
    # What the system issued by itself, whoever may act in this procedure may issue again.
    return roles or frozenset(r for t in machine.transitions.values() if not t.auto for r in t.by)


def acting_role(actor: Actor, roles: frozenset[str]) -> str:
    """Return the role in which a person acts: the first of theirs that may."""
    mine = sorted(actor.roles & roles)
    return mine[0] if mine else ""
