"""What each type of question accepts, and that messages say how to mend it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sop_engine.definition.model import AnswerType, Question
from sop_engine.engine.answers import check_answer, check_answers, is_blank
from tests.instruments.small_set import small_set

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
FILE = {"name": "a.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 3}


def a_question(answer: AnswerType, **more: Any) -> Question:
    return Question(name="q", step="s", confidentiality="procedure", ask="What?", answer=answer, **more)


CHOICES = {"red": "Red", "blue": "Blue", "none": "None"}


@pytest.mark.parametrize(
    ("question", "good"),
    [
        (a_question("yes_no"), "yes"),
        (a_question("yes_no", may_be=("unknown",)), "unknown"),
        (a_question("choice", choices=CHOICES), "red"),
        (a_question("many", choices=CHOICES), ["red", "blue"]),
        (a_question("many", choices=CHOICES), ["none"]),
        (a_question("number", lowest=0, highest=9), 0),
        (a_question("number", lowest=0, highest=9), 9),
        (a_question("date"), "2024-02-29"),
        (a_question("date", partial=True), "1990"),
        (a_question("date", partial=True), "1990-04"),
        (a_question("date", not_future=True), "2026-03-03"),
        (a_question("moment"), "2026-03-02T14:05Z"),
        (a_question("moment", not_future=True), "2026-03-02T13:00Z"),
        (a_question("text", max_length=3), "abc"),
        (a_question("text"), "ñandú\nzwei"),
        (a_question("person"), {"name": "Zyx"}),
        (a_question("file"), FILE),
        (a_question("table", columns={"c": a_question("number", required=False)}), [{"c": 1}, {}]),
    ],
)
def test_what_a_question_takes(question: Question, good: Any) -> None:
    assert check_answer(question, good, now=NOW) is None


@pytest.mark.parametrize(
    ("question", "bad"),
    [
        (a_question("yes_no"), "maybe"),
        (a_question("yes_no"), "unknown"),
        (a_question("yes_no"), True),
        (a_question("choice", choices=CHOICES), "green"),
        (a_question("choice", choices=CHOICES), ["red"]),
        (a_question("many", choices=CHOICES), "red"),
        (a_question("many", choices=CHOICES), ["red", "red"]),
        (a_question("many", choices=CHOICES), ["none", "red"]),
        (a_question("many", choices=CHOICES), [{}]),
        (a_question("number", lowest=0), -1),
        (a_question("number", highest=9), 10),
        (a_question("number"), True),
        (a_question("number"), "7"),
        (a_question("number"), 7.5),
        (a_question("date"), "2026-02-29"),
        (a_question("date"), "1990"),
        (a_question("date", partial=True), "1990-13"),
        (a_question("date"), "1849-01-01"),
        (a_question("date"), "٢٠٢٠-٠١-٠١"),
        (a_question("date", not_future=True), "2026-03-04"),
        (a_question("moment"), "2026-03-02 14:05"),
        (a_question("moment"), "2026-03-02T24:61Z"),
        (a_question("moment", not_future=True), "2026-03-02T13:01Z"),
        (a_question("text", max_length=3), "abcd"),
        (a_question("text", min_length=3), " a  "),
        (a_question("text"), " \u200b\u202e "),
        (a_question("text"), "a\x00b"),
        (a_question("text"), "a\ud800b"),
        (a_question("text"), 7),
        (a_question("text", refuse_if_only=("demeanour",)), "Because of his demeanour."),
        (a_question("person"), {"name": " "}),
        (a_question("person"), {"name": "Zyx", "age": "7"}),
        (a_question("person"), "Zyx"),
        (a_question("file"), {"name": "a.pdf"}),
        (a_question("file"), {**FILE, "sha256": "xyz"}),
        (a_question("file"), {**FILE, "size": -1}),
        (a_question("file"), {**FILE, "name": 7}),
        (a_question("table", columns={"c": a_question("number")}), [{}]),
        (a_question("table", columns={"c": a_question("number")}), [{"c": 1, "d": 2}]),
        (a_question("table", columns={"c": a_question("number")}), [{"c": "1"}]),
        (a_question("table", columns={"c": a_question("number")}), {"c": 1}),
        (a_question("table", columns={"c": a_question("number")}), [{"c": 1}] * 201),
    ],
)
def test_what_a_question_refuses_it_refuses_with_words(question: Question, bad: Any) -> None:
    message = check_answer(question, bad, now=NOW)

    assert message is not None
    assert message.endswith((".", "?"))


def _check(answers: dict[str, Any], *questions: Question, shown: bool = True, required: bool = True) -> dict[str, str]:
    return check_answers(questions, answers, shown=lambda _: shown, required=lambda _: required, now=NOW)


def test_a_question_that_must_be_answered_is_named_when_it_is_not() -> None:
    assert _check({}, a_question("number")) == {"q": "Enter a number."}
    assert _check({"q": ""}, a_question("text")) == {"q": "Enter an answer."}
    assert _check({"q": []}, a_question("many", choices=CHOICES)) == {"q": "Select at least one answer."}


def test_what_need_not_be_answered_is_left_out_and_not_left_empty() -> None:
    assert _check({}, a_question("text"), required=False) == {}
    assert set(_check({"q": ""}, a_question("text"), required=False)) == {"q"}
    assert _check({"q": []}, a_question("table"), required=False) == {}


def test_what_is_not_asked_is_not_answered() -> None:
    assert _check({}, a_question("text"), shown=False) == {}
    assert set(_check({"q": "x"}, a_question("text"), shown=False)) == {"q"}
    assert set(_check({"other": "x"}, a_question("text"), required=False)) == {"other"}


def test_no_message_repeats_an_answer() -> None:
    for kind in ("yes_no", "choice", "number", "date", "moment", "file"):
        message = check_answer(a_question(kind), "Zyx-secret", now=NOW)  # type: ignore[arg-type]
        assert message is not None
        assert "Zyx" not in message


def test_a_column_is_asked_by_its_own_row() -> None:
    bags = small_set().machines["intake"].steps["arrival"].questions["bags"]

    assert check_answer(bags, [{"colour": "blue"}, {"colour": "red", "heavy": "yes"}], now=NOW) is None
    assert "Row 1" in (check_answer(bags, [{"colour": "red"}], now=NOW) or "")
    assert "Row 2" in (check_answer(bags, [{"colour": "blue"}, {"colour": "blue", "heavy": "no"}], now=NOW) or "")


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u202e\n", "\t"])
def test_a_text_without_anything_to_read_is_blank(text: str) -> None:
    assert is_blank(text)
