"""Answers that a question accepts, made up from its declaration, so that a test can walk through any procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sop_engine.definition.model import Question
from sop_engine.service.service import Service
from sop_engine.service.show_step import show_action, show_step
from sop_engine.service.views import Reader, StepPageView


def plausible(question: Question, *, pick: int = 0) -> Any:
    """Return an answer of substance; ``pick`` chooses among those offered."""
    match question.answer:
        case "yes_no":
            return ("yes", "no")[pick % 2]
        case "choice":
            codes = list(question.choices)
            return codes[pick % len(codes)]
        case "many":
            codes = [code for code in question.choices if code != "none"] or list(question.choices)
            return [codes[pick % len(codes)]]
        case "number":
            low = question.lowest if question.lowest is not None else 1
            high = question.highest if question.highest is not None else low + 40
            return min(high, max(low, 30))
        case "date":
            return "2011-04-23" if question.not_future else "2026-03-20"
        case "moment":
            return "2026-03-01T12:00Z"
        case "text":
            return ("These are plain words about what was seen and heard. " * 20)[: max(40, question.min_length + 5)]
        case "person":
            return {"name": "Ulla Unreal", "relation": "aunt", "contact": "at the bakery"}
        case "file":
            return {"name": "letter.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 3}
        case "table":
            return [{name: plausible(column, pick=pick) for name, column in question.columns.items()}]


def plausible_answers(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    step: str | None = None,
    transition: str | None = None,
    given: Mapping[str, Any] | None = None,
    pick: int = 0,
) -> dict[str, Any]:
    """Return answers to every question that a step, or an act, asks; ``given`` ones as they are."""
    wanted = dict(given or {})
    answers: dict[str, Any] = {}
    for _round in range(60):
        view: StepPageView | None
        if step is not None:
            view = show_step(svc, reader, case_id, proceeding=proceeding, step=step, typed=answers)
        else:
            assert transition is not None
            view = show_action(svc, reader, case_id, proceeding=proceeding, transition=transition, typed=answers)[2]
        if view is None:
            return {}
        answers = {name: value for name, value in answers.items() if name in view.shown}
        missing = [name for name in view.shown if name not in answers]
        if not missing:
            return answers
        question = view.step.step.questions[missing[0]]
        answers[missing[0]] = wanted.get(missing[0], plausible(question, pick=pick))
    return answers
