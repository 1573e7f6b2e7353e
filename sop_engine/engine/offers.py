"""What one person can do on a case now; and for everything they cannot do, why, by which rule, and who can cure it.

``offers`` is exactly what ``apply`` accepts: an action shown open is accepted (where it asks questions, for some
answers), an action shown closed is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sop_engine.definition.model import NEW, Definition, Machine, Transition
from sop_engine.engine.apply import apply
from sop_engine.engine.permission import (
    may_open_by_hand,
    opening_roles,
    starts_by_an_act,
    step_refusals,
    transition_refusals,
)
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import NotOffered, Refusal
from sop_engine.engine.taking import NEW_PROCEEDING
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import THE_SYSTEM, Actor, Case, PassTime, Proceeding, TakeTransition


@dataclass(frozen=True, slots=True)
class Offer:
    """One transition of one proceeding for one person: open when nothing stands against it."""

    proceeding: str
    transition: Transition
    refusals: tuple[Refusal, ...]

    @property
    def is_open(self) -> bool:
        return not self.refusals


def at_instant(definition: Definition, case: Case, at: datetime) -> Case:
    """Return the case as it stands at an instant: what fell due by then has expired."""
    return apply(definition, case, PassTime(by=THE_SYSTEM, at=at))[0]


def offers(
    definition: Definition, case: Case, actor: Actor, at: datetime, *, wording: Wording | None = None
) -> tuple[Offer, ...]:
    """Return every transition that starts where the proceedings of the case are now, open or closed for this person."""
    words = wording or Wording(definition)
    now = at_instant(definition, case, at)
    reading = CaseReading(definition, now)
    return tuple(
        Offer(proceeding.id, transition, _refusals(reading, proceeding, transition, actor, at, words))
        for proceeding, transition in _candidates(definition, now)
    )


def offers_of(
    definition: Definition,
    case: Case,
    proceeding_id: str,
    actor: Actor,
    at: datetime,
    *,
    wording: Wording | None = None,
) -> tuple[Offer, ...]:
    """Return the offers of one proceeding only (``new …`` for one that a transition would start)."""
    words = wording or Wording(definition)
    now = at_instant(definition, case, at)
    reading = CaseReading(definition, now)
    return tuple(
        Offer(proceeding.id, transition, _refusals(reading, proceeding, transition, actor, at, words))
        for proceeding, transition in _candidates(definition, now)
        if proceeding.id == proceeding_id
    )


def _refusals(
    reading: CaseReading,
    proceeding: Proceeding,
    transition: Transition,
    actor: Actor,
    at: datetime,
    words: Wording,
) -> tuple[Refusal, ...]:
    found = transition_refusals(reading.at(proceeding), proceeding, transition, actor, words)
    if found or transition.is_fact or transition.asks:
        return found
    # What follows by itself may break a safeguard that no guard names: only trying it tells.
    event = TakeTransition(by=actor, at=at, proceeding=proceeding.id, transition=transition.name)
    try:
        apply(reading.definition, reading.case, event, wording=words)
    except NotOffered as refused:
        return refused.reasons
    return ()


def _candidates(definition: Definition, case: Case) -> Iterator[tuple[Proceeding, Transition]]:
    for proceeding in case.proceedings:
        for transition in definition.machines[proceeding.machine].exits(proceeding.state):
            if not transition.auto:
                yield proceeding, transition
    for machine in definition.machines.values():
        starting = [t for t in machine.transitions.values() if t.from_new and not t.auto]
        for key in machine.key_values or (None,):
            if starting and may_open_by_hand(definition, case, machine, key):
                place = unopened(machine, key, case)
                yield from ((place, transition) for transition in starting)


def unopened(machine: Machine, key: str | None, case: Case) -> Proceeding:
    """Return the place from which a transition would start a new instance of a machine."""
    name = f"{NEW_PROCEEDING}{machine.name}" + (f" {key}" if key else "")
    at = case.last_at or case.opened_at
    if at is None:
        raise ValueError("A case that was never opened has no proceedings.")
    return Proceeding(id=name, machine=machine.name, key=key, state=NEW, opened_at=at, entered_at=at)


def openable(definition: Definition, case: Case, actor: Actor) -> tuple[tuple[str, str | None], ...]:
    """Return the machines (with key) that this person may start by hand now."""
    return tuple(
        (machine.name, key)
        for machine in definition.machines.values()
        if not starts_by_an_act(machine) and opening_roles(machine) & actor.roles
        for key in machine.key_values or (None,)
        if may_open_by_hand(definition, case, machine, key)
    )


def step_offer(
    definition: Definition,
    case: Case,
    proceeding: Proceeding,
    step: str,
    actor: Actor,
    *,
    wording: Wording | None = None,
) -> tuple[Refusal, ...]:
    """Return why this person cannot answer a step now; empty when they can."""
    words = wording or Wording(definition)
    declared = definition.machines[proceeding.machine].steps[step]
    return step_refusals(CaseReading(definition, case, proceeding), proceeding, declared, actor, words)
