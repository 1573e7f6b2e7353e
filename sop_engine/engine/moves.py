"""Taking a transition and opening a proceeding: what is written down when it happens.

Whether it may happen was decided before.
"""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.model import NEW, Opening, State, Transition
from sop_engine.engine import panels
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.machine import compiled
from sop_engine.vocabulary import THE_SYSTEM, Actor, Answer, Ballot, Proceeding


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
    """Write down one transition with all that it does at once: answers, seals, panel, documents, openings."""
    machine = ledger.definition.machines[proceeding.machine]
    target = compiled(ledger.definition, proceeding.machine).target(proceeding.state, transition.name)
    data: dict[str, object] = {"transition": transition.qualified, "from": proceeding.state}
    if transition.function and not by.is_system:
        data["function"] = transition.function
    if transition.asks:
        number = proceeding.rounds.get(transition.asks, 0) + 1
        data |= {"asks": transition.asks, "asks_round": number}
    if transition.target is not None:
        data |= {"to": target, **_seals(proceeding, machine.states.get(proceeding.state), machine.states[target])}
        _close_ballots(ledger, proceeding, target)
        proceeding = ledger.case.proceeding(proceeding.id)
    ledger.record(
        "TransitionTaken",
        proceeding=proceeding.id,
        by=by,
        role=role,
        data=data,
        personal={"answers": dict(answers)} if transition.asks else {},
    )
    for name in transition.issues:
        ledger.to_issue.append((proceeding.id, f"{transition.machine}.{name}", by, role))
    for opening in transition.opens:
        _open(ledger, opening, proceeding.id)


def _seals(proceeding: Proceeding, left: State | None, entered: State) -> dict[str, object]:
    steps_left = [step for step in (left.steps if left else ()) if step not in entered.steps]
    sealed = [[step, proceeding.current_round(step)] for step in steps_left]
    already = proceeding.sealed
    rounds = {
        step: proceeding.current_round(step) + 1
        for step in entered.steps
        if (step, proceeding.current_round(step)) in already
    }
    return {"sealed": sealed, "rounds": rounds}


def _close_ballots(ledger: Ledger, proceeding: Proceeding, target: str) -> None:
    """Close the sitting of each panel whose state is left, counting its ties; who opened the file stays known."""
    for panel in ledger.definition.machines[proceeding.machine].panels.values():
        leaves = proceeding.state in panel.in_states and target not in panel.in_states
        ballot = proceeding.ballots.get(panel.name, Ballot(panel.name))
        if leaves and target in _returns(ledger, panel.name, proceeding):
            ledger.record(
                "SittingClosed",
                proceeding=proceeding.id,
                data={"panel": panel.name, "tied": list(panels.tied(panel, ballot))},
            )


def _returns(ledger: Ledger, panel: str, proceeding: Proceeding) -> frozenset[str]:
    """Return the states from which the panel may sit again on the same round: votes there start anew."""
    machine = ledger.definition.machines[proceeding.machine]
    closing = {t.target for t in machine.transitions.values() if t.decided_by == panel}
    return frozenset(name for name in machine.states if name not in closing)


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


def _open(ledger: Ledger, opening: Opening, opener: str) -> None:
    if ledger.holds(opening.when, ledger.case.proceeding(opener)) is not True:
        return
    running = ledger.case.newest(opening.machine, opening.key)
    if running is not None and is_live(ledger, running):
        return
    machine = ledger.definition.machines[opening.machine]
    open_proceeding(ledger, opening.machine, key=opening.key, state=opening.state or machine.starts_in)
