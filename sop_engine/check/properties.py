"""What has to be proved: every safeguard of the machines and of ``properties.yaml``, as obligations of the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sop_engine.check.formula import Formula, all_of, any_of, literal, negation
from sop_engine.check.ir import Anything, EventKind, Model, ModelEvent, Only
from sop_engine.check.variables import NO, YES, Slot, did_name, done_name, slots_of, state_name
from sop_engine.definition.model import Definition, Safeguard
from sop_engine.definition.properties import read_properties


@dataclass(frozen=True, slots=True)
class Property:
    """One safeguard to be proved. ``id`` is its qualified name."""

    safeguard: Safeguard
    beside: bool = False
    """Whether it stands in ``properties.yaml``, beside the machine, and not in it."""

    @property
    def id(self) -> str:
        return self.safeguard.qualified


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that must never be: a bad settled state, or (with ``event``) a bad moment to do something."""

    bad: Formula
    event: ModelEvent | None = None
    within: bool = False
    """Whether the event itself carries the bad moment, between the answers given in the act and its effects."""


def properties_of(definition: Definition, files: Mapping[str, str]) -> tuple[Property, ...]:
    """Return every property of a set. Raises DeclarationErrors for a ``properties.yaml`` that cannot be read."""
    declared = [Property(s) for machine in definition.machines.values() for s in machine.safeguards.values()]
    return (*declared, *(Property(s, beside=True) for s in read_properties(definition, files)))


def obligations(model: Model, safeguard: Safeguard) -> tuple[Obligation, ...]:
    """Return what must never be, for a safeguard whose pattern speaks of states and acts."""
    match safeguard.pattern:
        case "never" | "always":
            return tuple(_states(model, safeguard))
        case "doing":
            return tuple(_doing(model, safeguard))
        case "before":
            return tuple(_before(model, safeguard))
        case "different_people":
            return tuple(_people(model, safeguard))
        case _:
            return ()


def _slots(model: Model, safeguard: Safeguard) -> tuple[Slot, ...]:
    return slots_of(model.definition.machines[safeguard.machine])


def _states(model: Model, safeguard: Safeguard) -> Iterator[Obligation]:
    for slot in _slots(model, safeguard):
        truth = model.reader.read(safeguard.guard, slot)
        opened = negation(literal(state_name(slot), {"not_opened"}))
        # What is open is read against safety, as the monitors read it.
        good = truth.false if safeguard.pattern == "never" else truth.true
        yield Obligation(all_of(opened, negation(good)))


def _doing(model: Model, safeguard: Safeguard) -> Iterator[Obligation]:
    machine, name = safeguard.transition.split(".", 1)
    for event in model.events:
        if event.kind not in ("act", "auto") or event.slot is None or event.slot.is_earlier:
            continue
        if event.slot.machine == machine and event.subject == name:
            bad = negation(model.reader.true(safeguard.guard, event.slot))
            if not model.definition.machines[machine].transitions[name].asks:
                yield Obligation(bad, event)
                continue
            # What an act asks is answered before the engine reads what must be true when it is done.
            place = _after_answers(event)
            ops = (*event.ops[:place], Only(bad), *event.ops[place:])
            yield Obligation(bad, replace(event, ops=ops), within=True)


def _after_answers(event: ModelEvent) -> int:
    """Return the place after the last condition of an act and the answers given in it, before its effects."""
    place = max(number for number, op in enumerate(event.ops) if isinstance(op, Only)) + 1
    while place < len(event.ops) and isinstance(event.ops[place], Anything):
        place += 1
    return place


def _before(model: Model, safeguard: Safeguard) -> Iterator[Obligation]:
    for slot in _slots(model, safeguard):
        missing = any_of(*(literal(did_name(safeguard.qualified, name, slot), {NO}) for name in safeguard.did))
        yield Obligation(all_of(literal(state_name(slot), safeguard.enters), missing))


def _people(model: Model, safeguard: Safeguard) -> Iterator[Obligation]:
    """Whoever did one of the functions does another only where nothing in the declarations keeps the two apart."""
    for act in acts_with_function(model.definition, safeguard.functions):
        for other in safeguard.functions:
            if other == act.function or other in act.apart or kept_apart(model.definition, act.function, other):
                continue
            for event in model.events:
                if act.is_in(event):
                    yield Obligation(literal(done_name(other), {YES}), event)


def kept_apart(definition: Definition, one: str, other: str) -> bool:
    """Say whether the matrix of incompatible functions names this pair."""
    return (one, other) in definition.incompatible or (other, one) in definition.incompatible


@dataclass(frozen=True, slots=True)
class Act:
    """One act that records a function of its officer: a transition, the answers of a step, a vote."""

    machine: str
    name: str
    kind: EventKind
    function: str
    apart: frozenset[str]
    """Functions that its own declaration keeps away from it."""

    def is_in(self, event: ModelEvent) -> bool:
        if event.slot is None or event.kind != self.kind or event.subject != self.name:
            return False
        return event.slot.machine == self.machine and not (event.kind == "panel" and "vote" not in event.name)


def acts_with_function(definition: Definition, functions: Iterable[str]) -> Iterator[Act]:
    """Yield every act that records one of the functions."""
    wanted = frozenset(functions)
    for machine in definition.machines.values():
        for t in machine.transitions.values():
            if t.function in wanted and not t.auto:
                yield Act(machine.name, t.name, "act", t.function or "", frozenset(t.needs_other_person_than))
        for step in machine.steps.values():
            if step.function in wanted:
                yield Act(machine.name, step.name, "answer", step.function or "", frozenset())
        for panel in machine.panels.values():
            if panel.function in wanted:
                apart = frozenset(panel.needs_other_person_than)
                yield Act(machine.name, panel.name, "panel", panel.function, apart)
