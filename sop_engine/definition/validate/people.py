"""Who acts: every act has somebody who may do it, and nothing adverse happens by itself."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Definition, Machine, Transition
from sop_engine.definition.validate.findings import error
from sop_engine.guards.tree import ALWAYS

REMOVAL_MACHINES = frozenset({"departure"})


def people(definition: Definition) -> Iterator[Finding]:
    """Find acts that nobody may do, and acts that a machine must not do."""
    for machine in definition.machines.values():
        for transition in machine.transitions.values():
            yield from _actor(transition, definition)
            yield from _act(transition)
        yield from _steps(machine, definition)
        yield from _panels(machine)


def _actor(transition: Transition, definition: Definition) -> Iterator[Finding]:
    span, name = transition.span, transition.name
    if transition.auto:
        if transition.is_adverse:
            why = "what goes against the person is always confirmed by a named person"
            yield error(
                span, f'found the automatic transition "{name}" marked adverse', why, "write by: instead of auto"
            )
        if transition.is_removal:
            why = "nobody leaves the territory by a machine's act"
            yield error(
                span, f'found the automatic transition "{name}" marked removal', why, "write by: instead of auto"
            )
        if transition.asks:
            yield error(
                span, f'found "asks" in the automatic transition "{name}"', "the system has no answers", "write by:"
            )
        if transition.decided_by:
            why = "a panel's result is recorded by a named person"
            yield error(span, f'found "decided_by" in the automatic transition "{name}"', why, "write by:")
    elif not transition.by:
        mend = "write by: [role], or auto: yes for what the system does"
        yield error(span, f'found nobody who may do "{name}"', "a way that nobody may take is closed", mend)
    elif all(definition.roles[role].is_person for role in transition.by):
        why = "these people do not sign in; an officer records what they say or do"
        yield error(
            span, f'found only {", ".join(sorted(transition.by))} in "by" of "{name}"', why, "add an officer's role"
        )


def _act(transition: Transition) -> Iterator[Finding]:
    span, name = transition.span, transition.name
    if not transition.auto and not transition.does:
        why = "the officer must read what the act does, in law, before the button"
        yield error(span, f'found no "does" in "{name}"', why, "write does: and a full sentence")
    if transition.requires != ALWAYS and not transition.asks:
        why = "it is read over the answers given in the act"
        yield error(span, f'found "requires" without "asks" in "{name}"', why, "write asks: and a step, or use when")
    if transition.is_removal and transition.machine not in REMOVAL_MACHINES:
        why = "there is one door out of the territory, and it stands in departure"
        yield error(span, f'found "removal" in {transition.qualified}', why, "open a departure instead")
    if transition.is_fact and transition.is_adverse:
        why = "a fact is never refused, and an adverse act never waved through"
        yield error(span, f'found "fact" and "adverse" in "{name}"', why, "keep one of the two")


def _steps(machine: Machine, definition: Definition) -> Iterator[Finding]:
    for step in machine.steps.values():
        if not step.by:
            mend = "write by: [role]"
            yield error(step.span, f'found nobody who may answer "{step.name}"', "it would stay open for ever", mend)
        elif all(definition.roles[role].is_person for role in step.by):
            why = "these people do not sign in; an officer records what they say or do"
            found = f'found only {", ".join(sorted(step.by))} in "by" of "{step.name}"'
            yield error(step.span, found, why, "add an officer's role")


def _panels(machine: Machine) -> Iterator[Finding]:
    for panel in machine.panels.values():
        closing = [t for t in machine.transitions.values() if t.decided_by == panel.name]
        if not closing:
            why = "its votes would lead nowhere"
            mend = f"write a transition with decided_by: {panel.name}"
            yield error(panel.span, f'found no transition decided by "{panel.name}"', why, mend)
        for transition in closing:
            outside = set(transition.from_states) - set(panel.in_states)
            if outside or transition.from_new:
                found = f'found "{transition.name}" from {", ".join(sorted(outside)) or "new"}'
                why = f"the panel that decides it sits in {', '.join(panel.in_states)}"
                yield error(transition.span, found, why, "start it where the panel sits")
