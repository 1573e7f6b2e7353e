"""A desk: the cases in which one procedure runs, grouped by where they stand, the most urgent first."""

from __future__ import annotations

from flask import render_template

from sop_engine.service.find_case import Filters, list_cases
from sop_engine.service.views import CaseRow
from webui.access import reader, say, service

MOST_IN_A_STATE = 100


def show_desk(machine: str, template: str, **more: object) -> str:
    """Return the page of a desk; without the procedure in force, an empty one."""
    declared = service().current.machines.get(machine)
    groups: list[tuple[str, str, str, tuple[CaseRow, ...]]] = []
    for state in declared.states.values() if declared else ():
        if state.kind not in ("work", "wait"):
            continue
        narrowed = Filters(machine=machine, state=state.name)
        found = list_cases(service(), reader(), filters=narrowed, sort="due", page_size=MOST_IN_A_STATE)
        if found.rows:
            groups.append((state.name, say(state.title), say(state.says), found.rows))
    return render_template(template, groups=groups, now=service().clock(), **more)
