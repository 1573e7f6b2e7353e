"""Answers written as text in a file or on a command line, turned into the values that questions take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sop_engine.definition.model import Question, Step
from sop_engine.vocabulary import Answer


def typed_answers(step: Step, written: Mapping[str, Any], *, time_zone: str) -> dict[str, Answer]:
    """Return the answers of a step from texts, lists and mappings of texts; what cannot be turned stays as it is.

    What stays is refused later with the message of its question, so nothing is guessed here.
    """
    return {
        name: typed(step.questions[name], value, time_zone=time_zone) if name in step.questions else value
        for name, value in written.items()
    }


def typed(question: Question, value: Any, *, time_zone: str) -> Answer:
    """Return one answer as its question takes it."""
    if isinstance(value, str) and value in question.may_be:
        return value
    match question.answer:
        case "number" if isinstance(value, str) and value.strip().lstrip("-").isdigit():
            return int(value)
        case "many" if isinstance(value, str):
            return [value]
        case "many" if isinstance(value, list):
            order = list(question.choices)
            return sorted(value, key=lambda code: order.index(code) if code in order else len(order))
        case "moment" if isinstance(value, str):
            return _moment(value, time_zone)
        case "person" if isinstance(value, str):
            return {"name": value}
        case "file" if isinstance(value, dict) and str(value.get("size", "")).isdecimal():
            return {**value, "size": int(value["size"])}
        case "table" if isinstance(value, list):
            return [_row(question, row, time_zone) for row in value]
    answer: Answer = value
    return answer


def _row(question: Question, row: Any, time_zone: str) -> Any:
    if not isinstance(row, dict):
        return row
    return {
        name: typed(question.columns[name], cell, time_zone=time_zone) if name in question.columns else cell
        for name, cell in row.items()
    }


def _moment(text: str, time_zone: str) -> str:
    """Return a local time such as ``2026-03-02 09:00`` as UTC; what is no time stays as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(time_zone))
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
