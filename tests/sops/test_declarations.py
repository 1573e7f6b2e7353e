"""The harmonised procedures as they are declared: readable, sound, and complete against their specification."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop_engine.definition.lint import Report, lint
from sop_engine.definition.load import load_texts, read_catalogues, read_files
from sop_engine.definition.model import Definition
from sop_engine.definition.rows import coverage, missing

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """Every YAML file of the set."""
    found, errors = read_files(WORKFLOWS)
    assert not errors
    return found


@pytest.fixture(scope="module")
def report(files: dict[str, str]) -> Report:
    """What the lint says of the set."""
    return lint(files, read_catalogues(WORKFLOWS))


def test_the_lint_finds_no_error(report: Report) -> None:
    assert [str(finding) for finding in report.findings if finding.severity == "error"] == []


def test_every_row_of_the_specification_is_carried(definition: Definition, files: dict[str, str]) -> None:
    rows = coverage(definition, files)

    assert rows
    assert [f"{row.machine}: {row.id}" for row in missing(rows)] == []


def test_the_set_loads_again_from_what_it_keeps(definition: Definition) -> None:
    assert load_texts(definition.files).digest == definition.digest


def test_no_folder_of_procedures_holds_python() -> None:
    assert [path.name for path in WORKFLOWS.rglob("*.py")] == []


def test_nothing_adverse_happens_by_itself(definition: Definition) -> None:
    adverse = [
        transition.qualified
        for machine in definition.machines.values()
        for transition in machine.transitions.values()
        if transition.auto and (transition.is_adverse or transition.is_removal)
    ]

    assert adverse == []


def test_nobody_leaves_the_territory_but_through_departure(definition: Definition) -> None:
    doors = {
        machine.name
        for machine in definition.machines.values()
        for transition in machine.transitions.values()
        if transition.is_removal
    }

    assert doors <= {"departure"}
