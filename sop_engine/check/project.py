"""A real case as a state of the model, so that the two can be compared."""

from __future__ import annotations

from sop_engine.check.ir import Model
from sop_engine.check.variables import (
    NO,
    NONE,
    OPEN,
    OTHER,
    UNANSWERED,
    YES,
    Variable,
    class_bounds,
    shared_name,
    slots_of,
)
from sop_engine.definition.model import Machine, Question
from sop_engine.engine.panels import has_quorum, result
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.separation import functions_of
from sop_engine.guards.evaluate import evaluate
from sop_engine.guards.tree import Rows
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, NOT_OPENED, Answer, Ballot, Case, Proceeding


def state_of(model: Model, case: Case) -> dict[str, str]:
    """Return the value of every variable of the model that a case shows (what it remembers of acts is left out)."""
    words = model.words
    state = {shared_name(n): YES if n in case.shared else NO for n in words.definition.shared}
    state = {name: value for name, value in state.items() if name in words.variables}
    for machine in words.definition.machines.values():
        for slot in slots_of(machine):
            proceeding = case.newest(machine.name, slot.key)
            state[slot.name] = proceeding.state if proceeding else NOT_OPENED
            for name in words.slot_variables(slot):
                value = _value(model, case, machine, proceeding, words.variables[name])
                if value is not None:
                    state[name] = value
    done = {f for p in case.participations for f in functions_of(case, p.user)}
    state |= {f"done {f}": YES if f in done else NO for f in words.functions}
    return state


def _value(model: Model, case: Case, machine: Machine, proceeding: Proceeding | None, variable: Variable) -> str | None:
    told = variable.name.removeprefix(f"{variable.slot}:")
    if proceeding is None or variable.kind in ("earlier", "undo"):
        return None if variable.kind in ("earlier", "undo") else variable.initial
    match variable.kind:
        case "deadline":
            return _deadline(case, proceeding, f"{machine.name}.{told.removeprefix('deadline ')}")
        case "panel":
            panel, item = told.removeprefix("panel ").split(".", 1)
            declared, ballot = machine.panels[panel], proceeding.ballots.get(panel, Ballot(panel))
            if item == "quorum":
                return "met" if has_quorum(declared, ballot) else "not_met"
            return result(declared.questions[item], ballot)
        case _:
            return _answer(model, case, machine, proceeding, variable, told)


def _deadline(case: Case, proceeding: Proceeding, qualified: str) -> str:
    runs = [run for run in case.deadlines if run.name == qualified and run.proceeding == proceeding.id]
    if not runs:
        return "not_started"
    return "expired_ended" if runs[-1].status == "expired" and runs[-1].ended_at else runs[-1].status


def _answer(model: Model, case: Case, machine: Machine, proceeding: Proceeding, variable: Variable, told: str) -> str:
    is_latest = told.startswith("latest ")
    path, _, choice = told.removeprefix("latest ").partition("?")
    path, _, number = path.partition("#")
    step, question = path.split(".", 1)
    declared = machine.steps[step].questions[question]
    found = (proceeding.latest_answer if is_latest else proceeding.answer)(step, question)
    if choice:
        return YES if isinstance(found, list) and choice in found else NO
    if number:
        test = model.words.asked[(machine.name, step, question)].rows[int(number) - 1]
        return _row_test(model, case, proceeding, test)
    return answer_class(declared, variable, found)


def _row_test(model: Model, case: Case, proceeding: Proceeding, test: Rows) -> str:
    verdict = evaluate(test, CaseReading(model.definition, case, proceeding))
    return OPEN if verdict is None else YES if verdict else NO


def answer_class(question: Question, variable: Variable, found: Answer | None) -> str:
    """Return the class of an answer among those that guards can tell apart."""
    if found is None:
        return UNANSWERED
    if isinstance(found, str) and found in variable.values:
        return found
    if isinstance(found, int):
        for name in variable.values:
            if name not in (UNANSWERED, OTHER, NONE) and name not in NOT_AN_ANSWER_OF_SUBSTANCE:
                low, high = class_bounds(name)
                if low <= found <= high:
                    return name
    return OTHER
