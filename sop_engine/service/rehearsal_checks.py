"""What a worked example can expect of a case: states, facts, documents, deadlines, paths, alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sop_engine.engine.offers import at_instant
from sop_engine.engine.reading import CaseReading
from sop_engine.service.rehearsal_stage import Difference, Stage
from sop_engine.service.worked_examples import Line
from sop_engine.vocabulary import NOT_OPENED, Case


def expect(stage: Stage, line: Line) -> None:
    """Raise Difference unless the case stands as the example says."""
    expected = line.values["expect"]
    case = at_instant(stage.svc.current, stage.case(), stage.svc.clock())
    for what, check in _EXPECTATIONS.items():
        if what in expected:
            check(stage, case, expected[what])
    unknown = set(expected) - set(_EXPECTATIONS)
    if unknown:
        raise Difference(f"cannot check {', '.join(sorted(unknown))}; write {', '.join(_EXPECTATIONS)}")


def _expect_states(stage: Stage, case: Case, expected: Mapping[str, str]) -> None:
    for named, state in expected.items():
        machine, _, key = named.partition(" ")
        found = case.newest(machine, key or None)
        now = found.state if found else NOT_OPENED
        if now != state:
            raise Difference(f"{named} is at {now}, not at {state}")


def _expect_facts(stage: Stage, case: Case, expected: Mapping[str, str]) -> None:
    reading = CaseReading(stage.svc.current, case)
    words = {True: "yes", False: "no", None: "open"}
    for named, value in expected.items():
        machine, _, fact = named.rpartition(".")
        known = stage.svc.current.machines[machine].facts if machine else stage.svc.current.shared
        if fact not in known:
            raise Difference(f"there is no fact “{named}”")
        now = words[reading.fact(machine or None, fact)]
        if now != value:
            raise Difference(f"the fact {named} is {now}, not {value}")


def _expect_documents(stage: Stage, case: Case, expected: list[str]) -> None:
    issued = {d.name for d in case.documents} | {d.name.split(".", 1)[1] for d in case.documents}
    missing = [name for name in expected if name not in issued]
    if missing:
        raise Difference(f"not issued: {', '.join(missing)}; issued: {', '.join(sorted(issued)) or 'nothing'}")


def _expect_deadlines(stage: Stage, case: Case, expected: Mapping[str, str]) -> None:
    for named, status in expected.items():
        now = next((run.status for run in reversed(case.deadlines) if run.name == named), "not_started")
        if now != status:
            raise Difference(f"the deadline {named} is {now}, not {status}")


def _expect_path(stage: Stage, case: Case, expected: Mapping[str, list[str]]) -> None:
    for named, path in expected.items():
        machine, _, key = named.partition(" ")
        found = case.newest(machine, key or None)
        visited = found.visited if found else ()
        if tuple(path) != visited:
            raise Difference(f"the path of {named} is {' > '.join(visited)}, not {' > '.join(path)}")


def _expect_alarms(stage: Stage, case: Case, expected: list[str]) -> None:
    stage.alarms_expected = frozenset(expected)
    if sorted(expected) != sorted(case.alarms):
        raise Difference(f"the alarms are {', '.join(case.alarms) or 'none'}, not {', '.join(expected) or 'none'}")


_EXPECTATIONS: Mapping[str, Callable[[Stage, Case, Any], None]] = {
    "states": _expect_states,
    "facts": _expect_facts,
    "documents": _expect_documents,
    "deadlines": _expect_deadlines,
    "path": _expect_path,
    "alarms": _expect_alarms,
}
