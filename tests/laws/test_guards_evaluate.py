"""The laws of three-valued guards: whatever the guard and whatever the case."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from sop_engine.guards.evaluate import evaluate
from sop_engine.guards.tree import ALWAYS, And, Guard, Not, Or
from tests.laws.guard_strategies import DrawnCase, answers, cases, guards, learning_guards


@given(guards, guards, cases)
def test_not_both_is_either_not(one: Guard, other: Guard, case: DrawnCase) -> None:
    assert evaluate(Not(And((one, other))), case) is evaluate(Or((Not(one), Not(other))), case)
    assert evaluate(Not(Or((one, other))), case) is evaluate(And((Not(one), Not(other))), case)


@given(guards, guards, guards, cases)
def test_order_and_grouping_do_not_matter(one: Guard, two: Guard, three: Guard, case: DrawnCase) -> None:
    assert evaluate(And((one, two)), case) is evaluate(And((two, one)), case)
    assert evaluate(Or((one, two)), case) is evaluate(Or((two, one)), case)
    assert evaluate(And((one, And((two, three)))), case) is evaluate(And((one, two, three)), case)
    assert evaluate(Or((one, Or((two, three)))), case) is evaluate(Or((one, two, three)), case)


@given(guards, guards, cases)
def test_a_part_repeated_or_absorbed_changes_nothing(one: Guard, other: Guard, case: DrawnCase) -> None:
    verdict = evaluate(one, case)

    assert evaluate(And((one, one)), case) is verdict
    assert evaluate(Or((one, And((one, other)))), case) is verdict
    assert evaluate(Not(Not(one)), case) is verdict
    assert evaluate(And((one, ALWAYS)), case) is verdict


@given(guards, cases)
def test_open_never_opens_a_door_whichever_way_it_is_asked(guard: Guard, case: DrawnCase) -> None:
    if evaluate(guard, case) is None:
        assert evaluate(Not(guard), case) is None
        assert evaluate(Or((guard, Not(guard))), case) is None


@given(learning_guards, cases, answers)
def test_answering_more_never_unsettles_what_was_settled(guard: Guard, case: DrawnCase, more: dict) -> None:  # type: ignore[type-arg]
    before = evaluate(guard, case)

    after = evaluate(guard, replace(case, answers={**more, **case.answers}))

    assert before is None or after is before
