"""Refusals speak for themselves, and never of the person."""

from __future__ import annotations

from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal


def test_a_refusal_speaks_for_itself() -> None:
    error = NotOffered((Refusal("state", "One."), Refusal("role", "Two.")))

    assert str(error) == "One. Two."
    assert str(InvalidAnswers({"a": "secret"})) == "1 answers need mending: a."
