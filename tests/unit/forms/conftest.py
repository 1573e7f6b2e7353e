"""Questions made by hand, and pages filled in and sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from forms.answers import Submitted, read_answers
from forms.build import StepForm, build_form, fill_form, read_form
from sop_engine.definition.model import Question

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PORT_OF_SPAIN = ZoneInfo("America/Port_of_Spain")


def question(answer: str, **more: Any) -> Question:
    settings: dict[str, Any] = {"name": "it", "step": "one", "confidentiality": "identity", "ask": "What is it?"}
    return Question(**(settings | {"answer": answer} | more))


@pytest.fixture
def send() -> Callable[..., tuple[StepForm, Submitted]]:
    """Fill in the page of one question, send it, and return the form and what it brought."""

    def _send(
        one: Question, typed: Mapping[str, str | list[str]], *, before: Any = None, zone: ZoneInfo = PORT_OF_SPAIN
    ) -> tuple[StepForm, Submitted]:
        form_class = build_form([one], zone=zone, words=str)
        form = read_form(form_class, MultiDict(typed), {one.name: before} if before is not None else {})
        return form, read_answers(form, now=NOW, words=str)

    return _send


@pytest.fixture
def fill() -> Callable[..., MultiDict[str, str]]:
    """Return what a browser would send back of a page that an answer on file was put into."""

    def _fill(one: Question, answer: Any, *, zone: ZoneInfo = PORT_OF_SPAIN) -> StepForm:
        return fill_form(build_form([one], zone=zone, words=str), {one.name: answer})

    return _fill


def upload(name: str, content: bytes, media_type: str = "application/pdf") -> FileStorage:
    return FileStorage(stream=BytesIO(content), filename=name, content_type=media_type)
