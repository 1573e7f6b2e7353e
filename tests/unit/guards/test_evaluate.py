"""True, false or open: what is unanswered opens no door, and what is answered counts."""

from __future__ import annotations

import pytest

from sop_engine.guards.evaluate import compile_guard, evaluate
from tests.unit.guards.example import ExampleCase, guard

CHILD = {"relation": "child", "age": 4}
PARENT = {"relation": "parent", "age": 40}


@pytest.mark.parametrize(
    ("text", "answers", "verdict"),
    [
        ("intake.accompanied is yes", {}, None),
        ("not intake.accompanied is yes", {}, None),
        ("intake.accompanied is yes", {"accompanied": "yes"}, True),
        ("intake.accompanied is not yes", {"accompanied": "yes"}, False),
        ("intake.afraid is unknown", {"afraid": "unknown"}, True),
        ("intake.afraid is yes", {"afraid": "prefers_not_to_say"}, False),
        ("intake.age < 18", {"age": 17}, True),
        ("intake.age < 18", {"age": 18}, False),
        ("intake.age < 18", {"age": "unknown"}, None),
        ("not intake.age < 18", {"age": "unknown"}, None),
        ("intake.age is 18", {"age": "unknown"}, None),
        ("intake.age is unknown", {"age": "unknown"}, True),
        ("intake.age is unknown", {"age": 18}, False),
        ("answered intake.age", {}, False),
        ("answered intake.age", {"age": "unknown"}, True),
        ("intake.needs includes care", {}, None),
        ("intake.needs includes care", {"needs": ["SC-UC"]}, False),
        ("intake.needs includes any of [care, SC-UC]", {"needs": ["SC-UC"]}, True),
        ("intake.needs includes care", {"needs": "unknown"}, False),
        ("child_alone", {"age": 9}, None),
        ("child_alone", {"age": 9, "accompanied": "no"}, True),
        ("child_alone", {"age": 30}, False),
        ("fear_expressed or intake.age < 18", {"age": 4}, True),
    ],
)
def test_a_test_of_answers_is_true_false_or_open(text: str, answers: dict[str, object], verdict: bool | None) -> None:
    assert evaluate(guard(text), ExampleCase(answers)) is verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantity", "rows", "verdict"),
    [
        ("every row", None, None),
        ("every row", [], True),
        ("every row", [CHILD, PARENT], False),
        ("every row", [CHILD, {}], None),
        ("every row", [PARENT, {}], False),
        ("some row", None, None),
        ("some row", [], False),
        ("some row", [PARENT, {}], None),
        ("some row", [CHILD, {}], True),
        ("no row", None, None),
        ("no row", [], True),
        ("no row", [PARENT, {}], None),
        ("no row", [CHILD, {}], False),
        ("at least 2 rows", [CHILD], False),
        ("at least 2 rows", [CHILD, {}], None),
        ("at least 2 rows", [CHILD, CHILD, PARENT], True),
    ],
)
def test_a_table_is_asked_row_by_row(quantity: str, rows: list[object] | None, verdict: bool | None) -> None:
    case = ExampleCase({} if rows is None else {"family": rows})

    assert evaluate(guard(f"{quantity} of intake.family (relation is child)"), case) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("some referral of [asylum] in [sent]", True),
        ("every referral of any in [sent]", False),
        ("every referral of [asylum] in [sent]", True),
        ("no referral of [legal_aid] in [sent]", True),
        ("no referral of any in [sent]", False),
        ("screening is arrived", True),
        ("referral is not_opened", True),
        ("deadline complete is running", True),
        ("deadline complete in [met, expired]", False),
        ("panel committee quorum is met", True),
        ("panel committee inclusion is open", True),
    ],
)
def test_procedures_deadlines_and_panels_are_never_open(text: str, verdict: bool) -> None:
    case = ExampleCase(
        states={"screening": "arrived"},
        referrals=[("asylum", "sent"), ("legal_aid", "drafted")],
        complete="running",
        results={"quorum": "met"},
    )

    assert evaluate(guard(text), case) is verdict


@pytest.mark.parametrize(
    ("text", "opened_for", "verdict"),
    [
        ("key is asylum", "asylum", True),
        ("key is asylum", "legal_aid", False),
        ("key is not asylum", "legal_aid", True),
        ("key in [asylum, legal_aid]", "legal_aid", True),
        ("key is asylum", None, False),
    ],
)
def test_what_a_procedure_was_opened_for_is_never_open(text: str, opened_for: str | None, verdict: bool) -> None:
    assert evaluate(guard(text, "referral"), ExampleCase(opened_for=opened_for)) is verdict


def test_equal_guards_are_compiled_once() -> None:
    assert compile_guard(guard("intake.age < 18")) is compile_guard(guard("intake.age < 18"))
