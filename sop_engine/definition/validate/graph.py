"""States and the ways between them: nobody is stuck, and no state is declared for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Definition, Machine
from sop_engine.definition.validate.findings import error, warning


def graph(definition: Definition) -> Iterator[Finding]:
    """Find states that cannot be reached, cannot be left, or never come to an end."""
    opened: dict[str, set[str]] = {}
    for machine in definition.machines.values():
        for transition in machine.transitions.values():
            for opening in transition.opens:
                if opening.state:
                    opened.setdefault(opening.machine, set()).add(opening.state)
    for machine in definition.machines.values():
        yield from _machine(machine, opened.get(machine.name, set()))


def _machine(machine: Machine, opened_in: set[str]) -> Iterator[Finding]:
    starts = {machine.starts_in, *opened_in}
    starts |= {t.target for t in machine.transitions.values() if t.from_new and t.target}
    ways = _ways(machine)
    reached = _closure(starts, ways)
    back: dict[str, set[str]] = {}
    for origin, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(origin)
    resting = {name for name, state in machine.states.items() if state.kind in ("end", "rest")}
    can_rest = _closure(resting, back)
    first = machine.states.get(machine.starts_in)
    if first is not None and first.kind == "end":
        found = f'found the end "{first.name}" as the first state'
        yield error(first.span, found, "nothing could ever happen", "start in another state")
    for state in machine.states.values():
        if state.name not in reached:
            found = f'found no way into the state "{state.name}"'
            mend = "write a transition to it, open it from another machine (in:), or remove it"
            yield error(state.span, found, "nobody can ever be in it", mend)
        leaving = ways.get(state.name, set()) - {state.name}
        if state.kind == "end" and leaving:
            found = f'found a way out of the end "{state.name}" to {", ".join(sorted(leaving))}'
            yield error(state.span, found, "an end is final", "make its kind rest, or remove the transition")
        elif state.kind in ("work", "wait") and not leaving:
            found = f'found no way out of the state "{state.name}"'
            yield error(
                state.span, found, "the person would be stuck in it", "write a transition, or make its kind end"
            )
        elif state.kind != "end" and resting and state.name not in can_rest:
            found = f'found no way from the state "{state.name}" to any end or rest'
            yield error(state.span, found, "the person would go round for ever", "write a transition that leads on")
        if state.kind == "end" and state.steps:
            found = f'found the steps {", ".join(state.steps)} in the end "{state.name}"'
            yield warning(state.span, found, "nothing is asked any more after an end", "ask them in a state before it")
    yield from _points(machine)


def _points(machine: Machine) -> Iterator[Finding]:
    """A point of decision has at least two ways."""
    for state in machine.states.values():
        exits = [t for t in machine.exits(state.name) if t.target is not None and t.target != state.name]
        if state.point == "rule" and len(exits) < 2:
            found = f'found {len(exits)} way out of the rule point "{state.name}"'
            yield warning(
                state.span, found, "a rule chooses between ways", "remove point: rule, or write the other way"
            )


def _ways(machine: Machine) -> Mapping[str, set[str]]:
    ways: dict[str, set[str]] = {}
    for transition in machine.transitions.values():
        if transition.target is not None:
            for state in transition.from_states:
                ways.setdefault(state, set()).add(transition.target)
    return ways


def _closure(starts: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += ways.get(state, ())
    return reached
