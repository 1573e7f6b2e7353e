"""How confidential a sentence about a case is. "A sign of trafficking is on record" gives away what the sign gave away.

A fact is as confidential as the most confidential question it rests on; an act as what it asks or sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.model import Confidentiality, Definition, Question, Transition
from sop_engine.guards.references import references
from sop_engine.guards.tree import Guard, QuestionRef

FROM_OPEN_TO_SECRET: tuple[Confidentiality, ...] = ("procedure", "identity", "story", "sensitive", "restricted")


def up_to(highest: Confidentiality) -> frozenset[Confidentiality]:
    """Return a class and all that are less confidential."""
    return frozenset(FROM_OPEN_TO_SECRET[: FROM_OPEN_TO_SECRET.index(highest) + 1])


def fact_class(definition: Definition, machine: str | None, fact: str) -> Confidentiality:
    """Return the class of a fact of a machine, or of a shared fact (machine None)."""
    found = set(_of_fact(definition, machine, fact, seen=set()))
    return max(found, key=FROM_OPEN_TO_SECRET.index, default="procedure")


def may_know_step(definition: Definition, machine: str, step: str, holds: frozenset[str]) -> bool:
    """Say whether a reader may know that a step was answered: at least one of its questions is theirs to read."""
    declared = definition.machines[machine].steps.get(step) if machine in definition.machines else None
    if declared is None or not declared.questions:
        return True
    return any(question.confidentiality in holds for question in declared.questions.values())


def may_know_act(definition: Definition, transition: Transition, holds: frozenset[str]) -> bool:
    """Say whether a reader may know that a transition was taken."""
    if transition.asks and not may_know_step(definition, transition.machine, transition.asks, holds):
        return False
    return all(
        fact_class(definition, None, fact.name) in holds
        for fact in definition.shared.values()
        if transition.qualified in fact.set_by | fact.cleared_by
    )


def _of_fact(
    definition: Definition, machine: str | None, fact: str, *, seen: set[tuple[str | None, str]]
) -> Iterator[Confidentiality]:
    if (machine, fact) in seen:
        return
    seen.add((machine, fact))
    if machine is not None:
        declared = definition.machines[machine].facts.get(fact) if machine in definition.machines else None
        if declared is not None:
            yield from _of_guard(definition, declared.when, seen=seen)
        return
    shared = definition.shared.get(fact)
    if shared is None:
        return
    for guard in (shared.when, shared.set_when, shared.cleared_when):
        if guard is not None:
            yield from _of_guard(definition, guard, seen=seen)
    for qualified in shared.set_by | shared.cleared_by:
        home, _, name = qualified.partition(".")
        act = definition.machines[home].transitions.get(name) if home in definition.machines else None
        step = definition.machines[home].steps.get(act.asks) if act is not None and act.asks else None
        for question in step.questions.values() if step is not None else ():
            yield question.confidentiality


def _of_guard(definition: Definition, guard: Guard, *, seen: set[tuple[str | None, str]]) -> Iterator[Confidentiality]:
    read = references(guard)
    for place in read.questions:
        question = _question(definition, place)
        if question is not None:
            yield question.confidentiality
    for table, column in read.columns:
        question = _question(definition, table)
        if question is not None and column in question.columns:
            yield question.columns[column].confidentiality
    for machine, fact in read.facts:
        yield from _of_fact(definition, machine, fact, seen=seen)


def _question(definition: Definition, place: QuestionRef) -> Question | None:
    machine = definition.machines.get(place.machine or "")
    step = machine.steps.get(place.step) if machine else None
    return step.questions.get(place.question) if step else None
