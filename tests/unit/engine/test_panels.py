"""Quorum after recusals, majority, ties, dissent: pure counting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop_engine.definition.model import PanelQuestion
from sop_engine.engine.panels import asked, has_quorum, missing_dissents, result, tied, voters, what_is_missing
from sop_engine.guards.tree import Always, Guard
from sop_engine.vocabulary import Ballot
from tests.instruments.small_set import small_set

BOARD = small_set().machines["claim"].panels["board"]
THREE = Ballot("board", present=("cho", "mia", "max"), chair="cho")


def only_the_first(guard: Guard) -> bool:
    return isinstance(guard, Always)


def voting(ballot: Ballot, question: str, **votes: str) -> Ballot:
    return replace(ballot, votes={**ballot.votes, **{(question, user): vote for user, vote in votes.items()}})


def test_three_with_the_chair_are_a_quorum() -> None:
    assert has_quorum(BOARD, THREE)
    assert not has_quorum(BOARD, replace(THREE, present=("cho", "mia")))
    assert not has_quorum(BOARD, replace(THREE, chair=None))


def test_who_stepped_back_does_not_count() -> None:
    four = replace(THREE, present=("cho", "mia", "max", "moe"))

    assert has_quorum(BOARD, replace(four, recused=("mia",)))
    assert not has_quorum(BOARD, replace(four, recused=("mia", "max")))
    assert not has_quorum(BOARD, replace(four, recused=("cho",)))
    assert voters(replace(four, recused=("mia",))) == ("cho", "max", "moe")


def test_a_minority_that_is_left_over_decides_nothing() -> None:
    six = replace(THREE, present=("cho", "mia", "max", "moe", "a", "b"))

    assert has_quorum(BOARD, replace(six, recused=("a", "b")))
    assert not has_quorum(BOARD, replace(six, recused=("moe", "a", "b")))


def question(tie: str = "yes", tie_after: int = 1) -> PanelQuestion:
    return PanelQuestion(name="danger", ask="?", tie=tie, tie_after=tie_after)  # type: ignore[arg-type]


def test_a_question_is_open_until_everybody_who_sits_voted() -> None:
    assert result(question(), voting(THREE, "danger", cho="yes", mia="yes")) == "open"
    assert result(question(), voting(THREE, "danger", cho="yes", mia="yes", max="no")) == "carried"
    assert result(question(), voting(THREE, "danger", cho="no", mia="yes", max="no")) == "failed"
    assert result(question(), Ballot("board")) == "open"


def test_the_vote_of_who_stepped_back_does_not_count() -> None:
    ballot = replace(voting(THREE, "danger", cho="yes", mia="no", max="no"), recused=("max",), ties={"danger": 1})

    assert result(question(tie="yes"), ballot) == "carried"


@pytest.mark.parametrize(
    ("tie", "tie_after", "earlier", "outcome"),
    [
        ("yes", 1, 0, "tied"),
        ("yes", 1, 1, "carried"),
        ("no", 1, 0, "tied"),
        ("no", 1, 1, "failed"),
        ("yes", 0, 0, "carried"),
        ("no", 0, 0, "failed"),
        ("yes", 2, 1, "tied"),
    ],
)
def test_a_tie_is_deferred_and_then_answered_by_its_rule(tie: str, tie_after: int, earlier: int, outcome: str) -> None:
    four = voting(
        replace(THREE, present=("cho", "mia", "max", "moe")), "danger", cho="yes", mia="yes", max="no", moe="no"
    )

    assert result(question(tie, tie_after), replace(four, ties={"danger": earlier})) == outcome


def test_only_questions_before_the_panel_are_asked_tied_or_missing() -> None:
    four = replace(THREE, present=("cho", "mia", "max", "moe"))
    even = voting(four, "danger", cho="yes", mia="yes", max="no", moe="no")

    assert [q.name for q in asked(BOARD, only_the_first)] == ["danger"]
    assert tied(BOARD, even, only_the_first) == ("danger",)
    assert "tie" in what_is_missing(BOARD, even, only_the_first)


def test_a_minority_writes_why() -> None:
    ballot = voting(THREE, "danger", cho="yes", mia="yes", max="no")

    assert missing_dissents(BOARD, ballot, only_the_first) == ("max",)
    assert what_is_missing(BOARD, ballot, only_the_first) == ("dissent",)
    assert missing_dissents(BOARD, replace(ballot, dissents={"max": "I doubt it"}), only_the_first) == ()
    assert missing_dissents(replace(BOARD, reasons_if_dissent=False), ballot, only_the_first) == ()


def test_nothing_is_missing_when_all_voted_alike() -> None:
    ballot = voting(THREE, "danger", cho="yes", mia="yes", max="yes")

    assert what_is_missing(BOARD, ballot, only_the_first) == ()
    assert what_is_missing(BOARD, Ballot("board"), only_the_first) == ("quorum", "votes")


def test_a_panel_that_is_asked_nothing_decides_nothing() -> None:
    assert "votes" in what_is_missing(BOARD, THREE, lambda _: False)
