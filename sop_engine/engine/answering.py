"""Recording the answers of a step, and correcting one that is sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sop_engine.definition.model import Question, Step
from sop_engine.engine.answers import check_answers
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.permission import acting_role, from_role, step_refusals
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal
from sop_engine.engine.requests import need_reason, proceeding_of, refuse_if
from sop_engine.engine.rounds import open_round
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import Answer, AnswerStep, CorrectAnswer, Proceeding


def answer_step(ledger: Ledger, event: AnswerStep, words: Wording) -> bool:
    """Record the answers of one step, complete and well formed. A fact, never refused by a safeguard."""
    proceeding = proceeding_of(ledger, event.proceeding, words)
    machine = ledger.definition.machines[proceeding.machine]
    step = machine.steps.get(event.step)
    if step is None:
        raise NotOffered((Refusal("state", words.say("This step is not part of the procedure.")),))
    refusals = step_refusals(ledger.reading(proceeding), proceeding, step, event.by, words)
    if refusals:
        raise NotOffered(refusals)
    number = open_round(proceeding, event.step)
    check_step(ledger, proceeding, step.questions, event.step, number, event.answers, words)
    data: dict[str, Any] = {"step": event.step, "round": number}
    if step.function:
        data["function"] = step.function
    ledger.record(
        "StepAnswered",
        proceeding=proceeding.id,
        by=event.by,
        role=acting_role(event.by, step.by),
        data=data,
        personal={"answers": dict(event.answers)},
    )
    return False


def check_step(
    ledger: Ledger,
    proceeding: Proceeding,
    questions: Mapping[str, Question],
    step: str,
    number: int,
    answers: Mapping[str, Answer],
    words: Wording,
) -> None:
    """Raise InvalidAnswers unless these answers are complete and well formed, read beside the rest of the case."""
    problems = step_problems(ledger, proceeding, questions, step, number, answers, words)
    if problems:
        raise InvalidAnswers(problems)


def step_problems(
    ledger: Ledger,
    proceeding: Proceeding,
    questions: Mapping[str, Question],
    step: str,
    number: int,
    answers: Mapping[str, Answer],
    words: Wording,
) -> dict[str, str]:
    """Return question → message for each answer of a step that cannot be recorded."""
    place = with_answers(ledger.reading(proceeding), proceeding, step, number, answers)
    return check_answers(
        [for_key(question, proceeding.key) for question in questions.values()],
        answers,
        shown=lambda q: is_shown(q, place.holds),
        required=lambda q: is_required(q, place.holds),
        now=ledger.at,
        _=words.say,
    )


def with_answers(
    reading: CaseReading, proceeding: Proceeding, step: str, number: int, answers: Mapping[str, Answer]
) -> CaseReading:
    """Return the case as it would read with these answers on file."""
    kept = {key: value for key, value in proceeding.answers.items() if key[0] != step or key[1] != number}
    kept.update({(step, number, name): value for name, value in answers.items()})
    tentative = replace(proceeding, answers=kept, rounds={**proceeding.rounds, step: number})
    proceedings = tuple(tentative if p.id == proceeding.id else p for p in reading.case.proceedings)
    if not any(p is tentative for p in proceedings):
        proceedings = (*proceedings, tentative)
    return CaseReading(reading.definition, replace(reading.case, proceedings=proceedings), tentative)


def for_key(question: Question, key: str | None) -> Question:
    """Return a question as an instance of this key asks it: where it only repeats the key, no other answer is left."""
    if not question.is_key:
        return question
    return replace(question, choices={code: label for code, label in question.choices.items() if code == key})


def step_for_key(step: Step, key: str | None) -> Step:
    """Return a step as an instance of this key asks it."""
    if not any(question.is_key for question in step.questions.values()):
        return step
    return replace(step, questions={name: for_key(question, key) for name, question in step.questions.items()})


def is_shown(question: Question, holds: Callable[[Any], bool | None]) -> bool:
    """Say whether a question is asked, given the answers so far."""
    return question.shown_when is None or holds(question.shown_when) is True


def is_required(question: Question, holds: Callable[[Any], bool | None]) -> bool:
    """Say whether a question must be answered, given the answers so far."""
    if question.required_when is not None:
        return holds(question.required_when) is True
    return question.required


def correct(ledger: Ledger, event: CorrectAnswer, words: Wording) -> bool:
    """Correct a sealed answer with a reason; the original stays in the log beside it."""
    proceeding = proceeding_of(ledger, event.proceeding, words)
    step = ledger.definition.machines[proceeding.machine].steps.get(event.step)
    number = proceeding.current_round(event.step)
    before = proceeding.latest_answer(event.step, event.question)
    if step is None or event.question not in step.questions or before is None:
        raise NotOffered((Refusal("state", words.say("There is no answer on file to correct.")),))
    while (event.step, number, event.question) not in proceeding.answers:
        number -= 1
    asking = frozenset(
        role
        for t in ledger.definition.machines[proceeding.machine].transitions.values()
        if t.asks == event.step
        for role in t.by
    )
    roles = step.by | asking
    refuse_if(from_role(roles, event.by, words))
    need_reason(event.reason, words)
    answers = {
        question: value for (s, n, question), value in proceeding.answers.items() if s == event.step and n == number
    }
    answers[event.question] = event.answer
    problems = step_problems(ledger, proceeding, step.questions, event.step, number, answers, words)
    # Only the answer that is corrected: what it makes of its neighbours, another correction mends.
    if event.question in problems:
        raise InvalidAnswers({event.question: problems[event.question]})
    ledger.record(
        "AnswerCorrected",
        proceeding=proceeding.id,
        by=event.by,
        role=acting_role(event.by, roles),
        data={"step": event.step, "round": number, "question": event.question},
        personal={"before": before, "after": event.answer, "reason": event.reason},
    )
    return False
