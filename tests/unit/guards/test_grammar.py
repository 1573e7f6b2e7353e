"""Guards are read as an author means them, and a mistake is answered with its place and the mending."""

from __future__ import annotations

import pytest

from sop_engine.guards.grammar import GuardSyntaxError, from_json, parse, to_json, to_text
from sop_engine.guards.tree import (
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    QuestionRef,
    Rows,
    Span,
    StateIn,
    ValueIn,
)

HERE = Span("screening.yaml", 12, 30)
ROUTE = QuestionRef(None, "intake", "route")
FAMILY = QuestionRef(None, "intake", "family")
RELATION = QuestionRef(None, "", "relation")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("recorded", FactIs(None, "recorded")),
        ("screening.recorded", FactIs("screening", "recorded")),
        ("a or b and not c", Or((FactIs(None, "a"), And((FactIs(None, "b"), Not(FactIs(None, "c"))))))),
        ("intake.route is sea", ValueIn(ROUTE, ("sea",))),
        ("intake.route is no", ValueIn(ROUTE, ("no",))),
        ("intake.route is not sea", Not(ValueIn(ROUTE, ("sea",)))),
        ("intake.route not in [sea, land]", Not(ValueIn(ROUTE, ("sea", "land")))),
        ("intake.route in [SC-UC, 1F_a, 1C1]", ValueIn(ROUTE, ("SC-UC", "1F_a", "1C1"))),
        ("latest intake.route is sea", ValueIn(QuestionRef(None, "intake", "route", latest=True), ("sea",))),
        ("screening.intake.age is 18", ValueIn(QuestionRef("screening", "intake", "age"), (18,))),
        ("intake.age >= 18", Compare(QuestionRef(None, "intake", "age"), ">=", 18)),
        ("intake.needs includes care", Includes(QuestionRef(None, "intake", "needs"), ("care",))),
        ("intake.needs includes any of [a, b]", Includes(QuestionRef(None, "intake", "needs"), ("a", "b"))),
        ("answered intake.route", Answered(ROUTE)),
        ("latest answered intake.route", Answered(QuestionRef(None, "intake", "route", latest=True))),
        ("every row of intake.family (relation is child)", Rows("every", FAMILY, ValueIn(RELATION, ("child",)))),
        ("no row of intake.family (relation is no)", Rows("no", FAMILY, ValueIn(RELATION, ("no",)))),
        ("at least 2 rows of intake.family (answered relation)", Rows("at_least", FAMILY, Answered(RELATION), 2)),
        ("screening is referred", StateIn("screening", ("referred",))),
        ("screening not in [a, b]", Not(StateIn("screening", ("a", "b")))),
        ("some referral of [asylum, nrm] in [sent]", InstancesIn("some", "referral", ("asylum", "nrm"), ("sent",))),
        ("no referral of any in [sent]", InstancesIn("no", "referral", (), ("sent",))),
        ("every referral of asylum is sent", InstancesIn("every", "referral", ("asylum",), ("sent",))),
        ("key is asylum", KeyIs(None, ("asylum",))),
        ("key not in [asylum, nrm]", Not(KeyIs(None, ("asylum", "nrm")))),
        ("referral.key is asylum", KeyIs("referral", ("asylum",))),
        ("some row of intake.family (key is x)", Rows("some", FAMILY, ValueIn(QuestionRef(None, "", "key"), ("x",)))),
        ("m.intake.key is x", ValueIn(QuestionRef("m", "intake", "key"), ("x",))),
        ("deadline complete is running", DeadlineIs(None, "complete", ("running",))),
        ("deadline screening.complete in [met, expired]", DeadlineIs("screening", "complete", ("met", "expired"))),
        ("panel committee quorum is met", PanelIs(None, "committee", "quorum", ("met",))),
        (
            "panel decision.committee inclusion is not tied",
            Not(PanelIs("decision", "committee", "inclusion", ("tied",))),
        ),
    ],
)
def test_each_form_of_the_language_reads_as_its_meaning(text: str, tree: Guard) -> None:
    read = parse(text, at=HERE)

    assert read == tree
    assert parse(to_text(read), at=HERE) == tree
    assert from_json(to_json(read)) == tree


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("every referral of any not in [sent]", "no referral of any in [sent]"),
        ("no referral of any not in [sent]", "every referral of any in [sent]"),
        ("some referral of any not in [sent]", "not every referral of any in [sent]"),
    ],
)
def test_not_in_under_a_quantity_means_what_a_reader_takes_it_to_mean(text: str, meaning: str) -> None:
    assert to_text(parse(text, at=HERE)) == meaning


def test_every_node_knows_its_place_in_the_file() -> None:
    read = parse("a and\n  not b.c is x", at=HERE)

    assert isinstance(read, And)
    assert [part.span for part in read.parts] == [Span("screening.yaml", 12, 30), Span("screening.yaml", 13, 3)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "screening.yaml:12:30: the guard is empty; leave the key out if it is always true."),
        ("a == b", "screening.yaml:12:32: found “==”; write “is”."),
        ("a != b", "screening.yaml:12:32: found “!=”; write “is not”."),
        ("a AND b", "screening.yaml:12:32: found “AND”; write “and”."),
        ("a && b", "screening.yaml:12:32: found “&&”; write “and”."),
        ("(a or b", "screening.yaml:12:37: found the end where one of these is expected: “)”."),
        ("s.age < low", "screening.yaml:12:38: found “low” where a whole number is needed: only numbers are compared."),
        ("latest a is b", "screening.yaml:12:30: “latest” stands before a question, written step.question."),
        ("latest key is a", "screening.yaml:12:30: “latest” stands before a question, and a key never changes."),
        ("a and or", "screening.yaml:12:36: “or” stands where a name is expected; it is a word of the language."),
    ],
)
def test_a_mistake_is_answered_with_its_place_and_the_mending(text: str, message: str) -> None:
    with pytest.raises(GuardSyntaxError) as refused:
        parse(text, at=HERE)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "text",
    [
        *("a and", "not", "a b", "a.b.c", "a.b.c.d is x", "x is", "x in a", "x in []", "Foo", "a and $", "a is in [b]"),
        *(
            "at least x rows of a.b (c is x)",
            "at least 0 rows of a.b (c is x)",
            "every row of a.b",
            "deadline a.b.c is met",
        ),
        *("panel x is met", "answered", "a.b < 1.5", "a.b is “x”", "a.b is x is y", ")", "is", "always is x", "a-b"),
    ],
)
def test_what_is_no_guard_is_refused_with_a_place(text: str) -> None:
    with pytest.raises(GuardSyntaxError) as refused:
        parse(text, at=HERE)

    assert refused.value.span.line == 12
    assert 30 <= refused.value.span.column <= 30 + len(text)


def test_json_that_is_no_guard_is_refused() -> None:
    with pytest.raises(ValueError, match="not a guard"):
        from_json({"perhaps": True})
