"""Questions are divided into pages, and an answer on file comes back as it was given."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import read_answers
from forms.build import MOST_ON_A_PAGE, build_form, fill_form, pages
from sop_engine.definition.model import Step
from sop_engine.guards.tree import QuestionRef, ValueIn
from tests.unit.forms.conftest import NOW, PORT_OF_SPAIN, question


def step(*questions: Any) -> Step:
    return Step(name="one", title="One", by=frozenset({"officer"}), questions={q.name: q for q in questions})


def test_a_few_short_questions_share_a_page_and_a_table_stands_alone() -> None:
    short = [question("yes_no", name=f"s{n}") for n in range(3)]
    divided = pages(step(*short, question("table", name="t", columns={}), question("date", name="d")))

    assert [[q.name for q in page] for page in divided] == [["s0", "s1", "s2"], ["t"], ["d"]]


def test_a_question_never_stands_with_the_one_that_decides_whether_it_is_asked() -> None:
    depends = ValueIn(QuestionRef("m", "one", "first"), ("yes",))
    divided = pages(step(question("yes_no", name="first"), question("text", name="second", shown_when=depends)))

    assert [[q.name for q in page] for page in divided] == [["first"], ["second"]]


def test_sensitive_questions_have_pages_of_their_own() -> None:
    divided = pages(step(question("yes_no", name="a"), question("yes_no", name="b", confidentiality="sensitive")))

    assert len(divided) == 2


@given(st.lists(st.sampled_from(["yes_no", "text", "date", "many", "table", "person", "file", "number"]), max_size=20))
def test_every_question_stands_on_exactly_one_page_in_order(kinds: list[str]) -> None:
    questions = [question(kind, name=f"q{n}") for n, kind in enumerate(kinds)]

    divided = pages(step(*questions))

    assert [q for page in divided for q in page] == questions
    assert all(0 < len(page) <= MOST_ON_A_PAGE for page in divided)


CHOICES = {"a": "A", "b": "B", "c": "C"}


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (question("yes_no"), "yes"),
        (question("yes_no", may_be=("unknown",)), "unknown"),
        (question("choice", choices=CHOICES), "b"),
        (question("many", choices=CHOICES), ["a", "c"]),
        (question("many", choices=CHOICES, may_be=("unknown",)), "unknown"),
        (question("number"), 0),
        (question("date", partial=True), "1990-04"),
        (question("date"), "1990-04-23"),
        (question("moment"), "2026-03-02T01:30Z"),
        (question("text"), "words"),
        (question("text", may_be=("prefers_not_to_say",)), "prefers_not_to_say"),
        (question("person"), {"name": "Ama", "contact": "at the shop"}),
        (question("table", columns={"a": question("yes_no", name="a")}), [{"a": "yes"}, {"a": "no"}]),
    ],
)
def test_an_answer_on_file_comes_back_as_it_was_given(one: Any, answer: Any) -> None:
    form = fill_form(build_form([one], zone=PORT_OF_SPAIN, words=str), {"it": answer})

    assert read_answers(form, now=NOW, words=str).answers == {"it": answer}


def test_a_question_may_be_called_as_a_form_calls_its_own_things() -> None:
    odd = [question("yes_no", name=name) for name in ("data", "errors", "validate", "row", "meta")]

    form = fill_form(build_form(odd, zone=PORT_OF_SPAIN, words=str), {q.name: "yes" for q in odd})

    assert read_answers(form, now=NOW, words=str).answers == {q.name: "yes" for q in odd}
