"""A closed door says why in sentences, and what would open it; nobody is shown an operator."""

from __future__ import annotations

import pytest

from sop_engine.guards.explain import explain, open_questions, references
from sop_engine.guards.in_words import in_words
from sop_engine.guards.tree import QuestionRef
from tests.unit.guards.example import ExampleCase, ExampleWords, guard

WORDS = ExampleWords()
AGE = QuestionRef("screening", "intake", "age")
ACCOMPANIED = QuestionRef("screening", "intake", "accompanied")
ROUTE = QuestionRef("screening", "intake", "route")


def texts(text: str, case: ExampleCase) -> list[str]:
    return [reason.text for reason in explain(guard(text), case, WORDS)]


def test_a_false_fact_speaks_its_own_sentence() -> None:
    (reason,) = explain(guard("fear_expressed"), ExampleCase(), WORDS)

    assert reason.text == "No fear is on record."
    assert (reason.verdict, reason.cure) == (False, "fact")


def test_an_open_fact_names_the_questions_inside_it() -> None:
    (reason,) = explain(guard("child_alone"), ExampleCase({"age": 9}), WORDS)

    assert reason.text == "“The person is a child alone.” — not answered yet: “Is an adult with the person?”"
    assert (reason.verdict, reason.cure, reason.where) == (None, "answer", ACCOMPANIED)


def test_a_false_fact_that_answers_can_cure_names_them() -> None:
    (reason,) = explain(guard("recorded"), ExampleCase({"age": 9}), WORDS)

    assert reason.text == "The record has gaps."
    assert (reason.cure, reason.open_questions) == ("answer", (ROUTE,))


def test_a_false_fact_that_answers_cannot_cure_names_none() -> None:
    (reason,) = explain(guard("child_alone"), ExampleCase({"age": 30}), WORDS)

    assert (reason.text, reason.cure, reason.open_questions) == ("There is an adult.", "fact", ())


def test_only_what_stands_in_the_way_is_told() -> None:
    case = ExampleCase({"age": 9, "accompanied": "no"}, states={"screening": "arrived"})

    found = texts("child_alone and screening is arrived and fear_expressed and answered intake.route", case)

    assert found == ["No fear is on record.", "“How did the person arrive?” is not answered yet."]


def test_not_turns_the_question_round() -> None:
    case = ExampleCase({"age": 9, "accompanied": "no"})

    assert texts("not child_alone or fear_expressed", case) == ["The person is a child alone.", "No fear is on record."]


def test_under_not_what_already_holds_stands_in_the_way_too() -> None:
    case = ExampleCase({"age": 9}, shared=frozenset({"fear_expressed"}))

    assert texts("not (fear_expressed and child_alone)", case) == [
        "The person has expressed fear.",
        "“The person is a child alone.” — not answered yet: “Is an adult with the person?”",
    ]


def test_a_true_guard_is_explained_by_its_smallest_true_part() -> None:
    case = ExampleCase({"age": 9, "accompanied": "no", "route": "sea"}, shared=frozenset({"fear_expressed"}))

    assert texts("(child_alone and recorded) or fear_expressed", case) == ["The person has expressed fear."]


def test_the_same_sentence_is_said_once() -> None:
    assert texts("fear_expressed and (fear_expressed or child_alone)", ExampleCase({"age": 30})) == [
        "No fear is on record.",
        "There is an adult.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("screening is referred", "The screening is at “Arrived”, not at “Referred”."),
        ("screening is not arrived", "The screening is at “Arrived”."),
        ("referral is sent", "The referral has not been opened."),
        ("referral is not not_opened", "The referral has not been opened."),
        ("screening is not_opened", "The screening is at “Arrived”."),
        ("some referral of [asylum] in [sent]", "The referral (asylum): none is at “Sent”."),
        ("every referral of any in [sent]", "The referral: not all are at “Sent”."),
        ("no referral of any in [sent, drafted]", "The referral: at least one is at “Sent” or “Drafted”."),
        ("deadline complete is met", "The time for “Complete the screening” is running."),
        ("panel committee quorum is met", "The committee does not have its quorum yet."),
        ("panel committee inclusion is carried", "The committee is tied on “Is the person a refugee?”."),
        ("intake.afraid is yes", "“Is the person afraid of return?” is not answered yet."),
        ("intake.age < 18", "“How old is the person?” is at least 18."),
        ("not intake.age > 18", "“How old is the person?” is above 18."),
        ("intake.route is land", "“How did the person arrive?” is not answered “Land”."),
        ("intake.route in [land, 1951]", "“How did the person arrive?” is answered with none of “Land”, “1951”."),
        ("intake.route is not sea", "“How did the person arrive?” is answered “Sea”."),
        ("intake.needs includes SC-UC", "The answers to “Which needs are there?” do not include “Sc-uc”."),
        ("not intake.needs includes any of [care]", "The answers to “Which needs are there?” include “Care”."),
        ("not answered intake.age", "“How old is the person?” is answered."),
        (
            "every row of intake.family (relation is child)",
            "In “Family members”, not for every row: “Relation” is “Child”.",
        ),
        (
            "no row of intake.family (relation is parent and not age < 18)",
            "In “Family members”, for at least one row: “Relation” is “Parent” and not (“Age” is below 18).",
        ),
        (
            "at least 2 rows of intake.family (answered age)",
            "In “Family members”, for fewer than 2 rows: “Age” is answered.",
        ),
        ("not always", "This rule leaves no way to it."),
    ],
)
def test_each_test_has_its_sentence(text: str, sentence: str) -> None:
    case = ExampleCase(
        {"age": 30, "route": "sea", "needs": ["care"], "family": [{"relation": "parent", "age": 40}]},
        states={"screening": "arrived"},
        referrals=[("asylum", "drafted"), ("legal_aid", "sent")],
        complete="running",
        results={"inclusion": "tied"},
    )

    assert texts(text, case) == [sentence]


@pytest.mark.parametrize(
    ("text", "opened_for", "sentence"),
    [
        ("key is asylum", "legal_aid", "The referral: this one is not of the kind “asylum”."),
        ("key in [asylum, legal_aid]", "asylum", "The referral: this one is of the kind “asylum” or “legal aid”."),
        ("key is not legal_aid", "legal_aid", "The referral: this one is of the kind “legal aid”."),
    ],
)
def test_a_key_has_its_sentence_and_nothing_cures_it(text: str, opened_for: str, sentence: str) -> None:
    asked = guard(text, "referral")

    (reason,) = explain(asked, ExampleCase(opened_for=opened_for), WORDS)

    assert (reason.text, reason.cure, reason.open_questions) == (sentence, "nothing", ())


def test_a_condition_over_the_key_is_told_apart_from_any_case() -> None:
    told = in_words(guard("key is asylum and not key is legal_aid", "referral"), WORDS)

    assert told == (
        "The referral: this one is of the kind “asylum”. And: The referral: this one is not of the kind “legal aid”."
    )


def test_an_unknown_number_is_said_to_be_no_number() -> None:
    assert texts("intake.age < 18", ExampleCase({"age": "unknown"})) == [
        "“How old is the person?” is answered, but not with a number."
    ]


def test_a_missing_cell_of_a_table_is_told() -> None:
    assert texts("every row of intake.family (relation is child)", ExampleCase({"family": [{}]})) == [
        "In “Family members” an answer is still missing for this to be known: “Relation” is “Child”."
    ]


def test_fixed_words_are_translated_and_declared_ones_are_not() -> None:
    spanish = {"“{question}” is not answered yet.": "Falta responder «{question}»."}

    (reason,) = explain(guard("intake.age < 18"), ExampleCase(), WORDS, lambda text: spanish.get(text, text))

    assert reason.text == "Falta responder «How old is the person?»."


def test_open_questions_are_those_that_may_yet_open_the_door() -> None:
    asked = guard("child_alone and recorded and screening is arrived")

    assert open_questions(asked, ExampleCase({"age": 9}), WORDS) == (ACCOMPANIED, ROUTE)
    assert open_questions(asked, ExampleCase({"age": 30}), WORDS) == (ROUTE,)
    assert open_questions(guard("not child_alone"), ExampleCase({"age": 30}), WORDS) == ()


def test_references_are_everything_a_guard_reads() -> None:
    found = references(
        guard(
            "recorded and not fear_expressed and intake.age < 18 and some row of intake.family (relation is child)"
            " and some referral of [asylum] in [sent] and screening is arrived and deadline complete is met"
            " and panel committee quorum is met"
        )
    )

    family = QuestionRef("screening", "intake", "family")
    assert found.questions == {AGE, family}
    assert found.columns == {(family, "relation")}
    assert found.facts == {("screening", "recorded"), (None, "fear_expressed")}
    assert found.states == {("referral", "sent"), ("screening", "arrived")}
    assert found.instances == {("referral", "asylum")}
    assert found.deadlines == {("screening", "complete")}
    assert found.panels == {("screening", "committee", "quorum")}
    assert found.machines == {"screening", "referral"}


def test_a_key_that_is_asked_is_among_what_a_guard_reads() -> None:
    found = references(guard("key in [asylum, legal_aid] and accepted", "referral"))

    assert found.keys == {("referral", "asylum"), ("referral", "legal_aid")}
    assert found.machines == {"referral"}
