"""Every type of answer is read from a page as the vocabulary states it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields import ChoiceField, LongManyField, ManyField, SelectField
from forms.text import tidy
from sop_engine.engine.answers import unprintable
from tests.unit.forms.conftest import question

Sent = Any

PERSON = {"q-it-name": "Ama Obi", "q-it-relation": "aunt", "q-it-contact": "at the shop"}


@pytest.mark.parametrize(
    ("one", "typed", "answer"),
    [
        (question("yes_no"), {"q-it": "yes"}, "yes"),
        (question("choice", choices={"a": "A", "b": "B"}), {"q-it": "b"}, "b"),
        (question("many", choices={"a": "A", "b": "B", "c": "C"}), {"q-it": ["c", "a"]}, ["a", "c"]),
        (question("number"), {"q-it": " 12 "}, 12),
        (question("number"), {"q-it": "٣٤"}, 34),
        (question("date"), {"q-it-day": "3", "q-it-month": "4", "q-it-year": "1990"}, "1990-04-03"),
        (question("date", partial=True), {"q-it-year": "1990"}, "1990"),
        (question("date", partial=True), {"q-it-month": "4", "q-it-year": "1990"}, "1990-04"),
        (question("text"), {"q-it": "\u200fJose\u0301 \u200e"}, "José"),
        (question("text", multiline=True), {"q-it": "one\r\ntwo"}, "one\ntwo"),
        (question("person"), PERSON, {"name": "Ama Obi", "relation": "aunt", "contact": "at the shop"}),
    ],
)
def test_an_answer_is_read_as_the_vocabulary_states_it(send: Sent, one: Any, typed: Any, answer: Any) -> None:
    _form, submitted = send(one, typed)

    assert submitted.problems == {}
    assert submitted.answers == {"it": answer}


def test_a_time_by_the_office_clock_is_kept_in_utc(send: Sent) -> None:
    typed = {"q-it-day": "1", "q-it-month": "3", "q-it-year": "2026", "q-it-time": "21:30"}

    _form, submitted = send(question("moment"), typed)

    assert submitted.answers == {"it": "2026-03-02T01:30Z"}


@pytest.mark.parametrize("clock", ["", "25:00", "noon", "12:60", "-1:00"])
def test_a_date_without_a_real_time_is_no_moment(send: Sent, clock: str) -> None:
    typed = {"q-it-day": "1", "q-it-month": "3", "q-it-year": "2026", "q-it-time": clock}

    _form, submitted = send(question("moment"), typed)

    assert submitted.answers == {}
    assert submitted.problems == {"it": "Enter a date and a time, such as 27 3 2026 and 14:30."}


@pytest.mark.parametrize(
    "typed",
    [
        {"q-it-day": "31", "q-it-month": "2", "q-it-year": "2020"},
        {"q-it-day": "29", "q-it-month": "2", "q-it-year": "2023"},
        {"q-it-day": "1", "q-it-month": "13", "q-it-year": "2020"},
        {"q-it-day": "1", "q-it-month": "1", "q-it-year": "90"},
        {"q-it-day": "1", "q-it-month": "1", "q-it-year": "0001"},
        {"q-it-day": "1", "q-it-month": "1", "q-it-year": "9999"},
        {"q-it-day": "one", "q-it-month": "1", "q-it-year": "2020"},
        {"q-it-day": "1", "q-it-month": "", "q-it-year": "2020"},
        {"q-it-month": "1", "q-it-year": "2020"},
    ],
)
def test_a_date_that_is_not_in_the_calendar_is_refused_in_words(send: Sent, typed: Any) -> None:
    _form, submitted = send(question("date"), typed)

    assert submitted.answers == {}
    assert submitted.problems["it"].startswith("Enter")


@pytest.mark.parametrize("typed", ["1e309", "NaN", "1_000", "1.5", "0x10", "seven", "9" * 5000, "--1", "1 2"])
def test_what_is_no_whole_number_is_refused_in_words(send: Sent, typed: str) -> None:
    _form, submitted = send(question("number"), {"q-it": typed})

    assert submitted.answers == {}
    assert submitted.problems["it"] == "Enter a whole number, such as 7."


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200f", "\u202e"])
def test_nothing_and_invisible_characters_alone_are_no_answer(send: Sent, typed: str) -> None:
    _form, submitted = send(question("text"), {"q-it": typed})

    assert submitted.answers == {}
    assert submitted.problems == {"it": "Enter an answer."}


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "x" * 4001])
def test_what_no_record_can_keep_is_refused(send: Sent, typed: str) -> None:
    _form, submitted = send(question("text"), {"q-it": typed})

    assert submitted.answers == {}
    assert "it" in submitted.problems


@pytest.mark.parametrize("one", [question("yes_no"), question("choice", choices={"a": "A"})])
@pytest.mark.parametrize("typed", ["maybe", "unknown", "<script>", "A"])
def test_an_answer_that_was_not_offered_is_refused(send: Sent, one: Any, typed: str) -> None:
    _form, submitted = send(one, {"q-it": typed})

    assert submitted.answers == {}
    assert "it" in submitted.problems


def test_a_question_answered_twice_is_refused(send: Sent) -> None:
    _form, submitted = send(question("yes_no"), {"q-it": ["yes", "no"]})

    assert submitted.answers == {}
    assert submitted.problems == {"it": "Answer this question once."}


MAY_BE = ("unknown", "prefers_not_to_say")


@pytest.mark.parametrize("kind", ["number", "date", "moment", "text", "person"])
def test_not_known_stands_beside_every_field_where_it_is_offered(send: Sent, kind: str) -> None:
    _form, submitted = send(question(kind, may_be=MAY_BE), {"q-it-instead": "unknown"})

    assert submitted.answers == {"it": "unknown"}


def test_not_known_stands_among_the_answers_of_a_choice(send: Sent) -> None:
    _form, submitted = send(question("yes_no", may_be=MAY_BE), {"q-it": "prefers_not_to_say"})

    assert submitted.answers == {"it": "prefers_not_to_say"}


def test_not_known_is_not_taken_where_it_is_not_offered(send: Sent) -> None:
    _form, submitted = send(question("text"), {"q-it-instead": "unknown"})

    assert submitted.answers == {}
    assert "it" in submitted.problems


@pytest.mark.parametrize(
    ("one", "typed"),
    [
        (question("text", may_be=MAY_BE), {"q-it": "blue", "q-it-instead": "unknown"}),
        (question("many", may_be=MAY_BE, choices={"a": "A"}), {"q-it": ["a", "unknown"]}),
        (question("text", may_be=MAY_BE), {"q-it-instead": list(MAY_BE)}),
    ],
)
def test_an_answer_and_not_known_together_are_refused(send: Sent, one: Any, typed: Any) -> None:
    _form, submitted = send(one, typed)

    assert submitted.answers == {}
    assert "it" in submitted.problems


def test_an_optional_question_may_be_left_empty(send: Sent) -> None:
    _form, submitted = send(question("text", required=False), {"q-it": ""})

    assert submitted.answers == {}
    assert submitted.problems == {}


def test_fields_that_the_page_did_not_ask_are_ignored(send: Sent) -> None:
    _form, submitted = send(question("yes_no"), {"q-it": "no", "q-role": "administrator", "office_id": "other"})

    assert submitted.answers == {"it": "no"}


@pytest.mark.parametrize(
    ("count", "kinds"),
    [(5, (ChoiceField, ManyField)), (13, (SelectField, ManyField)), (60, (SelectField, LongManyField))],
)
def test_long_lists_become_select_boxes(fill: Sent, count: int, kinds: Any) -> None:
    choices = {f"c{n}": f"Choice {n}" for n in range(count)}

    one = next(fill(question("choice", choices=choices), None).questions())
    many = next(fill(question("many", choices=choices), None).questions())

    assert (type(one), type(many)) == kinds


def test_nothing_is_chosen_before_somebody_chooses(fill: Sent) -> None:
    field = next(fill(question("yes_no", may_be=MAY_BE), None).questions())

    assert not any(chosen for _code, _label, chosen in (*field.options(), *field.other_options()))


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(typed: str) -> None:
    assert tidy(tidy(typed)) == tidy(typed)


@given(st.text(max_size=60))
def test_tidying_never_hides_what_must_be_refused(typed: str) -> None:
    refused_anywhere = {c for c in typed if unprintable(c)}

    assert {c for c in tidy(typed) if unprintable(c)} >= {c for c in refused_anywhere if not c.isspace()}
