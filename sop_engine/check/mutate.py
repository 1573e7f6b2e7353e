"""Single faults put into the declarations, one at a time: which of them do the properties notice?

A fault that no property notices shows either that something is unprotected, or that nothing changed by it (equivalent).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sop_engine.check.bdd import OutOfTime, Prover
from sop_engine.check.budget import clock
from sop_engine.check.carry import kept
from sop_engine.check.events import build_model, initial_state
from sop_engine.check.formula import all_of
from sop_engine.check.ir import Model, ModelEvent, Only
from sop_engine.check.judge import judge, judge_one
from sop_engine.check.properties import Property, kept_apart
from sop_engine.check.results import Known, Result
from sop_engine.check.slices import slice_for
from sop_engine.definition.model import Definition, Machine, Transition
from sop_engine.guards.tree import ALWAYS, And, Compare, Guard, Not, Or
from sop_engine.guards.written import to_text
from sop_engine.periods import Length

NOTICING = frozenset({"never", "always", "doing", "before", "different_people", "at_least"})
LONGEST_COMPARISON = 5.0


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where, what was changed, and the set that it makes."""

    place: str
    change: str
    apply: Callable[[Definition], Definition]

    @property
    def name(self) -> str:
        return f"{self.place}: {self.change}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one mutant: the property that noticed it, or why none did."""

    mutant: Mutant
    killed_by: str = ""
    has_story: bool = False
    """Whether the fault was shown to do harm on the real engine; else the property is only no longer proved."""
    is_equivalent: bool = False


def mutants(definition: Definition) -> tuple[Mutant, ...]:
    """Return every single-fault mutant of a set, in a fixed order."""
    found: list[Mutant] = []
    floors = {s.deadline for machine in definition.machines.values() for s in machine.safeguards.values()}
    for machine in definition.machines.values():
        for t in machine.transitions.values():
            found += _of_transition(definition, machine, t)
        for deadline in machine.deadlines.values():
            if deadline.qualified in floors:
                short = replace(deadline, length=Length(1, "hours"))
                make = _put(machine.name, "deadlines", deadline.name, short)
                found.append(Mutant(deadline.qualified, "lasts one hour", make))
        for fact in machine.facts.values():
            for text, guard in _weakened(fact.when):
                make = _put(machine.name, "facts", fact.name, replace(fact, when=guard))
                found.append(Mutant(f"{machine.name}.{fact.name}", text, make))
    for shared in definition.shared.values():
        if shared.kind == "derived":
            for text, guard in _weakened(shared.when):
                change = {**definition.shared, shared.name: replace(shared, when=guard)}
                make = _with_shared(change)
                found.append(Mutant(f"shared.{shared.name}", text, make))
        for writer in sorted(shared.set_by):
            change = {**definition.shared, shared.name: replace(shared, set_by=shared.set_by - {writer})}
            found.append(Mutant(f"shared.{shared.name}", f"not set by {writer}", _with_shared(change)))
    return tuple(found)


def _of_transition(definition: Definition, machine: Machine, t: Transition) -> Iterator[Mutant]:
    def made(change: str, **values: object) -> Mutant:
        return Mutant(t.qualified, change, _put(machine.name, "transitions", t.name, replace(t, **values)))  # type: ignore[arg-type]

    for text, guard in _weakened(t.when):
        yield made(text, when=guard)
    for text, guard in _weakened(t.requires):
        yield made(f"requires: {text}", requires=guard)
    for function in t.needs_other_person_than:
        if t.function and kept_apart(definition, t.function, function):
            continue  # the matrix says the same: the set would not change
        rest = tuple(f for f in t.needs_other_person_than if f != function)
        yield made(f"may be done by who did {function}", needs_other_person_than=rest)
    if t.auto:
        yield Mutant(t.qualified, "is gone", _without(machine.name, t.name))
    if t.function:
        yield made("records no function", function=None)


def _weakened(guard: Guard) -> Iterator[tuple[str, Guard]]:
    """Yield a guard with one condition left out, or turned round."""
    if guard is ALWAYS:
        return
    match guard:
        case And(parts):
            for number, part in enumerate(parts):
                rest = (*parts[:number], *parts[number + 1 :])
                yield f"without “{to_text(part)}”", rest[0] if len(rest) == 1 else And(rest)
        case Or(parts):
            for number, part in enumerate(parts):
                rest = (*parts[:number], *parts[number + 1 :])
                yield f"without the way “{to_text(part)}”", rest[0] if len(rest) == 1 else Or(rest)
        case Compare(question, operator, number):
            yield "compared with one more", Compare(question, operator, number + 1)
        case Not(part):
            yield "not turned round", part
        case _:
            yield "always", ALWAYS


def _put(machine: str, section: str, name: str, declaration: object) -> Callable[[Definition], Definition]:
    def make(definition: Definition) -> Definition:
        declared = definition.machines[machine]
        sections: dict[str, Any] = {section: {**getattr(declared, section), name: declaration}}
        changed: Machine = replace(declared, **sections)
        return _marked(replace(definition, machines={**definition.machines, machine: changed}))

    return make


def _without(machine: str, transition: str) -> Callable[[Definition], Definition]:
    def make(definition: Definition) -> Definition:
        declared = definition.machines[machine]
        rest = {name: t for name, t in declared.transitions.items() if name != transition}
        return _marked(
            replace(definition, machines={**definition.machines, machine: replace(declared, transitions=rest)})
        )

    return make


def _with_shared(shared: Mapping[str, object]) -> Callable[[Definition], Definition]:
    return lambda definition: _marked(replace(definition, shared=shared))  # type: ignore[arg-type]


_COUNT = [0]


def _marked(definition: Definition) -> Definition:
    """Give a changed set a digest of its own: what is kept by digest must not be mixed up."""
    _COUNT[0] += 1
    return replace(definition, digest=f"{definition.digest}/mutant-{_COUNT[0]}")


def sample(found: tuple[Mutant, ...], number: int | None, seed: int) -> tuple[Mutant, ...]:
    """Return some of the mutants, the same for the same seed."""
    if number is None or number >= len(found):
        return found
    return tuple(random.Random(seed).sample(found, number))  # noqa: S311 - a repeatable choice, no secret


def try_mutants(
    definition: Definition, properties: tuple[Property, ...], chosen: tuple[Mutant, ...], *, budget: float
) -> Iterator[Tried]:
    """Yield what became of each mutant. Only properties proved of the unchanged set within the budget are asked."""
    asked = tuple(p for p in properties if p.safeguard.pattern in NOTICING)
    proofs = {r.of.id: r for r in judge(definition, asked, budget=budget) if r.is_green}
    noticing = tuple(p for p in asked if p.id in proofs)
    model = build_model(definition, tuple(p.safeguard for p in noticing))
    for mutant in chosen:
        mutated = build_model(mutant.apply(definition), tuple(p.safeguard for p in noticing))
        yield _try(mutant, model, mutated, noticing, proofs, budget)


def _try(
    mutant: Mutant,
    model: Model,
    mutated: Model,
    properties: tuple[Property, ...],
    proofs: Mapping[str, Result],
    budget: float,
) -> Tried:
    known = Known()
    weaker = None
    for one, result in kept(mutated, properties, proofs, known):
        if result is not None:
            continue
        found = judge_one(mutated, one, budget=budget, known=known)
        if found.verdict == "VIOLATED":
            return Tried(mutant, one.id, has_story=bool(found.story))
        if found.is_green:
            known.learn(found)
        elif found.finding is not None and found.finding.way:
            # No longer proved, and the model shows a way: the report is not green, whoever wrote the fault sees it.
            weaker = weaker or one.id
    if weaker:
        return Tried(mutant, weaker)
    return Tried(mutant, is_equivalent=_is_equivalent(model, mutated))


def _is_equivalent(model: Model, mutated: Model) -> bool:
    """Say whether a mutant changes nothing that could ever be seen: whatever can happen, happens in the same states.

    Conditions that differ only where no case ever gets are the same. Where that cannot be shown, it is no equivalent.
    """
    before = {event.name: event for event in model.events}
    after = {event.name: event for event in mutated.events}
    if before.keys() != after.keys() or model.words.variables.keys() != mutated.words.variables.keys():
        return False
    changed = [(before[name], event) for name, event in after.items() if before[name].ops != event.ops]
    return all(_only_elsewhere(model, old, new) for old, new in changed)


def _only_elsewhere(model: Model, old: ModelEvent, new: ModelEvent) -> bool:
    """Say whether two forms of an event have the same effects, and conditions that differ only out of reach."""
    if [op for op in old.ops if not isinstance(op, Only)] != [op for op in new.ops if not isinstance(op, Only)]:
        return False
    conditions = [all_of(*(op.when for op in event.ops if isinstance(op, Only))) for event in (old, new)]
    if any(isinstance(op, Only) for event in (old, new) for op in event.ops[_leading(event) :]):
        return False
    part = slice_for(model, conditions)
    try:
        prover = Prover(part, initial_state(model), clock() + LONGEST_COMPARISON)
        reached = prover.reach().states & prover.nothing_before(4, frozenset())
    except OutOfTime:
        return False
    one, other = (prover.diagram(condition) for condition in conditions)
    differ = (one & ~other) | (other & ~one)
    return bool(reached & differ == prover.manager.false)


def _leading(event: ModelEvent) -> int:
    return next((n for n, op in enumerate(event.ops) if not isinstance(op, Only)), len(event.ops))
