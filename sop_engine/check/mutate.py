"""Single faults put into the declarations, one at a time: which of them do the properties notice?

A fault that no property notices shows either that something is unprotected, or that nothing changed by it (equivalent).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sop_engine.check.budget import clock
from sop_engine.check.events import build_model
from sop_engine.check.ir import Model
from sop_engine.check.judge import judge_one
from sop_engine.check.properties import Property, obligations
from sop_engine.definition.model import Definition, Machine, Transition
from sop_engine.guards.tree import ALWAYS, And, Compare, Guard, Not, Or
from sop_engine.guards.written import to_text
from sop_engine.periods import Length


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where, what was changed, and the set that it makes."""

    place: str
    change: str
    apply: Callable[[Definition], Definition]
    touches: frozenset[str]
    """Machines and facts it touches, by name."""

    @property
    def name(self) -> str:
        return f"{self.place}: {self.change}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one mutant: the property that noticed it, or why none did."""

    mutant: Mutant
    killed_by: str = ""
    is_equivalent: bool = False


def mutants(definition: Definition) -> tuple[Mutant, ...]:
    """Return every single-fault mutant of a set, in a fixed order."""
    found: list[Mutant] = []
    floors = {s.deadline for machine in definition.machines.values() for s in machine.safeguards.values()}
    for machine in definition.machines.values():
        for t in machine.transitions.values():
            found += _of_transition(machine, t)
        for deadline in machine.deadlines.values():
            if deadline.qualified in floors:
                short = replace(deadline, length=Length(1, "hours"))
                make = _put(machine.name, "deadlines", deadline.name, short)
                found.append(Mutant(deadline.qualified, "lasts one hour", make, frozenset({deadline.qualified})))
        for fact in machine.facts.values():
            for text, guard in _weakened(fact.when):
                make = _put(machine.name, "facts", fact.name, replace(fact, when=guard))
                found.append(Mutant(f"{machine.name}.{fact.name}", text, make, frozenset({machine.name})))
    for shared in definition.shared.values():
        if shared.kind == "derived":
            for text, guard in _weakened(shared.when):
                change = {**definition.shared, shared.name: replace(shared, when=guard)}
                make = _with_shared(change)
                found.append(Mutant(f"shared.{shared.name}", text, make, frozenset({f"fact {shared.name}"})))
        for writer in sorted(shared.set_by):
            change = {**definition.shared, shared.name: replace(shared, set_by=shared.set_by - {writer})}
            found.append(
                Mutant(
                    f"shared.{shared.name}",
                    f"not set by {writer}",
                    _with_shared(change),
                    frozenset({f"fact {shared.name}"}),
                )
            )
    return tuple(found)


def _of_transition(machine: Machine, t: Transition) -> Iterator[Mutant]:
    touches = frozenset({machine.name, t.qualified})

    def made(change: str, **values: object) -> Mutant:
        return Mutant(t.qualified, change, _put(machine.name, "transitions", t.name, replace(t, **values)), touches)  # type: ignore[arg-type]

    for text, guard in _weakened(t.when):
        yield made(text, when=guard)
    for text, guard in _weakened(t.requires):
        yield made(f"requires: {text}", requires=guard)
    for function in t.needs_other_person_than:
        rest = tuple(f for f in t.needs_other_person_than if f != function)
        yield made(f"may be done by who did {function}", needs_other_person_than=rest)
    if t.auto:
        yield Mutant(t.qualified, "is gone", _without(machine.name, t.name), touches)
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
    model = build_model(definition, tuple(p.safeguard for p in properties))
    proved: list[tuple[Property, frozenset[str]]] = []
    for one in properties:
        if one.safeguard.pattern in ("by_structure", "within", "always_possible"):
            continue
        began = clock()
        result = judge_one(model, one, budget=budget)
        if result.is_green and clock() - began <= budget:
            proved.append((one, _cone(model, one)))
    for mutant in chosen:
        changed = mutant.apply(definition)
        mutated = build_model(changed, tuple(p.safeguard for p, _ in proved))
        killer = ""
        # Those that speak of what was touched are asked first; then all others, since effects travel.
        for one, _ in sorted(proved, key=lambda pair: not (pair[1] & mutant.touches)):
            if not judge_one(mutated, one, budget=budget).is_green:
                killer = one.id
                break
        yield Tried(mutant, killer, is_equivalent=not killer and _is_equivalent(model, mutated, mutant))


def _cone(model: Model, one: Property) -> frozenset[str]:
    found: set[str] = {one.safeguard.transition, one.safeguard.deadline, one.safeguard.machine}
    for obligation in obligations(model, one.safeguard):
        names = set(obligation.bad.support)
        found |= names | {model.words.variables[n].slot.partition("[")[0] for n in names}
    return frozenset(found)


def _is_equivalent(model: Model, mutated: Model, mutant: Mutant) -> bool:
    """Say whether a mutant changes nothing: every event of the two models is the same, condition by condition."""
    before = {event.name: event for event in model.events}
    after = {event.name: event for event in mutated.events}
    if before.keys() != after.keys():
        return False
    return all(before[name].ops == after[name].ops for name in before)
