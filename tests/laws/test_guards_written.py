"""A guard means the same as text, as JSON and as a tree."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sop_engine.guards.grammar import GuardSyntaxError, from_json, parse, to_json, to_text
from sop_engine.guards.tree import NOWHERE, Guard, Span
from tests.laws.guard_strategies import guards


@given(guards)
def test_a_guard_written_out_reads_back_as_the_same_guard(guard: Guard) -> None:
    text = to_text(guard)

    again = parse(text, at=NOWHERE)

    assert again == guard
    assert to_text(again) == text


@given(guards)
def test_a_guard_survives_the_journey_through_json(guard: Guard) -> None:
    assert from_json(json.loads(json.dumps(to_json(guard)))) == guard


_WORDS = [
    "a",
    "b.c",
    "and",
    "or",
    "not",
    "is",
    "in",
    "[",
    "]",
    "(",
    ")",
    ",",
    "every",
    "row",
    "of",
    "<",
    "3",
    "no",
    "é",
    "\n",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join) | st.text(max_size=12))
def test_any_text_is_a_guard_or_refused_with_a_place(text: str) -> None:
    try:
        place = parse(text, at=Span("any.yaml", 1, 1)).span
    except GuardSyntaxError as refused:
        place = refused.span

    assert place.file == "any.yaml"
    assert 1 <= place.line <= 1 + text.count("\n")
    assert 1 <= place.column <= 1 + len(text)
