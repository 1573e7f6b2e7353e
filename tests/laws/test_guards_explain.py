"""No closed door without a reason, and every reason is about something that stands as it says."""

from __future__ import annotations

from hypothesis import given

from sop_engine.guards.evaluate import evaluate
from sop_engine.guards.explain import explain, open_questions
from sop_engine.guards.tree import Guard, QuestionRef
from tests.laws.guard_strategies import COLOUR, DrawnCase, cases, guards


class EchoedWords:
    """Words for names nobody declared: the names themselves."""

    def question_text(self, ref: QuestionRef) -> str:
        return f"{ref.question}?"

    def choice_text(self, ref: QuestionRef, value: str) -> str:
        return value

    def column_text(self, table: QuestionRef, column: str) -> str:
        return column

    def column_choice_text(self, table: QuestionRef, column: str, value: str) -> str:
        return value

    def fact_says(self, machine: str | None, fact: str) -> str:
        return f"{fact} holds."

    def fact_if_not(self, machine: str | None, fact: str) -> str:
        return f"{fact} does not hold."

    def fact_guard(self, machine: str | None, fact: str) -> Guard | None:
        return None

    def machine_title(self, machine: str) -> str:
        return machine

    def state_title(self, machine: str, state: str) -> str:
        return state

    def key_title(self, machine: str, key: str) -> str:
        return key

    def deadline_title(self, machine: str | None, deadline: str) -> str:
        return deadline

    def panel_title(self, machine: str | None, panel: str) -> str:
        return panel

    def panel_question(self, machine: str | None, panel: str, item: str) -> str:
        return item


@given(guards, cases)
def test_a_guard_that_is_not_true_is_never_left_unexplained(guard: Guard, case: DrawnCase) -> None:
    reasons = explain(guard, case, EchoedWords())

    assert reasons or evaluate(guard, case) is True
    assert all(reason.text and "{" not in reason.text for reason in reasons)
    assert len({reason.text for reason in reasons}) == len(reasons)


@given(guards, cases)
def test_every_reason_stands_as_it_says(guard: Guard, case: DrawnCase) -> None:
    for reason in explain(guard, case, EchoedWords()):
        if reason.cure != "nothing":
            assert evaluate(reason.node, case) is reason.verdict


@given(guards, cases)
def test_an_open_question_is_one_without_a_settled_answer(guard: Guard, case: DrawnCase) -> None:
    asked = open_questions(guard, case, EchoedWords())

    assert evaluate(guard, case) is not True or not asked
    assert COLOUR not in asked or COLOUR not in case.answers
