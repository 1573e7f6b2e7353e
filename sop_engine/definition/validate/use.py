"""Things declared that nothing uses, and things used in a place they do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Definition, Machine
from sop_engine.definition.validate.findings import error, warning
from sop_engine.guards.tree import KEY
from sop_engine.vocabulary import CASE_MACHINE


def use(definition: Definition) -> Iterator[Finding]:
    """Find papers nobody issues, editions without a day, and names that could be mistaken."""
    yield from _bar(definition)
    for machine in definition.machines.values():
        issued = {name for transition in machine.transitions.values() for name in transition.issues}
        for document in machine.documents.values():
            if document.name not in issued:
                mend = "let a transition issue it (issues: […]); a document can be issued by hand only afterwards"
                found = f'found the document "{document.name}" issued by no transition'
                yield warning(document.span, found, "nobody would ever hold it", mend)
        yield from _edition(machine)
        yield from _reserved_names(machine, definition)


def _bar(definition: Definition) -> Iterator[Finding]:
    case = definition.machines.get(CASE_MACHINE)
    if case is None:
        return
    for key, declared, mend in (
        ("identity", definition.identity, "write identity: {name: machine.step.question, …} after starts_in"),
        ("flags", definition.flags, "write flags: {shared_fact: alarm, …} after starts_in"),
    ):
        if not declared:
            why = "every page of a case shows it, and would show nothing"
            yield warning(case.span, f'found no "{key}" for the machine {case.name}', why, mend)


def _edition(machine: Machine) -> Iterator[Finding]:
    try:
        date.fromisoformat(machine.edition)
    except ValueError:
        yield error(
            machine.span, f'found the edition "{machine.edition}"', "there is no such day", "write year-month-day"
        )


def _reserved_names(machine: Machine, definition: Definition) -> Iterator[Finding]:
    if machine.name == KEY:
        why = "“key is …” asks what an instance was opened for"
        yield error(machine.span, f'found the machine "{machine.name}"', why, "choose another name")
    for state in machine.states.values():
        if state.name in ("any", "new", "not_opened"):
            why = "it is a word of the language"
            yield error(state.span, f'found the state "{state.name}"', why, "choose another name")
    for fact in machine.facts.values():
        if fact.name in definition.shared:
            why = "a shared fact has this name, and a reader could not tell which is meant"
            yield error(fact.span, f'found the fact "{fact.name}"', why, "choose another name")
