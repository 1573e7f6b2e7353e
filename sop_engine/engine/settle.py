"""Run to completion: after every step the latches, deadlines and automatic transitions follow until nothing moves.

Safeguards and officers only ever see a settled case.
"""

from __future__ import annotations

from sop_engine.definition.model import SharedFact, Transition
from sop_engine.engine import deadlines
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.moves import move
from sop_engine.engine.refusals import EndlessSteps
from sop_engine.vocabulary import SYSTEM, THE_SYSTEM, Proceeding

MOST_PASSES = 60


def settle(ledger: Ledger) -> None:
    """Let everything follow that follows by itself. Raises EndlessSteps when a definition never comes to rest."""
    stayed: set[tuple[str, str]] = set()
    for _ in range(MOST_PASSES):
        changed = follow_shared_facts(ledger)
        changed |= deadlines.follow(ledger)
        changed |= deadlines.expire(ledger)
        changed |= _fire_one(ledger, stayed)
        if not changed:
            return
    raise EndlessSteps("Automatic transitions chase each other; run sop lint on the definition.")


def follow_shared_facts(ledger: Ledger, taken: str = "") -> bool:
    """Set and clear the latches and switches of the case. ``taken`` is the transition just taken, if any."""
    changed = False
    for name, fact in ledger.definition.shared.items():
        if fact.kind == "derived":
            continue
        before = name in ledger.case.shared
        after = _value_now(ledger, fact, taken, before=before)
        if after != before:
            ledger.record("SharedFactChanged", data={"fact": name, "value": after})
            changed = True
    return changed


def _value_now(ledger: Ledger, fact: SharedFact, taken: str, *, before: bool) -> bool:
    value = before
    if fact.kind == "switch":
        cleared = taken in fact.cleared_by
        if fact.cleared_when is not None:
            cleared |= ledger.holds(fact.cleared_when) is True
        value = value and not cleared
    if taken and taken in fact.set_by:
        return True
    return value or (fact.set_when is not None and ledger.holds(fact.set_when) is True)


def _fire_one(ledger: Ledger, stayed: set[tuple[str, str]]) -> bool:
    """Fire the first automatic transition that is open; one that stays in its state fires once a step."""
    for proceeding in ledger.case.proceedings:
        for transition in ledger.definition.machines[proceeding.machine].exits(proceeding.state):
            if not transition.auto or (proceeding.id, transition.name) in stayed:
                continue
            if ledger.holds(transition.when, proceeding) is True:
                _fire(ledger, proceeding, transition)
                if transition.target is None:
                    stayed.add((proceeding.id, transition.name))
                return True
    return False


def _fire(ledger: Ledger, proceeding: Proceeding, transition: Transition) -> None:
    move(ledger, proceeding, transition, by=THE_SYSTEM, role=SYSTEM, answers={})
    follow_shared_facts(ledger, transition.qualified)
