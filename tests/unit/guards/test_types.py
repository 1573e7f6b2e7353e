"""A guard that names what does not exist, or asks what cannot be asked, is refused with what was meant."""

from __future__ import annotations

import pytest

from sop_engine.guards.grammar import parse
from sop_engine.guards.tree import (
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    KeyIs,
    Not,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)
from sop_engine.guards.types import GuardTypeError, MachineNames, Names, QuestionNames, resolve
from tests.unit.guards.example import NAMES, SCREENING, START, guard

AGE = QuestionRef("screening", "intake", "age")


def test_names_are_resolved_from_the_place_of_the_guard() -> None:
    assert guard("recorded") == FactIs("screening", "recorded")
    assert guard("fear_expressed") == FactIs(None, "fear_expressed")
    assert guard("referral.accepted") == FactIs("referral", "accepted")
    assert guard("intake.age is 3") == ValueIn(AGE, (3,))
    assert guard("answered screening.intake.age") == Answered(AGE)
    assert guard("deadline complete is met") == DeadlineIs("screening", "complete", ("met",))
    assert guard("panel committee quorum is met") == PanelIs("screening", "committee", "quorum", ("met",))
    assert guard("referral is not_opened") == StateIn("referral", ("not_opened",))
    assert guard("some row of intake.family (age < 3)") == Rows(
        "some", QuestionRef("screening", "intake", "family"), Compare(QuestionRef(None, "", "age"), "<", 3)
    )


def test_a_procedure_that_runs_once_for_each_key_may_ask_for_its_own() -> None:
    assert guard("key is legal_aid", "referral") == KeyIs("referral", ("legal_aid",))
    assert guard("referral.key not in [asylum]", "referral") == Not(KeyIs("referral", ("asylum",)))
    assert resolve(KeyIs("referral", ("asylum",)), machine="referral", names=NAMES) == KeyIs("referral", ("asylum",))


@pytest.mark.parametrize(
    ("text", "machine", "message"),
    [
        ("key is asilum", "referral", "“asilum” is no key of referral. Did you mean “asylum”?"),
        ("key in [asylum, legal]", "referral", "“legal” is no key of referral."),
        ("key", "referral", "say which, as in “key is asylum”"),
        ("key < 3", "referral", "“key” stands alone"),
        ("key is asylum", "screening", "screening has no keys"),
        ("key", "screening", "“key” is no fact of screening"),
        ("referral.key is asylum", "screening", "write “some referral of [asylum] in […]”"),
        ("screening.key is asylum", "referral", "A guard of referral cannot ask for the key of screening."),
        ("referal.key is asylum", "referral", "Did you mean “referral”?"),
    ],
)
def test_a_key_that_cannot_be_asked_is_refused_with_what_was_meant(text: str, machine: str, message: str) -> None:
    with pytest.raises(GuardTypeError) as refused:
        guard(text, machine)

    assert message in str(refused.value)


def test_a_column_and_a_question_may_be_called_key() -> None:
    asked = QuestionNames(answer="number")
    names = Names(machines={"house": MachineNames(steps={"door": {"key": asked}}, keys=("3",))})
    read = parse("key is 3", at=START)

    in_table = resolve(read, machine="house", names=names, columns={"key": asked})
    of_step = resolve(parse("door.key is 3", at=START), machine="house", names=names)

    assert in_table == ValueIn(QuestionRef(None, "", "key"), (3,))
    assert of_step == ValueIn(QuestionRef("house", "door", "key"), (3,))
    assert resolve(read, machine="house", names=names) == KeyIs("house", ("3",))


def test_a_code_of_digits_only_is_text_again() -> None:
    assert guard("intake.route is 1951") == ValueIn(QuestionRef("screening", "intake", "route"), ("1951",))


def test_a_shared_fact_may_be_named_with_the_machine_of_the_case() -> None:
    names = Names(machines={**NAMES.machines, "case": SCREENING}, shared=NAMES.shared)

    assert resolve(parse("case.fear_expressed", at=START), machine="screening", names=names) == FactIs(
        None, "fear_expressed"
    )


def test_in_a_table_a_bare_name_is_a_column() -> None:
    columns = SCREENING.steps["intake"]["family"].columns

    found = resolve(
        parse("relation is not child and screening is arrived", at=START),
        machine="screening",
        names=NAMES,
        columns=columns,
    )

    assert found == And(
        (Not(ValueIn(QuestionRef(None, "", "relation"), ("child",))), StateIn("screening", ("arrived",)))
    )


def test_a_resolved_guard_resolves_to_itself() -> None:
    once = guard("child_alone and not fear_expressed and every row of intake.family (relation is child)")

    assert resolve(once, machine="screening", names=NAMES) == once


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recordet", "Did you mean “recorded”?"),
        ("intake.acompanied is no", "Did you mean “accompanied”?"),
        ("intak.age < 18", "Did you mean “intake”?"),
        ("intake.route is see", "Did you mean “sea”?"),
        ("intake.accompanied is unknown", "“unknown” is no answer of “accompanied”. There is: no, yes."),
        ("intake.accompanied is maybe", "no answer of “accompanied”"),
        ("intake.accompanied < 3", "“accompanied” is a yes-or-no question: only numbers are compared"),
        ("intake.age is old", "“old” is no whole number"),
        ("intake.age includes care", "“includes” asks a question with many choices only"),
        ("intake.needs is care", "write “needs includes care”"),
        ("intake.needs includes cure", "Did you mean “care”?"),
        ("intake.story is x", "a guard may only ask whether it is answered"),
        ("intake.family is x", "“family” is a table"),
        ("age < 18", "Did you mean “intake.age”?"),
        ("intake.age", "say what is asked of it, as in “answered intake.age”"),
        ("screening", "is a machine: say in which state, as in “screening is arrived”"),
        ("referred", "is a state: write “screening is referred”"),
        ("complete", "is a deadline: write “deadline complete is expired”"),
        ("accepted", "is a fact of referral: write “referral.accepted”"),
        ("fear_expressed is yes", "is a fact: write it alone, or “not fear_expressed”"),
        ("referral.accepted is yes", "write machine.step.question, or a fact alone"),
        ("screening is refered", "Did you mean “referred”?"),
        ("screning is referred", "Did you mean “screening”?"),
        ("some referral of [asilum] in [sent]", "Did you mean “asylum”?"),
        ("some screening of [asylum] in [referred]", "has no keys"),
        ("some referral of any in [not_opened]", "always opened"),
        ("deadline complet is met", "Did you mean “complete”?"),
        ("deadline complete is late", "no status of a deadline"),
        ("panel committee inclusion is met", "no result of “inclusion”"),
        ("panel committee exclusion is carried", "no question of the panel committee"),
        ("some row of intake.family (relatoin is child)", "Did you mean “relation”?"),
        ("some row of intake.family (relation)", "“relation” is a column"),
        ("some row of intake.family (recorded)", "stand only columns"),
        ("some row of intake.family (intake.age < 3)", "stand only columns"),
        ("some row of intake.age (x is y)", "“age” is a number, not a table"),
    ],
)
def test_a_wrong_name_or_test_is_refused_with_what_was_meant(text: str, message: str) -> None:
    with pytest.raises(GuardTypeError) as refused:
        guard(text)

    assert message in str(refused.value)
    assert str(refused.value).startswith("screening.yaml:7:")


def test_every_problem_of_a_guard_is_told_at_once() -> None:
    with pytest.raises(GuardTypeError) as refused:
        guard("recordet and (intake.agee < 3 or screening is refered)")

    assert [problem.span.column for problem in refused.value.problems] == [11, 25, 44]
