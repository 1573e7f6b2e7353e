"""Two methods, written apart, say the same of the same slice: what one proves the other proves, what is open, is."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sop_engine.check.bdd import Prover
from sop_engine.check.events import build_model, initial_state
from sop_engine.check.formula import Formula, all_of, literal
from sop_engine.check.ir import Model
from sop_engine.check.properties import Obligation
from sop_engine.check.refine import bad_states
from sop_engine.check.second_opinion import second_opinion
from sop_engine.check.slices import AFTERTHOUGHTS, Slice, with_companions
from tests.instruments.small_set import small_set


@lru_cache(maxsize=1)
def model() -> Model:
    return build_model(small_set())


QUESTIONS = (
    ("intake", "ordinary", "fact danger_known", "yes"),
    ("intake", "ordinary", "fact danger_known", "no"),
    ("intake", "arrived", "fact waiting_long", "yes"),
    ("intake", "arrived", "fact waiting_long", "no"),
    ("claim", "not_opened", "intake", "referred"),
    ("claim", "listed", "intake", "referred"),
    ("claim", "refused", "departure", "new"),
    ("claim", "refused", "fact danger_known", "yes"),
)


def bad_end(one: str, at: str, other: str, there: str) -> Formula:
    return all_of(literal(one, {at}), literal(other, {there}))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q[0]} {q[1]} while {q[2]} {q[3]}")
def test_both_methods_say_the_same(question: tuple[str, str, str, str]) -> None:
    bad = bad_end(*question)
    part = Slice(model(), with_companions(model(), bad.support), AFTERTHOUGHTS)
    prover = Prover(part, initial_state(model()))
    obligation = Obligation(bad)
    is_reached = prover.reach().states & bad_states(prover, obligation) != prover.manager.false

    opinion = second_opinion(part, obligation, seconds=60)

    assert opinion == ("differs" if is_reached else "agrees")


def test_the_questions_have_both_answers() -> None:
    answers = set()
    for question in QUESTIONS:
        bad = bad_end(*question)
        part = Slice(model(), with_companions(model(), bad.support), AFTERTHOUGHTS)
        prover = Prover(part, initial_state(model()))
        answers.add(prover.reach().states & bad_states(prover, Obligation(bad)) != prover.manager.false)

    assert answers == {True, False}
