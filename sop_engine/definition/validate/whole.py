"""Checks of the whole set: they would accuse the innocent while a guard that may use the thing cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.faults import Finding
from sop_engine.definition.guard_places import guards_of, inlined, leaves
from sop_engine.definition.model import Declared, Definition, Transition
from sop_engine.definition.validate.findings import warning
from sop_engine.guards.tree import FactIs, InstancesIn, StateIn


def unused_facts(definition: Definition) -> Iterator[Finding]:
    """Find facts that nothing reads."""
    used = {
        (leaf.machine, leaf.fact)
        for placed in guards_of(definition)
        for leaf in leaves(placed.guard)
        if isinstance(leaf, FactIs)
    }
    for machine in definition.machines.values():
        for fact in machine.facts.values():
            if (machine.name, fact.name) not in used:
                why = "no guard, deadline, document or safeguard reads it"
                yield warning(fact.span, f'found the fact "{fact.name}" unused', why, "use it or remove it")


def endless_acts(definition: Definition) -> Iterator[Finding]:
    """Find automatic transitions that stay where they are and do not make their own guard false."""
    for machine in definition.machines.values():
        for transition in machine.transitions.values():
            if transition.auto and transition.target is None and not _undoes_its_own_guard(transition, definition):
                found = f'found the automatic transition "{transition.name}" that stays'
                why = "it would fire again and again while its guard is true"
                mend = "let the guard ask whether its effect is already there, or lead to a state"
                yield warning(transition.span, found, why, mend)


def unheard_functions(definition: Definition) -> Iterator[Finding]:
    """Find functions that keep other people away and that nobody ever gets."""
    recorded = _recorded_functions(definition)
    for machine in definition.machines.values():
        named: list[tuple[Declared, frozenset[str]]] = [
            (transition, frozenset({*transition.needs_other_person_than, *transition.other_than_earlier_round}))
            for transition in machine.transitions.values()
        ]
        named += [(panel, frozenset(panel.needs_other_person_than)) for panel in machine.panels.values()]
        named += [(safeguard, frozenset(safeguard.functions)) for safeguard in machine.safeguards.values()]
        for declared, functions in named:
            if functions - recorded:
                unheard = ", ".join(sorted(functions - recorded))
                found = f'found {unheard} in "{declared.name}" as functions of other people'
                why = "no step, transition or panel of the set records them, so they keep nobody away"
                yield warning(declared.span, found, why, "give the act they mean its function: key")


def _undoes_its_own_guard(transition: Transition, definition: Definition) -> bool:
    """Say whether the guard reads what the act itself changes: a machine it opens, a shared fact it writes."""
    opened = {opening.machine for opening in transition.opens}
    written = {
        name for name, shared in definition.shared.items() if transition.qualified in shared.set_by | shared.cleared_by
    }
    for leaf in leaves(inlined(definition, transition.when)):
        match leaf:
            case StateIn(machine) | InstancesIn(_, machine):
                if machine in opened:
                    return True
            case FactIs(None, fact):
                if fact in written:
                    return True
            case _:
                pass
    return False


def _recorded_functions(definition: Definition) -> frozenset[str]:
    found: set[str] = set()
    for machine in definition.machines.values():
        found |= {step.function for step in machine.steps.values() if step.function}
        found |= {transition.function for transition in machine.transitions.values() if transition.function}
        found |= {panel.function for panel in machine.panels.values()}
    return frozenset(found)
