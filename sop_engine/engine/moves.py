"""Taking a transition and opening a proceeding: what is written down when it happens.

Whether it may happen was decided before.
"""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.model import NEW, Opening, Panel, State, Transition
from sop_engine.engine import panels
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.machine import compiled
from sop_engine.engine.permission import may_run_beside
from sop_engine.engine.rounds import next_round
from sop_engine.engine.shared_facts import follow_shared_facts
from sop_engine.vocabulary import THE_SYSTEM, Actor, Answer, Proceeding


def next_id(ledger: Ledger, machine: str, key: str | None) -> str:
    """Return the id of the next proceeding of a machine in this case: ``appeal-refugee_decision-1``."""
    stem = f"{machine}-{key}" if key else machine
    count = sum(1 for p in ledger.case.proceedings if p.machine == machine and p.key == key)
    return f"{stem}-{count + 1}"


def open_proceeding(
    ledger: Ledger,
    machine: str,
    *,
    key: str | None,
    state: str,
    by: Actor = THE_SYSTEM,
    role: str = "",
    paper: bool = False,
) -> Proceeding:
    """Start a new proceeding of a machine and return it."""
    name = next_id(ledger, machine, key)
    ledger.record(
        "ProceedingOpened",
        proceeding=name,
        by=by,
        role=role or ("system" if by.is_system else ""),
        data={"machine": machine, "key": key, "state": state, **({"paper": True} if paper else {})},
    )
    return ledger.case.proceeding(name)


def is_live(ledger: Ledger, proceeding: Proceeding) -> bool:
    """Say whether a proceeding still runs: not at an end and not at rest."""
    if proceeding.state == NEW:
        return True
    return ledger.definition.machines[proceeding.machine].states[proceeding.state].kind in ("work", "wait")


def move(
    ledger: Ledger,
    proceeding: Proceeding,
    transition: Transition,
    *,
    by: Actor,
    role: str,
    answers: Mapping[str, Answer],
) -> None:
    """Write down one transition with all that it does at once: answers, seals, panel, facts, documents, openings."""
    machine = ledger.definition.machines[proceeding.machine]
    target = compiled(ledger.definition, proceeding.machine).target(proceeding.state, transition.name)
    data: dict[str, object] = {"transition": transition.qualified, "from": proceeding.state}
    if transition.function and not by.is_system:
        data["function"] = transition.function
    if transition.asks:
        data |= {"asks": transition.asks, "asks_round": next_round(proceeding, transition.asks)}
    if transition.target is not None:
        data |= {"to": target, **_seals(proceeding, machine.states.get(proceeding.state), machine.states[target])}
        _close_ballots(ledger, proceeding, transition, target)
    ledger.record(
        "TransitionTaken",
        proceeding=proceeding.id,
        by=by,
        role=role,
        data=data,
        personal={"answers": dict(answers)} if transition.asks else {},
    )
    # Before the openings, whose conditions may ask for what this very act puts on record.
    follow_shared_facts(ledger, transition.qualified, proceeding.id)
    for name in transition.issues:
        ledger.to_issue.append((proceeding.id, f"{transition.machine}.{name}", by, role))
    for opening in transition.opens:
        _open(ledger, opening, proceeding.id)


def _seals(proceeding: Proceeding, left: State | None, entered: State) -> dict[str, object]:
    steps_left = [step for step in (left.steps if left else ()) if step not in entered.steps]
    sealed = [[step, proceeding.current_round(step)] for step in steps_left]
    rounds = {
        step: next_round(proceeding, step)
        for step in entered.steps
        if (step, proceeding.current_round(step)) in proceeding.sealed
    }
    return {"sealed": sealed, "rounds": rounds}


def _close_ballots(ledger: Ledger, proceeding: Proceeding, transition: Transition, target: str) -> None:
    """Close the sitting of each panel that this move interrupts, and open the bench anew where one sits again.

    A vote that decided stays beside its decision. A sitting left without one counts its ties; who opened the file stays
    known. A panel that comes back after its decision starts with empty seats: no old vote decides twice.
    """
    for panel in ledger.definition.machines[proceeding.machine].panels.values():
        ballot = proceeding.ballots.get(panel.name)
        if ballot is None:
            continue
        is_decided = transition.decided_by == panel.name
        data: dict[str, object] = {"panel": panel.name}
        if proceeding.state in panel.in_states and target not in panel.in_states and not is_decided:
            holds = ledger.reading(proceeding).holds
            ledger.record(
                "SittingClosed",
                proceeding=proceeding.id,
                data={**data, "tied": list(panels.tied(panel, ballot, holds))},
            )
        elif ballot.votes and _sits(panel, target) and (is_decided or not _sits(panel, proceeding.state)):
            # A sitting that was interrupted has no votes left: these decided.
            ledger.record("SittingClosed", proceeding=proceeding.id, data={**data, "tied": [], "anew": True})


def _sits(panel: Panel, state: str) -> bool:
    return state in panel.in_states or state in panel.listed_in


def issue_all(ledger: Ledger) -> None:
    """Enter the papers of a step in the register, last of all: each shows the case with all that the step did."""
    for proceeding, document, by, role in ledger.to_issue:
        issue(ledger, proceeding, document, by=by, role=role)
    ledger.to_issue.clear()


def issue(ledger: Ledger, proceeding: str, document: str, *, by: Actor, role: str) -> None:
    """Enter a paper in the register of issued documents; it is printed after the transaction."""
    number = sum(1 for d in ledger.case.documents if d.name == document) + 1
    name = document.split(".", 1)[1]
    label = f"{ledger.case.number}/{name.replace('_', '-')}/{number}"
    ledger.record(
        "DocumentIssued", proceeding=proceeding, by=by, role=role, data={"document": document, "number": label}
    )


def would_open(ledger: Ledger, opening: Opening, opener: str) -> bool:
    """Say whether an opening would start a new instance now: its condition holds and none of its kind runs."""
    machine = ledger.definition.machines[opening.machine]
    running = ledger.case.newest(opening.machine, opening.key)
    if running is not None and is_live(ledger, running) and not may_run_beside(machine):
        return False
    return ledger.holds(opening.when, ledger.case.proceeding(opener)) is True


def _open(ledger: Ledger, opening: Opening, opener: str) -> None:
    if would_open(ledger, opening, opener):
        machine = ledger.definition.machines[opening.machine]
        open_proceeding(ledger, opening.machine, key=opening.key, state=opening.state or machine.starts_in)
