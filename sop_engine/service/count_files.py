"""A number over many files, such as a cap: counted here, so that no officer records less than the files say.

A register may know of more (another State, a file on paper); it never knows of less.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from sop_engine.definition.model import Definition, Step
from sop_engine.engine.refusals import InvalidAnswers
from sop_engine.engine.wording import Wording
from sop_engine.store.queues import count_in_states
from sop_engine.vocabulary import Answer


def counted(conn: Connection, machine: str, step: Step, *, case_id: str) -> Mapping[str, int]:
    """Return question → how many other files stand in the states that it counts."""
    return {
        question.name: count_in_states(conn, machine=machine, states=question.counted_in, apart_from=case_id)
        for question in step.questions.values()
        if question.counted_in
    }


def refuse_too_few(
    conn: Connection,
    definition: Definition,
    machine: str,
    step: str,
    answers: Mapping[str, Answer],
    *,
    case_id: str,
    wording: Wording,
) -> None:
    """Raise InvalidAnswers for a number below what the files of this installation count."""
    declared = definition.machines[machine].steps.get(step) if machine in definition.machines else None
    if declared is None:
        return
    told = wording.say("The files here count {number}. Enter that number, or more if the register knows of more.")
    problems = {
        name: told.format(number=number)
        for name, number in counted(conn, machine, declared, case_id=case_id).items()
        if isinstance(given := answers.get(name), int) and given < number
    }
    if problems:
        raise InvalidAnswers(problems)
