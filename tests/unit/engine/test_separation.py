"""Who did one thing does not do the other: the matrix, each act's own list, and earlier rounds of the claim."""

from __future__ import annotations

from dataclasses import replace

from sop_engine.engine.separation import conflicts, earlier_round, functions_of, transition_conflicts
from sop_engine.vocabulary import Case, Participation, Proceeding
from tests.instruments.small_case import MONDAY
from tests.instruments.small_set import small_set

DEFINITION = small_set()


def a_proceeding(machine: str, number: int = 1, key: str | None = None) -> Proceeding:
    stem = f"{machine}-{key}" if key else machine
    return Proceeding(f"{stem}-{number}", machine, key, "s", MONDAY, MONDAY)


def a_case(*proceedings: Proceeding, **did: str) -> Case:
    """``ana="hear@claim-1"``: who did what where."""
    done = tuple(Participation(what.split("@")[0], user, what.split("@")[1]) for user, what in did.items())
    return replace(Case("c1", "d", "o"), proceedings=proceedings, participations=done)


def test_the_matrix_keeps_both_ways() -> None:
    case = a_case(ana="hear@claim-1", ben="vote@claim-1")

    assert conflicts(DEFINITION, case, "ana", "vote") == {"hear"}
    assert conflicts(DEFINITION, case, "ben", "hear") == {"vote"}
    assert conflicts(DEFINITION, case, "cho", "vote") == frozenset()
    assert conflicts(DEFINITION, case, "ana", None) == frozenset()
    assert functions_of(case, "ana") == {"hear"}


def test_a_safeguard_over_different_people_keeps_them_apart_before_the_act() -> None:
    case = a_case(sue="confirm@intake-1", ana="take_in@intake-1")

    assert conflicts(DEFINITION, case, "sue", "take_in") == {"confirm"}
    assert conflicts(DEFINITION, case, "ana", "confirm") == {"take_in"}


def test_a_fact_is_recorded_by_whoever_learns_it() -> None:
    raise_doubt = DEFINITION.machines["case"].transitions["raise_doubt"]
    case = a_case(a_proceeding("case"), ana="hear@claim-1")

    fact = replace(raise_doubt, function="vote")
    assert transition_conflicts(DEFINITION, case, "ana", fact, "case-1") == frozenset()
    assert transition_conflicts(DEFINITION, case, "ana", replace(fact, is_fact=False), "case-1") == {"hear"}


def test_an_act_keeps_away_who_did_its_named_functions_anywhere_in_the_case() -> None:
    confirm = DEFINITION.machines["intake"].transitions["confirm_ordinary"]
    case = a_case(a_proceeding("intake"), ana="take_in@intake-1")

    assert transition_conflicts(DEFINITION, case, "ana", confirm, "intake-1") == {"take_in"}
    assert transition_conflicts(DEFINITION, case, "ben", confirm, "intake-1") == frozenset()


CLAIM = (a_proceeding("case"), a_proceeding("hearing"), a_proceeding("claim"))


def test_the_first_round_has_no_earlier_one() -> None:
    assert earlier_round(a_case(*CLAIM), "claim", "claim-1") == frozenset()


def test_an_instance_that_was_replaced_is_of_an_earlier_round() -> None:
    case = a_case(*CLAIM, a_proceeding("hearing", 2))

    assert earlier_round(case, "claim", "claim-1") == {"hearing-1"}


def test_what_the_last_run_rested_on_is_of_an_earlier_round_even_when_nothing_replaced_it() -> None:
    case = a_case(*CLAIM, a_proceeding("claim", 2))

    assert earlier_round(case, "claim", "claim-2") == {"hearing-1", "claim-1"}


def test_what_came_after_the_last_run_is_of_this_round() -> None:
    case = a_case(*CLAIM, a_proceeding("appeal"), a_proceeding("hearing", 2), a_proceeding("claim", 2))

    assert earlier_round(case, "claim", "claim-2") == {"hearing-1", "claim-1"}


def test_an_instance_that_is_only_about_to_start_sees_the_same_rounds() -> None:
    before = a_case(a_proceeding("case"), a_proceeding("departure"))
    after = a_case(a_proceeding("case"), a_proceeding("departure"), a_proceeding("departure", 2))

    assert earlier_round(before, "departure", "new departure") == {"departure-1"}
    assert earlier_round(after, "departure", "departure-2") == {"departure-1"}


def test_other_kinds_of_a_machine_are_no_earlier_round() -> None:
    case = a_case(a_proceeding("help", 1, "doctor"), a_proceeding("help", 1, "lawyer"))

    assert earlier_round(case, "help", "help-lawyer-1") == frozenset()
    assert earlier_round(case, "help", "new help cook") == frozenset()


def test_who_cleared_an_earlier_departure_does_not_clear_the_next() -> None:
    clear = DEFINITION.machines["departure"].transitions["clear"]
    case = a_case(a_proceeding("departure"), a_proceeding("departure", 2), sue="clear_exit@departure-1")

    assert transition_conflicts(DEFINITION, case, "sue", clear, "departure-2") == {"clear_exit"}
    assert transition_conflicts(DEFINITION, case, "sam", clear, "departure-2") == frozenset()
