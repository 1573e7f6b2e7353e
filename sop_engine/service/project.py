"""A case as the lists need it: where things stand, what is due, who has something to do. Derived, never decided."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.model import NEW, Definition
from sop_engine.engine.deadlines import calls_somebody, deadlines_of, next_wake
from sop_engine.engine.reading import CaseReading
from sop_engine.service.identity import identity_of
from sop_engine.store.projection import DeadlineRow, ProceedingRow, Projection
from sop_engine.store.sealed import search_keys
from sop_engine.vocabulary import Case


def project(definition: Definition, case: Case) -> Projection:
    """Return what the lists show of a case."""
    reading = CaseReading(definition, case)
    who = identity_of(definition, case)
    due = [run for run in case.deadlines if run.status in ("running", "expired") and run.ended_at is None]
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
    """Give (proceeding, role) for every role with something to do: a step to answer, a transition that is open."""
    for p in case.proceedings:
        machine = definition.machines[p.machine]
        state = machine.states.get(p.state)
        if state is None or state.kind == "end" or case.newest(p.machine, p.key) is not p:
            continue
        for step in state.steps:
            yield from ((p.id, role) for role in machine.steps[step].by)
        if state.kind == "rest":
            continue
        for transition in machine.exits(p.state):
            open_now = not transition.auto and not transition.is_fact
            if open_now and reading.at(p).holds(transition.when) is True:
                yield from ((p.id, role) for role in transition.by)
