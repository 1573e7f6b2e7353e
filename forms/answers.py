"""A submitted form becomes typed answers, checked by the same rules as on the command line.

What a page did not ask is ignored; what it did ask and cannot be understood is named, with a way to mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from forms.build import StepForm
from forms.fields import FileField, TableField, Uploads, Words
from sop_engine.definition.model import Question
from sop_engine.engine.answers import check_answers
from sop_engine.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a page: what its answer says of it, and its content."""

    name: str
    media_type: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a page brought: the answers that can be kept, and what is wrong with the others."""

    answers: Mapping[str, Answer]
    """Without the ones that have a problem; a question left empty is absent."""
    problems: Mapping[str, str]
    """Question → what to do."""
    files: tuple[SentFile, ...] = ()


def read_answers(
    form: StepForm,
    *,
    now: datetime,
    words: Words,
    required: Callable[[Question], bool] | None = None,
    uploads: Uploads | None = None,
) -> Submitted:
    """Return the answers of a submitted form, and mark its fields with what is wrong.

    ``required`` says whether a question must be answered now; left out, as it is declared (a condition counts as no:
    the whole step is checked again when it is confirmed).
    """
    must = required or _declared_required
    answers: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    files: list[SentFile] = []
    asked = {f.question.name: f for f in form.questions()}
    for name, one in asked.items():
        if isinstance(one, FileField) and uploads is not None:
            one.attach(uploads)
            if one.content is not None and one.kept is not None:
                about = one.kept
                files.append(SentFile(about["name"], about["media_type"], about["sha256"], one.content))
        if one.conflict:
            problems[name] = one.conflict
        elif one.answer is not None:
            answers[name] = one.answer

    unclear = frozenset(problems)
    problems |= check_answers(
        (f.question for f in asked.values() if f.question.name not in unclear),
        answers,
        shown=lambda _question: True,
        required=must,
        now=now,
        _=words,
    )
    for name, message in problems.items():
        asked[name].errors = (message,)
    for one in asked.values():
        if isinstance(one, TableField):
            _mark_cells(one, now=now, words=words)
    kept = {name: answer for name, answer in answers.items() if name not in problems}
    return Submitted(answers=kept, problems=problems, files=tuple(files))


def mark_problems(form: StepForm, problems: Mapping[str, str]) -> None:
    """Put messages that came from further inside at the fields they belong to."""
    for one in form.questions():
        if one.question.name in problems:
            one.errors = (problems[one.question.name],)


def _declared_required(question: Question) -> bool:
    return question.required and question.required_when is None


def _mark_cells(table: TableField, *, now: datetime, words: Words) -> None:
    for number, answers in table.filled_rows():
        wrong = check_answers(
            table.question.columns.values(),
            answers,
            shown=lambda _column: True,
            required=lambda column: column.required,
            now=now,
            _=words,
        )
        for name, message in wrong.items():
            table.rows[number][name].errors = (message,)
