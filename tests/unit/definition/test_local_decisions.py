"""A value that nobody knows is decided on screen: the step that reads it asks what holds, and on which ground."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop_engine.definition.load import load_set, profiles
from sop_engine.definition.local_decisions import is_local, place_of, questions_of
from sop_engine.definition.model import Definition
from sop_engine.definition.parameters import PARAMETERS
from sop_engine.guards.written import to_text

ROOT = Path(__file__).parents[3] / "workflows"
STATES = profiles(ROOT)
READ_BY_NO_ACT = {"system", "authority", "law", "unhcr_role", "stock"}
"""They describe the State; the decision asks for the law that was applied in any case."""


@pytest.fixture(scope="module")
def sets() -> dict[str, Definition]:
    return {state: load_set(ROOT, state) for state in STATES}


def test_every_parameter_that_an_act_reads_has_a_step_where_it_is_decided(definition: Definition) -> None:
    for name, parameter in PARAMETERS.items():
        machine, step = place_of(parameter)
        assert (machine == "") == (name in READ_BY_NO_ACT), name
        if machine:
            declared = definition.machines[machine].steps[step]
            if parameter.asked_in:
                assert questions_of(parameter)[0] in declared.questions


@pytest.mark.parametrize("state", STATES)
def test_each_question_mark_of_a_profile_forces_a_decision_with_its_ground(
    state: str, sets: dict[str, Definition]
) -> None:
    found = sets[state]
    assert found.national is not None

    for value in found.national.unset:
        parameter = PARAMETERS[value.parameter]
        machine, step = place_of(parameter)
        if not machine:
            continue
        what, ground = (found.machines[machine].steps[step].questions[name] for name in questions_of(parameter))
        assert f"does not say: {parameter.title.lower()}" in what.hint
        if parameter.only_if:
            assert what.shown_when is not None
            assert to_text(what.shown_when) == f"{machine}.{parameter.only_if}"
        assert what.required
        assert ground.required
        assert ground.min_length >= 5
        assert ground.span.file == f"{state.lower()}/profile.yaml"


@pytest.mark.parametrize("state", STATES)
def test_what_a_profile_knows_is_asked_of_nobody(state: str, sets: dict[str, Definition]) -> None:
    found = sets[state]
    assert found.national is not None
    unset = {value.parameter for value in found.national.unset}

    asked = {
        question.name
        for machine in found.machines.values()
        for step in machine.steps.values()
        for question in step.questions.values()
        if is_local(question.name)
    }

    assert asked <= {name for parameter in unset for name in questions_of(PARAMETERS[parameter])}


def test_the_harmonised_text_asks_for_no_local_decision(definition: Definition) -> None:
    assert not [
        question.name
        for machine in definition.machines.values()
        for step in machine.steps.values()
        for question in step.questions.values()
        if is_local(question.name)
    ]


@pytest.mark.parametrize("state", STATES)
def test_a_local_decision_moves_no_guard(state: str, sets: dict[str, Definition]) -> None:
    for machine in sets[state].machines.values():
        for transition in machine.transitions.values():
            assert "local_" not in to_text(transition.when), transition.qualified
            assert "local_" not in to_text(transition.requires), transition.qualified
