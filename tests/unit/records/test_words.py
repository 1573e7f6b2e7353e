"""An answer is said as an officer would say it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.definition.model import Question
from sop_engine.periods import Calendar
from sop_engine.records.words import answer_in_words, date_in_words, moment_in_words, rows_in_words
from sop_engine.vocabulary import Answer
from tests.unit.records.example import question

ROUTES = {"sea": "By sea", "land": "By land"}
FAMILY = question(
    "family", "Who belongs to the family?", "table", "identity",
    columns={"who": question("who", "Name", "text", "identity"), "age": question("age", "Age", "number", "identity")},
)  # fmt: skip


def a(kind: str, **rest: Any) -> Question:
    return question("q", "A question", kind, "procedure", **rest)


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        (a("yes_no"), "yes", "Yes"),
        (a("yes_no"), "no", "No"),
        (a("yes_no"), "unknown", "Unknown"),
        (a("yes_no"), "prefers_not_to_say", "Prefers not to say"),
        (a("choice", choices=ROUTES), "sea", "By sea"),
        (a("choice", choices={**ROUTES, "unknown": "The route is unknown"}), "unknown", "Unknown"),
        (a("choice", choices=ROUTES), "gone_from_the_list", "gone_from_the_list"),
        (a("many", choices=ROUTES), ["sea", "land"], "By sea; By land"),
        (a("many", choices=ROUTES), [], "None of these"),
        (a("number"), 7, "7"),
        (a("date"), "1990", "1990"),
        (a("date"), "1990-04", "April 1990"),
        (a("date"), "1990-04-23", "23 April 1990"),
        (a("moment"), "2026-03-02T14:05Z", "2 March 2026, 14:05 UTC"),
        (a("text"), "I cannot go back", "I cannot go back"),
        (a("text"), "unknown", "unknown"),
        (a("text", may_be=("unknown",)), "unknown", "Unknown"),
        (a("person"), {"name": "Ana", "relation": "aunt", "contact": "+1"}, "Ana (aunt), +1"),
        (a("person"), {"name": "Ana", "relation": "", "contact": ""}, "Ana"),
        (a("file"), {"name": "a.pdf", "media_type": "application/pdf", "size": 2048}, "a.pdf (PDF, 2 KB)"),
        (FAMILY, [{"who": "Ana", "age": 4}, {"who": "Ben"}], "1. Name: Ana; Age: 4\n2. Name: Ben"),
        (FAMILY, [], "No rows"),
        (a("number"), None, "Not answered"),
    ],
)
def test_every_type_of_answer_has_its_words(asked: Question, value: Answer | None, words: str) -> None:
    assert answer_in_words(asked, value, str) == words


def test_a_moment_is_told_in_the_time_of_the_authority() -> None:
    calendar = Calendar("invented", time_zone="America/Port_of_Spain")

    assert moment_in_words("2026-03-02T14:05Z", str, calendar=calendar) == "2 March 2026, 10:05"


def test_fixed_words_and_labels_are_translated_and_the_persons_own_are_not() -> None:
    spanish = {"Yes": "Sí", "By sea": "Por mar", "April": "abril", "{month} {year}": "{month} de {year}"}

    def texts(words: str) -> str:
        return spanish.get(words, words)

    assert answer_in_words(a("yes_no"), "yes", texts) == "Sí"
    assert answer_in_words(a("choice", choices=ROUTES), "sea", texts) == "Por mar"
    assert answer_in_words(a("date"), "1990-04", texts) == "abril de 1990"
    assert answer_in_words(a("text"), "Yes", texts) == "Yes"


def test_the_rows_of_a_table_keep_their_columns() -> None:
    rows = rows_in_words(FAMILY, [{"who": "Ana", "age": 4}, {"age": 2}], str)

    assert rows == ({"who": "Ana", "age": "4"}, {"who": "", "age": "2"})


@given(st.text(max_size=30))
def test_a_date_that_cannot_be_read_is_shown_as_it_stands(words: str) -> None:
    assert date_in_words(words, str) or words == ""


@given(
    st.sampled_from(["yes_no", "choice", "many", "number", "date", "moment", "text", "person", "file", "table"]),
    st.recursive(
        st.text(max_size=10) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_no_answer_however_old_or_odd_keeps_a_record_from_being_made(kind: str, value: Any) -> None:
    assert isinstance(answer_in_words(a(kind, choices=ROUTES), value, str), str)
