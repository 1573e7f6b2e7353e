"""Answers at random that a step takes: each question in order, shown or not by what was answered before."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sop_engine.definition.model import Definition, Question, Step
from sop_engine.engine.answering import is_required, is_shown, step_for_key, with_answers
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.evaluate import evaluate_row
from sop_engine.vocabulary import Answer, Case, Proceeding

WORDS = (
    "The river rose and we left the house with what we could carry, the three of us and the dog.",
    "Nobody would say who had written the letter; two neighbours recognised the hand and were afraid of it.",
    "She was asked twice, slowly, with the interpreter beside her, and both times she answered the same.",
)


def any_answers(
    chance: Random, definition: Definition, case: Case, place: Proceeding, step: Step, number: int, at: datetime
) -> dict[str, Answer]:
    """Return complete answers to a step, mostly well formed: a guard over free answers decides what else is asked."""
    answers: dict[str, Answer] = {}
    for question in step_for_key(step, place.key).questions.values():
        reading = with_answers(CaseReading(definition, case, place), place, step.name, number, answers)
        if not is_shown(question, reading.holds):
            continue
        if is_required(question, reading.holds) or chance.random() < 0.3:
            answers[question.name] = any_answer(chance, question, at)
    return answers


def any_answer(chance: Random, question: Question, at: datetime) -> Answer:
    """Return one answer that a question takes."""
    if question.may_be and chance.random() < 0.1:
        return chance.choice(question.may_be)
    match question.answer:
        case "yes_no":
            return chance.choice(("yes", "yes", "no"))
        case "choice":
            return chance.choice(list(question.choices))
        case "many":
            return _many(chance, question)
        case "number":
            low = question.lowest if question.lowest is not None else 0
            high = question.highest if question.highest is not None else low + 100
            return chance.randint(low, min(high, low + 100))
        case "date":
            day = (at - timedelta(days=chance.randint(1, 12_000 if chance.random() < 0.3 else 30))).date()
            return day.isoformat()
        case "moment":
            return (at - timedelta(minutes=chance.randint(1, 5000))).strftime("%Y-%m-%dT%H:%MZ")
        case "text":
            text = chance.choice(WORDS)
            while len(text) < question.min_length:
                text += " " + chance.choice(WORDS)
            return text[: question.max_length].strip()
        case "person":
            return {"name": "Zyx Inventada", "relation": "cousin"}
        case "file":
            return {"name": "paper.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 7}
        case "table":
            return [_row(chance, question, at) for _ in range(chance.randint(1, 3))]


def _many(chance: Random, question: Question) -> Answer:
    codes = [code for code in question.choices if code != "none"]
    if not codes or ("none" in question.choices and chance.random() < 0.4):
        return ["none"]
    picked = chance.sample(codes, chance.randint(1, min(3, len(codes))))
    return sorted(picked, key=list(question.choices).index)


def _row(chance: Random, question: Question, at: datetime) -> dict[str, Answer]:
    row: dict[str, Answer] = {}
    for name, column in question.columns.items():
        is_asked = column.shown_when is None or evaluate_row(column.shown_when, row) is True
        must = column.required if column.required_when is None else evaluate_row(column.required_when, row) is True
        if is_asked and (must or chance.random() < 0.3):
            row[name] = any_answer(chance, column, at)
    return row
