"""What is told stricter is stricter, whatever a case says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sop_engine.guards.evaluate import Reading, evaluate
from sop_engine.guards.implication import implies, relation
from sop_engine.guards.tree import And, Guard, Or
from tests.laws.guard_strategies import cases, guards


@settings(deadline=None, max_examples=60)
@given(new=guards, old=guards, case=cases)
def test_what_a_stricter_guard_lets_through_the_older_one_lets_through(new: Guard, old: Guard, case: Reading) -> None:
    if implies(new, old) is True and evaluate(new, case) is True:
        assert evaluate(old, case) is True


@settings(deadline=None, max_examples=60)
@given(guard=guards, other=guards)
def test_a_condition_joined_with_and_is_never_wider(guard: Guard, other: Guard) -> None:
    assert relation(And((guard, other)), guard) in ("stricter", "equivalent", "not settled")


@settings(deadline=None, max_examples=60)
@given(guard=guards, other=guards, which=st.booleans())
def test_what_is_joined_with_or_is_never_stricter(guard: Guard, other: Guard, which: bool) -> None:
    either = Or((guard, other) if which else (other, guard))

    assert relation(either, guard) in ("wider", "equivalent", "not settled")
