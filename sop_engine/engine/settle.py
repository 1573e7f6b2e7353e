"""Run to completion: after every step the latches, deadlines and automatic transitions follow until nothing moves.

Safeguards and officers only ever see a settled case.
"""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.model import Definition, Transition
from sop_engine.engine import deadlines
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.monitors import required_before
from sop_engine.engine.moves import move, would_open
from sop_engine.engine.refusals import EndlessSteps
from sop_engine.engine.shared_facts import follow_shared_facts
from sop_engine.vocabulary import SYSTEM, THE_SYSTEM, Proceeding

MOST_PASSES = 500


def settle(ledger: Ledger) -> None:
    """Let everything follow that follows by itself. Raises EndlessSteps when a definition never comes to rest."""
    stayed: set[tuple[str, str]] = set()
    for _ in range(MOST_PASSES):
        changed = follow_shared_facts(ledger)
        changed |= deadlines.follow(ledger)
        changed |= _fire_one(ledger, stayed)
        # Only a case at rest lets the next deadline expire: what the one before set in motion may have stopped it.
        if not changed and not deadlines.expire(ledger):
            return
    raise EndlessSteps("Automatic transitions chase each other; run sop lint on the definition.")


_AUTOMATIC: dict[tuple[str, str], Mapping[str, tuple[Transition, ...]]] = {}


def _automatic(definition: Definition, machine: str) -> Mapping[str, tuple[Transition, ...]]:
    """Return the automatic transitions of a machine by the state they start from, found once an edition."""
    key = (definition.digest, machine)
    found = _AUTOMATIC.get(key)
    if found is None:
        declared = definition.machines[machine]
        found = _AUTOMATIC[key] = {
            state: firing for state in declared.states if (firing := tuple(t for t in declared.exits(state) if t.auto))
        }
    return found


def _fire_one(ledger: Ledger, stayed: set[tuple[str, str]]) -> bool:
    """Fire the first automatic transition that is open; one that stays in its state fires once a step."""
    for proceeding in ledger.case.proceedings:
        for transition in _automatic(ledger.definition, proceeding.machine).get(proceeding.state, ()):
            if (proceeding.id, transition.name) in stayed or not _is_open(ledger, proceeding, transition):
                continue
            if transition.target is None:
                stayed.add((proceeding.id, transition.name))
            move(ledger, proceeding, transition, by=THE_SYSTEM, role=SYSTEM, answers={})
            return True
    return False


def _is_open(ledger: Ledger, proceeding: Proceeding, transition: Transition) -> bool:
    if ledger.holds(transition.when, proceeding) is not True:
        return False
    required = required_before(ledger.definition, transition)
    # The system never does by itself what a safeguard forbids a person to do.
    if any(ledger.holds(safeguard.guard, proceeding) is not True for safeguard in required):
        return False
    return transition.target is not None or _has_effect(ledger, proceeding, transition)


def _has_effect(ledger: Ledger, proceeding: Proceeding, transition: Transition) -> bool:
    """Say whether firing a transition that stays would change anything: else it would fire at every step for ever."""
    if any(would_open(ledger, opening, proceeding.id) for opening in transition.opens):
        return True
    for name, fact in ledger.definition.shared.items():
        is_set = name in ledger.case.shared
        if transition.qualified in (fact.cleared_by if is_set else fact.set_by):
            return True
    return not _taken_here(ledger, proceeding, transition) and not transition.opens


def _taken_here(ledger: Ledger, proceeding: Proceeding, transition: Transition) -> bool:
    """Say whether the transition was taken since the proceeding entered its present state."""
    machine = ledger.definition.machines[proceeding.machine]
    for place, qualified in reversed(ledger.case.taken):
        if place == proceeding.id:
            if qualified == transition.qualified:
                return True
            earlier = machine.transitions.get(qualified.split(".", 1)[1])
            if earlier is not None and earlier.target is not None:
                return False
    return False
