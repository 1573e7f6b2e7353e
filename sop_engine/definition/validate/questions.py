"""Questions: asked where somebody can answer them, and hidden only behind answers that were given before."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.faults import Finding
from sop_engine.definition.guard_places import leaves
from sop_engine.definition.model import Definition, Machine, Step
from sop_engine.definition.validate.findings import error, warning
from sop_engine.guards.tree import Answered, Compare, Guard, Includes, Rows, ValueIn


def questions(definition: Definition) -> Iterator[Finding]:
    """Find steps that are never asked, and questions that wait for a later answer."""
    for machine in definition.machines.values():
        yield from _places(machine)
        for step in machine.steps.values():
            yield from _order(machine, step)


def _places(machine: Machine) -> Iterator[Finding]:
    listed = {step for state in machine.states.values() for step in state.steps}
    asked = {t.asks for t in machine.transitions.values() if t.asks}
    for step in machine.steps.values():
        if not step.questions:
            yield error(
                step.span, f'found no question in the step "{step.name}"', "there is nothing to do in it", "ask one"
            )
        if step.name not in listed | asked:
            why = "its questions would never be asked"
            mend = "list it in the steps of a state, or let a transition ask it"
            yield error(step.span, f'found the step "{step.name}" in no state and no transition', why, mend)
        if step.name in listed & asked:
            why = "it could be answered before the act that asks it, and again in the act"
            mend = "list it in the state or ask it in the transition, not both"
            yield warning(step.span, f'found the step "{step.name}" in a state and asked by a transition', why, mend)


def _order(machine: Machine, step: Step) -> Iterator[Finding]:
    order = {name: at for at, name in enumerate(step.questions)}
    for question in step.questions.values():
        for key, guard in (("shown_when", question.shown_when), ("required", question.required_when)):
            for name in _read_here(machine.name, step.name, guard):
                if order.get(name, -1) >= order[question.name]:
                    which = "itself" if name == question.name else f'the later question "{name}"'
                    found = f'found "{key}" of "{step.name}.{question.name}" reading {which}'
                    why = "a question can only depend on answers given before it"
                    yield error(question.span, found, why, "declare the other question first")


def _read_here(machine: str, step: str, guard: Guard | None) -> Iterator[str]:
    for leaf in leaves(guard) if guard is not None else ():
        match leaf:
            case Answered(read) | ValueIn(read) | Includes(read) | Compare(read) | Rows(_, read):
                if (read.machine, read.step) == (machine, step) and not read.latest:
                    yield read.question
            case _:
                pass
