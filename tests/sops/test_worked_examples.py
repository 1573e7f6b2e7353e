"""The worked examples play as told, and every guarded act of the gravest procedures has an example of its refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop_engine.commands.rehearse import play_all
from sop_engine.definition.model import Definition
from sop_engine.guards.tree import Always
from sop_engine.service.worked_examples import Examples, example_files, read_examples

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
# Its guard holds wherever the act starts: what it reads was settled when the file was admitted.
NEVER_CLOSED_BY_ITS_GUARD = {"appeal.deliberate"}
MOCK_CASES = (
    "M01", "M02", "M03", "M04", "M06", "M07", "M08", "M09", "M10", "M13", "M14", "M16", "M17", "M19", "M22", "M23"
)  # fmt: skip


@pytest.fixture(scope="module")
def examples() -> Examples:
    return read_examples(example_files([WORKFLOWS]), root=WORKFLOWS)


def test_every_worked_example_goes_as_it_is_told(examples: Examples) -> None:
    played = play_all(list(examples.examples), examples)

    assert {one.example: one.difference for one in played if one.difference} == {}
    assert len(played) == len(examples.examples)


@pytest.mark.parametrize("mock_case", MOCK_CASES)
def test_each_mock_case_of_the_trainers_has_a_worked_example(examples: Examples, mock_case: str) -> None:
    assert any(example.name.startswith(f"{mock_case} ") for example in examples.examples)


@pytest.mark.parametrize(
    "machine", ["screening", "decision", "appeal", "reception", "closure", "statelessness", "status_loss"]
)
def test_every_guarded_act_has_an_example_of_its_refusal(
    definition: Definition, examples: Examples, machine: str
) -> None:
    lines = [line for example in examples.examples for line in example.lines]
    lines += [line for part in examples.parts.values() for line in part]
    refused = {line.values["cannot"] for line in lines if "cannot" in line.values}
    guarded = {
        transition.qualified
        for transition in definition.machines[machine].transitions.values()
        if not transition.auto and not transition.is_fact and not isinstance(transition.when, Always)
    }

    assert sorted(guarded - refused - NEVER_CLOSED_BY_ITS_GUARD) == []
