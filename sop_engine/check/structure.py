"""What is wrong with the shape of a procedure, whatever its properties: found on the diagram and on its conditions.

Only what is certain is reported as an error; what may be meant so is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sop_engine.check.bdd import Prover
from sop_engine.check.events import initial_state
from sop_engine.check.formula import Formula, all_of, any_of, literal, negation
from sop_engine.check.ir import Model, ModelEvent
from sop_engine.check.kinds import kinds_of
from sop_engine.check.slices import Slice
from sop_engine.check.variables import Slot, state_name
from sop_engine.definition.model import Definition, Machine
from sop_engine.guards.references import references
from sop_engine.guards.tree import Span
from sop_engine.vocabulary import NOT_OPENED

MOST_WITNESSES = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what kind, how grave, where, in a sentence."""

    kind: str
    severity: Literal["error", "warning", "note"]
    span: Span
    text: str


def findings(model: Model) -> tuple[Finding, ...]:
    """Return every finding on the structure of a set."""
    found: list[Finding] = []
    for machine in model.definition.machines.values():
        kinds = kinds_of(model.definition, machine.name)
        found += _never_enabled(model, machine, kinds)
        found += _unreachable(model, machine, kinds)
        told: dict[str, Finding] = {}
        for slot in kinds:
            for finding in (*_points(model, machine, slot), *_open_automatics(model, machine, slot)):
                # The same for another kind is told once; only its witness has other names.
                told.setdefault(finding.text.partition(": ")[0], finding)
        found += told.values()
        found += _idle_deadlines(model.definition, machine)
        found += _staffing(model.definition, machine)
    return tuple(found)


def _events(model: Model, slot: Slot) -> list[ModelEvent]:
    return [e for e in model.events if e.slot == slot and e.kind in ("act", "auto")]


def _prover(model: Model, slot: Slot) -> Prover:
    return Prover(Slice(model, frozenset({state_name(slot)})), initial_state(model))


def _can_happen(prover: Prover, event: ModelEvent) -> bool:
    before = prover.manager.true
    for op in reversed(event.ops):
        before = prover.before(op, before)
    return bool(before & prover.valid(event.reads) != prover.manager.false)


def _never_enabled(model: Model, machine: Machine, kinds: tuple[Slot, ...]) -> Iterator[Finding]:
    """One way of one kind is enough: an act that only some kinds know is closed for the others."""
    ways = {(e.subject, e.name.endswith("(new)")): False for _, events in _by_kind(model, kinds) for e in events}
    for prover, events in _by_kind(model, kinds):
        for event in events:
            way = (event.subject, event.name.endswith("(new)"))
            ways[way] = ways[way] or _can_happen(prover, event)
    for (name, _is_new), can_happen in ways.items():
        if not can_happen:
            transition = machine.transitions[name]
            text = f"“{transition.qualified}” can never be taken: its conditions contradict one another."
            yield Finding("never enabled", "error", transition.span, text)


def _by_kind(model: Model, kinds: tuple[Slot, ...]) -> Iterator[tuple[Prover, list[ModelEvent]]]:
    for slot in kinds:
        yield _prover(model, slot), _events(model, slot)


def _unreachable(model: Model, machine: Machine, kinds: tuple[Slot, ...]) -> Iterator[Finding]:
    reached = {machine.starts_in}
    reached |= {
        opening.state or machine.starts_in
        for other in model.definition.machines.values()
        for t in other.transitions.values()
        for opening in t.opens
        if opening.machine == machine.name
    }
    possible = [e for prover, events in _by_kind(model, kinds) for e in events if _can_happen(prover, e)]
    reached |= {machine.transitions[e.subject].target or "" for e in possible if e.name.endswith("(new)")}
    grown = True
    while grown:
        before = len(reached)
        for event in possible:
            transition = machine.transitions[event.subject]
            if transition.target and reached & set(transition.from_states):
                reached.add(transition.target)
        grown = len(reached) > before
    for name, state in machine.states.items():
        if name not in reached:
            yield Finding("unreachable", "error", state.span, f"No way leads to “{machine.name}.{name}”.")


def _points(model: Model, machine: Machine, slot: Slot) -> Iterator[Finding]:
    """At a rule point exactly one way is open once every answer is given, at a discretion point at least one."""
    for state in machine.states.values():
        if state.point is None:
            continue
        ways = [e for e in _events(model, slot) if state.name in machine.transitions[e.subject].from_states]
        ways = [e for e in ways if machine.transitions[e.subject].target is not None]
        guards = {e.subject: all_of(e.guard, _all_answered(model, e.guard)) for e in ways}
        here = literal(state_name(slot), {state.name})
        answered = all_of(*(_all_answered(model, e.guard) for e in ways))
        gap = all_of(here, answered, negation(any_of(*guards.values())))
        witness = _witness(model, gap)
        if witness:
            yield Finding(
                "gap", "warning", state.span, f"At “{machine.name}.{state.name}” no way may be open: {witness}."
            )
        if state.point == "rule":
            yield from _overlaps(model, machine, state.name, guards, here)


def _overlaps(
    model: Model, machine: Machine, state: str, guards: dict[str, Formula], here: Formula
) -> Iterator[Finding]:
    names = sorted(guards)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            witness = _witness(model, all_of(here, guards[one], guards[other]))
            if witness:
                text = f"At the rule point “{machine.name}.{state}” both {one} and {other} may be open: {witness}."
                yield Finding("overlap", "warning", machine.transitions[one].span, text)


def _all_answered(model: Model, guard: Formula) -> Formula:
    variables = model.words.variables
    return all_of(
        *(
            negation(literal(name, {variables[name].initial}))
            for name in sorted(guard.support)
            if variables[name].kind in ("answer", "latest", "rows") and "?" not in name
        )
    )


def _witness(model: Model, formula: Formula) -> str:
    """Return values for which a formula is true, in words, or nothing when it never is."""
    if not formula.support:
        return ""
    prover = Prover(Slice(model, formula.support), initial_state(model))
    states = prover.diagram(formula) & prover.valid(formula.support)
    if states == prover.manager.false:
        return ""
    told = prover.decode(states, sorted(formula.support))
    return "; ".join(f"{name} = {value}" for name, value in list(told.items())[:MOST_WITNESSES])


def _open_automatics(model: Model, machine: Machine, slot: Slot) -> Iterator[Finding]:
    """An automatic transition that rests on an unanswered question waits silently; its author should know."""
    for transition in machine.transitions.values():
        if not transition.auto:
            continue
        truth = model.reader.read(transition.when, slot)
        here = literal(state_name(slot), transition.from_states)
        witness = _witness(model, all_of(here, negation(truth.true), negation(truth.false)))
        if witness:
            text = f"The automatic “{transition.qualified}” waits while something is unanswered: {witness}."
            yield Finding("open automatic", "note", transition.span, text)


def _idle_deadlines(definition: Definition, machine: Machine) -> Iterator[Finding]:
    read: set[str] = set()
    for other in definition.machines.values():
        guards = [t.when for t in other.transitions.values()] + [f.when for f in other.facts.values()]
        guards += [s.guard for s in other.safeguards.values()]
        for guard in guards:
            read |= {f"{home or other.name}.{name}" for home, name in references(guard).deadlines}
    for deadline in machine.deadlines.values():
        if deadline.qualified not in read and not deadline.escalate:
            text = f"The end of the deadline “{deadline.qualified}” changes nothing and calls nobody."
            yield Finding("deadline without effect", "warning", deadline.span, text)


def _staffing(definition: Definition, machine: Machine) -> Iterator[Finding]:
    """Where separation asks for two people, one role that only one person holds stops the procedure: say so."""
    recorders: dict[str, set[str]] = {}
    for other in definition.machines.values():
        for t in other.transitions.values():
            if t.function:
                recorders.setdefault(t.function, set()).update(t.by)
        for step in other.steps.values():
            if step.function:
                recorders.setdefault(step.function, set()).update(step.by)
    for t in machine.transitions.values():
        for function in t.needs_other_person_than:
            roles = recorders.get(function, set())
            if len(t.by) == 1 and roles == t.by:
                text = (
                    f"“{t.qualified}” needs at least two people with the role {min(t.by)} (another did “{function}”)."
                )
                yield Finding("staffing", "note", t.span, text)


__all__ = ["NOT_OPENED", "Finding", "findings"]
