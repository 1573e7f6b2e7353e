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
from sop_engine.check.formula import FALSE
from sop_engine.check.ir import Model
from sop_engine.check.judge import judge_one
from sop_engine.check.properties import Obligation, Property, kept_apart, obligations
from sop_engine.check.slices import Slice
from sop_engine.check.verify import discharge
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


@dataclass(frozen=True, slots=True)
class Proof:
    """One proved property, and on which slices of the unchanged set its obligations were proved."""

    of: Property
    parts: tuple[tuple[Obligation, Slice], ...]


def try_mutants(
    definition: Definition, properties: tuple[Property, ...], chosen: tuple[Mutant, ...], *, budget: float
) -> Iterator[Tried]:
    """Yield what became of each mutant. Only properties proved of the unchanged set within the budget are asked."""
    model = build_model(definition, tuple(p.safeguard for p in properties))
    proofs = tuple(_proofs(model, properties, budget))
    known = tuple(proof.of.safeguard for proof in proofs)
    for mutant in chosen:
        mutated = build_model(mutant.apply(definition), known)
        killer = next((proof.of.id for proof in proofs if not _still_holds(proof, model, mutated, budget)), "")
        yield Tried(mutant, killer, is_equivalent=not killer and _is_equivalent(model, mutated))


def _proofs(model: Model, properties: tuple[Property, ...], budget: float) -> Iterator[Proof]:
    for one in properties:
        if one.safeguard.pattern in ("by_structure", "within", "always_possible"):
            continue
        result = judge_one(model, one, budget=budget)
        if result.is_green:
            parts = tuple((owed, found.part) for owed, found in result.proofs if found.part is not None)
            yield Proof(one, parts)


def _still_holds(proof: Proof, model: Model, mutated: Model, budget: float) -> bool:
    """Say whether a proof still stands: at once where nothing changed that it rests on, else by proving again."""
    safeguard = proof.of.safeguard
    if safeguard.pattern == "at_least":
        return judge_one(mutated, proof.of, budget=budget).is_green
    before = {(o.event.name if o.event else str(n)): (o, part) for n, (o, part) in enumerate(proof.parts)}
    for number, owed in enumerate(obligations(mutated, safeguard)):
        if owed.bad is FALSE:
            continue
        old = before.get(owed.event.name if owed.event else str(number))
        if old is not None and _rests_on_the_same(*old, owed, mutated):
            continue
        following = old[1].followed if old else frozenset()
        without = old[1].without if old else frozenset()
        found = discharge(mutated, owed, until=clock() + budget, without=without, following=following)
        if found.verdict != "PROVED":
            # Out of time is not noticed: only a way to the bad end is.
            return found.verdict == "UNKNOWN" and not found.way
    return True


def _rests_on_the_same(before: Obligation, part: Slice, now: Obligation, mutated: Model) -> bool:
    if before.bad is not now.bad or (before.event and before.event.ops) != (now.event and now.event.ops):
        return False
    there = Slice(mutated, part.followed, part.without)
    return [(e.name, e.ops) for e in part.events] == [(e.name, e.ops) for e in there.events]


def _is_equivalent(model: Model, mutated: Model) -> bool:
    """Say whether a mutant changes nothing: every event of the two models is the same, condition by condition."""
    before = {event.name: event.ops for event in model.events}
    return before == {event.name: event.ops for event in mutated.events}
