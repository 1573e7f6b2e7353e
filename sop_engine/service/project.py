"""A case as the lists need it: where things stand, what is due, who has something to do. Derived, never decided."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.model import NEW, Definition, Machine
from sop_engine.engine.deadlines import calls_somebody, deadlines_of, next_wake
from sop_engine.engine.offers import unopened
from sop_engine.engine.permission import may_open_by_hand
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.tree import ALWAYS
from sop_engine.service.identity import identity_of
from sop_engine.store.projection import DeadlineRow, ProceedingRow, Projection
from sop_engine.store.sealed import search_keys
from sop_engine.vocabulary import Case, Proceeding


def project(definition: Definition, case: Case) -> Projection:
    """Return what the lists show of a case."""
    reading = CaseReading(definition, case)
    who = identity_of(definition, case)
    due = [run for run in case.deadlines if run.ended_at is None and run.paused_at is None]
    # A birthday is a deadline of the case, but nobody's work.
    due = [run for run in due if _is_work(definition, run.name)]
    first = min(due, key=lambda run: run.due_at, default=None)
    return Projection(
        office_id=case.office,
        summary=who.as_summary() if who.is_known else None,
        initials=who.initials or None,
        next_due_at=first.due_at if first else None,
        next_due_name=first.name if first else None,
        # What is merely information stands on the case's own page; a list shows what calls for care.
        flags=tuple(
            fact
            for fact, severity in definition.flags.items()
            if severity != "info" and reading.fact(None, fact) is True
        ),
        from_paper=case.from_paper,
        family_group=case.family,
        proceedings=tuple(_proceedings(definition, case)),
        open_actions=frozenset(open_actions(definition, case, reading)),
        possible_actions=frozenset(possible_actions(definition, case, reading)),
        deadlines=tuple(_deadlines(definition, case)),
        duties=case.duties,
        documents=case.documents,
        participations=case.participations,
        name_keys=search_keys(" ".join((who.name, *who.other_names)), case.office),
    )


def _is_work(definition: Definition, name: str) -> bool:
    machine, deadline = name.split(".", 1)
    declared = deadlines_of(definition, machine).get(deadline)
    return declared is not None and calls_somebody(declared)


def _proceedings(definition: Definition, case: Case) -> Iterator[ProceedingRow]:
    for p in case.proceedings:
        state = definition.machines[p.machine].states.get(p.state)
        yield ProceedingRow(p.id, p.machine, p.key, p.state, state.kind if state else NEW, p.entered_at)


def _deadlines(definition: Definition, case: Case) -> Iterator[DeadlineRow]:
    counts: dict[tuple[str, str], int] = {}
    for run in case.deadlines:
        place = (run.name, run.proceeding)
        counts[place] = counts.get(place, 0) + 1
        machine, name = run.name.split(".", 1)
        declared = deadlines_of(definition, machine).get(name)
        role = declared.escalate[0].to if declared and declared.escalate else ""
        wakes = next_wake(definition, run)
        yield DeadlineRow(run.proceeding, run.name, counts[place], run.started_at, run.due_at, run.status, role, wakes)


def open_actions(definition: Definition, case: Case, reading: CaseReading) -> Iterator[tuple[str, str]]:
    """Give (proceeding, role) for every role for which something waits.

    A step to answer, a transition that is open, a panel that sits or will sit, a duty.
    """
    for p in case.proceedings:
        machine = definition.machines[p.machine]
        state = machine.states.get(p.state)
        if state is None or state.kind == "end" or case.newest(p.machine, p.key) is not p:
            continue
        for step in state.steps:
            yield from ((p.id, role) for role in machine.steps[step].by)
        for panel in machine.panels.values():
            if p.state in panel.in_states or p.state in panel.listed_in:
                yield from ((p.id, role) for role in panel.members | {panel.chair})
        if state.kind != "rest":
            yield from _open_transitions(p, machine, reading)
    yield from ((duty.proceeding, duty.role) for duty in case.duties if not duty.done)


def possible_actions(definition: Definition, case: Case, reading: CaseReading) -> Iterator[tuple[str, str]]:
    """Give (proceeding, role) for what could be done although nobody waits for it: what rests, what may start anew."""
    for p in case.proceedings:
        machine = definition.machines[p.machine]
        state = machine.states.get(p.state)
        if state is not None and state.kind == "rest" and case.newest(p.machine, p.key) is p:
            yield from _open_transitions(p, machine, reading)
    for machine in definition.machines.values():
        # A start without a condition would open every case of the office to its roles: it opens none.
        starting = [t for t in machine.transitions.values() if t.from_new and not t.auto and t.when != ALWAYS]
        for key in machine.key_values or (None,):
            if starting and may_open_by_hand(definition, case, machine, key):
                place = unopened(machine, key, case)
                for transition in starting:
                    if reading.at(place).holds(transition.when) is True:
                        yield from ((place.id, role) for role in transition.by)


def _open_transitions(p: Proceeding, machine: Machine, reading: CaseReading) -> Iterator[tuple[str, str]]:
    for transition in machine.exits(p.state):
        open_now = not transition.auto and not transition.is_fact
        if open_now and reading.at(p).holds(transition.when) is True:
            yield from ((p.id, role) for role in transition.by)
