"""Questions become a form: which field each has, and which of them stand together on one page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from wtforms import Form

from forms import fields
from forms.fields import AnswerField, Words
from sop_engine.definition.model import Question, Step
from sop_engine.guards.tree import QuestionRef
from sop_engine.vocabulary import Answer

MOST_ON_A_PAGE = 4
"""How much stands on one page at most, in short questions; a long one counts for more."""
MOST_IN_HASTE = 8
"""As much may stand on the page of a fact that has to be recorded at once: one page is one click."""
_RESERVED = "question_"
_CAREFUL = frozenset({"sensitive", "restricted"})


class StepForm(Form):
    """The base of every form that is built from questions."""

    def questions(self) -> Iterator[AnswerField]:
        for field in self:
            if isinstance(field, AnswerField):
                yield field


def build_form(
    questions: Iterable[Question], *, zone: ZoneInfo, words: Words, has_heading: bool = False
) -> type[StepForm]:
    """Return the form class for these questions, in their order.

    ``has_heading`` is for a page of one question: its words are then the heading of the page.
    """
    asked = tuple(questions)
    heading = has_heading and len(asked) == 1
    unbound = {
        _RESERVED + q.name: _field(q, on_page=f"q-{q.name}", zone=zone, words=words, is_heading=heading) for q in asked
    }
    return type("QuestionForm", (StepForm,), unbound)


def fill_form(form: type[StepForm], values: Mapping[str, Answer]) -> StepForm:
    """Return the form with the answers on file in it."""
    return form(data={_RESERVED + name: value for name, value in values.items()})


def read_form(form: type[StepForm], submitted: Any, values: Mapping[str, Answer]) -> StepForm:
    """Return the form as it was submitted; ``values`` are the answers on file, for what a page does not send again."""
    return form(formdata=submitted, data={_RESERVED + name: value for name, value in values.items()})


def in_words(question: Question, say: Words) -> Question:
    """Return the question with its texts as ``say`` gives them: in the language of who answers."""
    return dataclasses.replace(
        question,
        ask=say(question.ask),
        hint=say(question.hint) if question.hint else "",
        why=say(question.why) if question.why else "",
        choices={code: say(label) for code, label in question.choices.items()},
        columns={name: in_words(column, say) for name, column in question.columns.items()},
    )


def pages(step: Step, *, most: int = MOST_ON_A_PAGE) -> tuple[tuple[Question, ...], ...]:
    """Divide a step into pages: one question, or a few short ones that belong together (``most`` as in MOST_ON_A_PAGE).

    A page never holds a question that depends on another of the same page, nor mixes sensitive questions with others.
    The division looks at the declaration only, so that a page keeps its number whatever is answered.
    """
    divided: list[list[Question]] = []
    weight = 0
    for question in step.questions.values():
        page = divided[-1] if divided else None
        need = _weight(question)
        if (
            page is None
            or weight + need > most
            or (question.confidentiality in _CAREFUL) != (page[0].confidentiality in _CAREFUL)
            or _depends_on(question) & {other.name for other in page}
        ):
            divided.append([question])
            weight = need
        else:
            page.append(question)
            weight += need
    return tuple(tuple(page) for page in divided)


def _weight(question: Question) -> int:
    match question.answer:
        case "table" | "file":
            return MOST_ON_A_PAGE
        case "many":
            return MOST_ON_A_PAGE if len(question.choices) > 8 else 3
        case "choice":
            return 2 if 6 < len(question.choices) < fields.SELECT_FROM else 1
        case "person":
            return 3
        case "text":
            return 2 if question.multiline else 1
        case _other:
            return 1


def _depends_on(question: Question) -> set[str]:
    """Return the names of questions of the same step that decide whether this one is asked or required."""
    return {
        reference.question
        for guard in (question.shown_when, question.required_when)
        if guard is not None
        for reference in _references(guard)
        if reference.step == question.step
    }


def _references(node: Any) -> Iterator[QuestionRef]:
    if isinstance(node, QuestionRef):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _references(part)
    elif dataclasses.is_dataclass(node):
        for field in dataclasses.fields(node):
            yield from _references(getattr(node, field.name))


def _field(question: Question, **settings: Any) -> Any:
    kind = _kind(question)
    if kind is fields.TableField:
        return kind(question=question, make_cell=_cell, **settings)
    return kind(question=question, **settings)


def _cell(question: Question, *, on_page: str, zone: ZoneInfo, words: Words) -> AnswerField:
    settings = {"name": question.name, "_form": None, "_meta": _MARGIN.meta}
    return cast(AnswerField, _field(question, on_page=on_page, zone=zone, words=words, **settings))


_MARGIN = Form()
"""A form that holds nothing: cells of a table borrow its settings."""


def _kind(question: Question) -> type[AnswerField]:
    match question.answer:
        case "choice" if len(question.choices) >= fields.SELECT_FROM:
            return fields.SelectField
        case "yes_no" | "choice":
            return fields.ChoiceField
        case "many" if len(question.choices) >= fields.MANY_FROM:
            return fields.LongManyField
        case "many":
            return fields.ManyField
        case "number":
            return fields.NumberField
        case "date":
            return fields.DateField
        case "moment":
            return fields.MomentField
        case "text":
            return fields.LongTextField if question.multiline else fields.TextField
        case "person":
            return fields.PersonField
        case "file":
            return fields.FileField
        case "table":
            return fields.TableField
