"""Stricter, wider, equivalent, incomparable: proved, not guessed."""

from __future__ import annotations

import pytest

from sop_engine.guards.grammar import parse
from sop_engine.guards.implication import Vocabulary, implies, relation
from sop_engine.guards.tree import NOWHERE, Guard, QuestionRef

YES_NO = Vocabulary(choices=lambda _: ("yes", "no"))


def guard(text: str) -> Guard:
    return parse(text, at=NOWHERE)


@pytest.mark.parametrize(
    ("new", "old", "told"),
    [
        ("a.x is yes and a.y is yes", "a.x is yes", "stricter"),
        ("a.x is yes", "a.x is yes or a.y is yes", "stricter"),
        ("a.x is yes or a.y is yes", "a.x is yes", "wider"),
        ("a.x is yes", "a.y is yes", "incomparable"),
        ("not (a.x is yes or a.y is yes)", "not (a.x is yes) and not (a.y is yes)", "equivalent"),
        ("a.age < 16", "a.age < 18", "stricter"),
        ("a.age < 18", "a.age <= 17", "equivalent"),
        ("loan in [lent]", "loan in [lent, requested]", "stricter"),
        ("deadline d is expired", "deadline d in [expired, met]", "stricter"),
        ("key is p", "key in [p, q]", "stricter"),
        ("key not in [p, q]", "not (key is p or key is q)", "equivalent"),
        ("key is p", "key is q", "incomparable"),
        ("key is p and key is q", "a.x is yes and a.x is no", "equivalent"),
        ("m.key is p", "n.key is p", "incomparable"),
        ("a.many includes any of [p]", "a.many includes any of [p, q]", "stricter"),
    ],
)
def test_two_guards_are_compared_by_what_they_let_through(new: str, old: str, told: str) -> None:
    assert relation(guard(new), guard(old), YES_NO) == told


def test_an_open_answer_lets_nobody_through() -> None:
    # “not no” over an unanswered question is open: only an answer makes it true, and then it is yes.
    assert relation(guard("a.x is not no"), guard("a.x is yes"), YES_NO) == "equivalent"
    # Without knowing the answers that there are, another answer is possible.
    assert relation(guard("a.x is not no"), guard("a.x is yes")) == "wider"


def test_a_condition_that_always_holds_besides_changes_nothing() -> None:
    assert relation(guard("a.x is yes and answered a.x"), guard("a.x is yes"), YES_NO) == "equivalent"


def test_facts_are_looked_into_only_where_their_names_do_not_settle_it() -> None:
    inside = {"adult": guard("a.age >= 18"), "grown": guard("a.age >= 21")}
    words = Vocabulary(fact=lambda _, name: inside.get(name))

    assert implies(guard("grown"), guard("adult"), words) is True
    assert implies(guard("adult"), guard("grown"), words) is False


def test_a_search_that_would_take_too_long_is_not_settled() -> None:
    many = " or ".join(f"(a.x{n} is yes and a.y{n} is yes)" for n in range(40))
    other = " or ".join(f"(a.y{n} is yes and a.x{n} is yes)" for n in range(40))

    assert relation(guard(many), guard(f"not (not ({other}))")) == "not settled"


def test_questions_are_told_apart_by_their_machine() -> None:
    new, old = guard("m.a.x is yes"), guard("n.a.x is yes")

    assert implies(new, old, Vocabulary(choices=lambda _: ("yes", "no"))) is False
    assert QuestionRef("m", "a", "x") != QuestionRef("n", "a", "x")
