"""Where guards stand in a definition, and what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sop_engine.definition.model import Definition, Machine, Question
from sop_engine.guards.tree import And, FactIs, Guard, Not, Or

DEEPEST_FACT = 20


@dataclass(frozen=True, slots=True)
class PlacedGuard:
    """A guard and the declaration that holds it: ``transitions.confirm``, key ``when``."""

    machine: str
    owner: str
    key: str
    guard: Guard


def guards_of(definition: Definition) -> Iterator[PlacedGuard]:
    """Yield every guard of the set."""
    for machine in definition.machines.values():
        yield from _of_machine(machine)
    for name, shared in definition.shared.items():
        for key, guard in (("when", shared.when), ("set_when", shared.set_when), ("cleared_when", shared.cleared_when)):
            if guard is not None:
                yield PlacedGuard("", f"shared.{name}", key, guard)


def leaves(guard: Guard) -> Iterator[Guard]:
    """Yield the tests of a guard, without ``and``, ``or`` and ``not``."""
    match guard:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield guard


def inlined(definition: Definition, guard: Guard) -> Guard:
    """Return the guard with every fact that is a guard itself replaced by it, down to answers, states and the like."""
    return _inlined(definition, guard, depth=0)


def questions_of(machine: Machine) -> Iterator[Question]:
    """Yield every question of a machine, and after a table the columns of it."""
    for step in machine.steps.values():
        for question in step.questions.values():
            yield question
            yield from question.columns.values()


def _inlined(definition: Definition, guard: Guard, *, depth: int) -> Guard:
    match guard:
        case And(parts):
            return And(tuple(_inlined(definition, part, depth=depth) for part in parts))
        case Or(parts):
            return Or(tuple(_inlined(definition, part, depth=depth) for part in parts))
        case Not(part):
            return Not(_inlined(definition, part, depth=depth))
        case FactIs(machine, fact):
            body = _body(definition, machine, fact)
            # A circle of facts is reported by the lint; here it only must not keep us for ever.
            return guard if body is None or depth > DEEPEST_FACT else _inlined(definition, body, depth=depth + 1)
        case _:
            return guard


def _body(definition: Definition, machine: str | None, fact: str) -> Guard | None:
    if machine is None:
        shared = definition.shared.get(fact)
        return shared.when if shared is not None and shared.kind == "derived" else None
    home = definition.machines.get(machine)
    found = home.facts.get(fact) if home is not None else None
    return found.when if found is not None else None


def _of_machine(machine: Machine) -> Iterator[PlacedGuard]:
    for owner, key, guard in _raw_places(machine):
        if guard is not None:
            yield PlacedGuard(machine.name, owner, key, guard)


def _raw_places(machine: Machine) -> Iterator[tuple[str, str, Guard | None]]:
    for question in questions_of(machine):
        name = f"questions.{question.step}.{question.name}"
        yield name, "required", question.required_when
        yield name, "shown_when", question.shown_when
    for fact in machine.facts.values():
        yield f"facts.{fact.name}", "when", fact.when
    for transition in machine.transitions.values():
        yield f"transitions.{transition.name}", "when", transition.when
        yield f"transitions.{transition.name}", "requires", transition.requires
        for opening in transition.opens:
            yield f"transitions.{transition.name}", "opens", opening.when
    for deadline in machine.deadlines.values():
        name = f"deadlines.{deadline.name}"
        yield name, "starts_when", deadline.starts_when
        yield name, "stops_when", deadline.stops_when
        yield name, "paused_when", deadline.paused_when
        for _length, guard in deadline.variants:
            yield name, "value_when", guard
    for panel in machine.panels.values():
        for asked in panel.questions.values():
            yield f"panels.{panel.name}", f"questions.{asked.name}", asked.when
    for document in machine.documents.values():
        for block in document.blocks:
            yield f"documents.{document.name}", "blocks", block.when
    for safeguard in machine.safeguards.values():
        yield f"safeguards.{safeguard.name}", safeguard.pattern, safeguard.guard
        yield f"safeguards.{safeguard.name}", safeguard.pattern, safeguard.until
