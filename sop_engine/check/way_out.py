"""Whether every state has a way to one of the wished ends.

Reachability is computed with too much behaviour, never too little; right for “never”, wrong for “can always”. So two
questions are asked. Can officers of the procedure bring it to an end whatever everything else is (PROVED)? If not: is
there a way where everything else helps (no dead end is visible, which is not green), or not even that (VIOLATED)?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sop_engine.check.bdd import Diagram, OutOfTime, Prover
from sop_engine.check.budget import clock
from sop_engine.check.events import initial_state
from sop_engine.check.formula import literal
from sop_engine.check.ir import Model, ModelEvent, fitting_answers
from sop_engine.check.kinds import kinds_of
from sop_engine.check.slices import Slice, with_companions
from sop_engine.check.variables import Slot, state_name
from sop_engine.definition.model import NEW, Safeguard
from sop_engine.vocabulary import NOT_OPENED

WayOutWord: TypeAlias = Literal["PROVED", "NO VIOLATION UP TO k", "VIOLATED", "UNKNOWN"]


@dataclass(frozen=True, slots=True)
class WayOut:
    """The verdict, and which states have no sure way."""

    verdict: WayOutWord
    backend: str
    states: int = 0
    why: str = ""


def way_out(model: Model, safeguard: Safeguard, *, until: float) -> WayOut:
    """Return whether the machine of a safeguard can always be brought to one of its ``states``."""
    found = [_way_out(model, slot, safeguard, until) for slot in kinds_of(model.definition, safeguard.machine)]
    return max(found, key=lambda one: _WORST.index(one.verdict))


_WORST: tuple[WayOutWord, ...] = ("PROVED", "NO VIOLATION UP TO k", "UNKNOWN", "VIOLATED")


def _way_out(model: Model, slot: Slot, safeguard: Safeguard, until: float) -> WayOut:
    machine = model.definition.machines[safeguard.machine]
    kind = f" ({slot.key})" if slot.key else ""
    try:
        sure = _surely(model, slot, safeguard.states, until)
        possible = _possibly(model, slot, safeguard.states)
    except OutOfTime:
        return WayOut("UNKNOWN", "bdd", why="out of time")
    all_states = frozenset(machine.states)
    if all_states <= sure:
        return WayOut("PROVED", "game", len(all_states), "officers of the procedure can always bring it there")
    stuck = all_states - possible
    if stuck:
        return WayOut("VIOLATED", "graph", len(all_states), f"no way leads on from{kind}: {', '.join(sorted(stuck))}")
    waiting = ", ".join(sorted(all_states - sure))
    why = f"a way exists from every state{kind}; from these it depends on what others do or answer: {waiting}"
    return WayOut("NO VIOLATION UP TO k", "graph", len(all_states), why)


def _events(model: Model, slot: Slot) -> list[ModelEvent]:
    return [event for event in model.writers(state_name(slot)) if event.kind in ("act", "auto") and event.slot == slot]


def _possibly(model: Model, slot: Slot, ends: tuple[str, ...]) -> frozenset[str]:
    """States from which the diagram has a way to an end, every condition willing (but contradictions excluded)."""
    part = Slice(model, frozenset({state_name(slot)}))
    prover = Prover(part, initial_state(model))
    reached = frozenset(ends)
    grown = True
    while grown:
        grown = False
        goal = prover.diagram(literal(state_name(slot), reached))
        for event in _events(model, slot):
            before = prover.forget(prover.free_in(prover.bits), _through(prover, event, goal))
            for state in model.words.variables[state_name(slot)].values:
                if (
                    state not in reached
                    and before & prover.literal(state_name(slot), frozenset({state})) != prover.manager.false
                ):
                    reached |= {state}
                    grown = True
    return reached


def _surely(model: Model, slot: Slot, ends: tuple[str, ...], until: float) -> frozenset[str]:
    """States from which officers of this procedure have a way, whatever every other variable is."""
    state = state_name(slot)
    sure = set(ends)
    for _ in model.words.variables[state].values:
        before = len(sure)
        for event in _events(model, slot):
            if clock() > until:
                raise OutOfTime
            if event.kind == "act":
                sure |= {
                    s for s in _sources(model, slot, event) if s not in sure and _sure(model, slot, event, s, sure)
                }
        if len(sure) == before:
            break
    return frozenset(sure | {NOT_OPENED, NEW})


def _sources(model: Model, slot: Slot, event: ModelEvent) -> tuple[str, ...]:
    transition = model.definition.machines[slot.machine].transitions[event.subject]
    return transition.from_states


def _sure(model: Model, slot: Slot, event: ModelEvent, source: str, goal: set[str]) -> bool:
    """Say whether, in one state, the right answers of its own steps open this act whatever else is the case."""
    machine = model.definition.machines[slot.machine]
    transition = machine.transitions[event.subject]
    if transition.target not in goal or transition.decided_by:
        return False
    state = machine.states[source]
    asked = {v for step in state.steps for v in model.words.step_variables(slot, step)}
    asked |= {v for step in state.steps for v in model.words.step_variables(slot, step, latest=True)}
    prover = Prover(Slice(model, with_companions(model, {state_name(slot)})), initial_state(model))
    here = literal(state_name(slot), {source})
    opens = _through(prover, event, prover.manager.true) & prover.diagram(here)
    opens = prover.forget([state_name(slot)], opens)
    fits = prover.manager.true
    for step in state.steps:
        fits &= prover.diagram(fitting_answers(model.reader, slot, step))
    chosen = prover.forget(asked, opens & fits)
    others = [name for name in prover.bits if name != state_name(slot) and name not in asked]
    everything = prover.valid(others)
    return bool((everything & ~chosen) == prover.manager.false)


def _through(prover: Prover, event: ModelEvent, goal: Diagram) -> Diagram:
    found = goal
    for op in reversed(event.ops):
        found = prover.before(op, found)
    return found & prover.valid(prover.free_in(event.reads))
