"""Answers that a step accepts, made from its declaration and from what has to be true of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice, product

from sop_engine.check.variables import NO, OPEN, OTHER, UNANSWERED, YES, bit_name
from sop_engine.check.vocabulary import Vocabulary
from sop_engine.definition.model import Question, Step
from sop_engine.engine.answering import is_required, is_shown, with_answers
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.evaluate import evaluate
from sop_engine.guards.tree import Rows
from sop_engine.vocabulary import Answer, Case, Proceeding

WORDS = "An invented account in plain words, written only to try the procedure out; every person in it is made up. "
MOST_ROWS_TRIED = 3000


def answers_for(
    words: Vocabulary,
    case: Case,
    place: Proceeding,
    step: Step,
    number: int,
    wanted: Mapping[str, str],
    at: datetime,
) -> dict[str, Answer]:
    """Return complete answers to a step. ``wanted``: variable of the model → value, for some of its questions."""
    answers: dict[str, Answer] = {}
    for question in step.questions.values():
        reading = with_answers(CaseReading(words.definition, case, place), place, step.name, number, answers)
        if not is_shown(question, reading.holds):
            continue
        name = next((n for n in wanted if n.endswith(f":{step.name}.{question.name}")), None)
        if name is not None and wanted[name] == UNANSWERED:
            continue
        if question.is_key and place.key is not None:
            answers[question.name] = place.key
            continue
        if name is not None:
            answers[question.name] = _wanted(words, name, question, wanted, at)
        elif is_required(question, reading.holds):
            answers[question.name] = plausible(question, at)
    return answers


def _wanted(words: Vocabulary, name: str, question: Question, wanted: Mapping[str, str], at: datetime) -> Answer:
    value = wanted[name]
    variable = words.variables[name]
    if question.answer == "many" and value == OTHER:
        chosen = [c for c in question.choices if wanted.get(bit_name(name, c)) == YES]
        rest = [c for c in question.choices if bit_name(name, c) not in words.variables and c != "none"]
        return chosen or rest[:1]
    if question.answer == "table" and value == OTHER:
        return _rows(words, name, question, wanted, at)
    if value in (OTHER, OPEN) and question.answer not in ("yes_no", "choice", "number"):
        return plausible(question, at)
    return variable.meaning.get(value, value)


def _rows(words: Vocabulary, name: str, question: Question, wanted: Mapping[str, str], at: datetime) -> Answer:
    """Return rows of which the wanted tests are true, and false, by trying rows one after the other."""
    machine, _, path = name.partition(":")
    step, _, _ = path.partition(".")
    tests = words.asked[(machine.partition("[")[0], step, question.name)].rows
    goals = [
        (test, wanted[words.row_test_name(name, test)]) for test in tests if words.row_test_name(name, test) in wanted
    ]
    if not goals:
        return plausible(question, at)
    for rows in islice(_tables(question, at), MOST_ROWS_TRIED):
        if all(_test(test, rows) == value for test, value in goals if value != OPEN):
            return rows
    return plausible(question, at)


def _tables(question: Question, at: datetime) -> Iterator[list[Answer]]:
    columns = list(question.columns.values())
    choices = [_values(column, at) for column in columns]
    for values in product(*choices):
        yield [{c.name: v for c, v in zip(columns, values, strict=True) if v is not None}]
    yield []


def _values(column: Question, at: datetime) -> list[Answer | None]:
    match column.answer:
        case "yes_no":
            return [YES, NO]
        case "choice":
            return list(column.choices)
        case _ if column.required:
            return [plausible(column, at)]
        case _:
            return [None, plausible(column, at)]


class _RowReading:
    def __init__(self, rows: Answer) -> None:
        self.rows = rows

    def answer(self, question: object) -> Answer:
        return self.rows


def _test(test: Rows, rows: Answer) -> str:
    verdict = evaluate(test, _RowReading(rows))  # type: ignore[arg-type]
    return OPEN if verdict is None else YES if verdict else NO


def plausible(question: Question, at: datetime) -> Answer:
    """Return one ordinary answer that a question accepts."""
    match question.answer:
        case "yes_no":
            return YES
        case "choice":
            return next(iter(question.choices))
        case "many":
            return [next((c for c in question.choices if c != "none"), "none")]
        case "number":
            low = question.lowest if question.lowest is not None else 1
            return min(question.highest if question.highest is not None else low + 40, max(low, 30))
        case "date":
            # A date that may be a year alone is mostly a birthday: somebody of sixteen.
            days = 16 * 366 if question.partial else 20 if question.not_future else -20
            return (at - timedelta(days=days)).date().isoformat()
        case "moment":
            return (at - timedelta(minutes=5 if question.not_future else -600)).strftime("%Y-%m-%dT%H:%MZ")
        case "text":
            text = WORDS * (1 + question.min_length // len(WORDS))
            return text[: min(question.max_length, max(len(WORDS), question.min_length + 5))].strip()
        case "person":
            return {"name": "Ulla Unreal", "relation": "aunt"}
        case "file":
            return {"name": "letter.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 3}
        case "table":
            columns = question.columns.values()
            return [{column.name: plausible(column, at) for column in columns if column.required}]
