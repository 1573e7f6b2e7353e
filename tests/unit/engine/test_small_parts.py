"""Rounds, requests, the compiled machine, wording and refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop_engine.definition.model import NEW
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.machine import NoSuchMove, compiled
from sop_engine.engine.permission import acting_role, is_key_of, may_open_by_hand, opening_roles, starts_by_an_act
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal
from sop_engine.engine.requests import need_reason, proceeding_of
from sop_engine.engine.rounds import next_round, open_round
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import Actor, Proceeding
from tests.instruments.small_case import MONDAY, Play
from tests.instruments.small_set import small_set

PLACE = Proceeding("p", "m", None, "s", MONDAY, MONDAY)
DEFINITION = small_set()


def test_a_step_never_touched_is_in_its_first_round() -> None:
    assert (open_round(PLACE, "s"), next_round(PLACE, "s")) == (1, 1)


def test_a_sealed_round_is_never_answered_again() -> None:
    sealed = replace(PLACE, sealed=frozenset({("s", 1)}), answers={("s", 1, "q"): "yes"})

    assert (open_round(sealed, "s"), next_round(sealed, "s")) == (2, 2)


def test_a_round_that_was_begun_goes_on() -> None:
    begun = replace(PLACE, rounds={"s": 1}, answers={("s", 1, "q"): "yes"})

    assert (open_round(begun, "s"), next_round(begun, "s")) == (1, 2)


def test_the_next_round_is_beyond_all_that_was_ever_answered() -> None:
    back = replace(
        PLACE, rounds={"s": 1}, answers={("s", 1, "q"): "yes", ("s", 3, "q"): "no"}, sealed=frozenset({("s", 1)})
    )

    assert open_round(back, "s") == 4


def test_a_machine_says_where_a_step_leads() -> None:
    intake = compiled(DEFINITION, "intake")

    assert intake.target("arrived", "begin") == "checking"
    assert compiled(DEFINITION, "case").target("open", "signal_danger") == "open"
    assert compiled(DEFINITION, "departure").target(NEW, "ask") == "asked"
    assert compiled(DEFINITION, "intake") is intake
    with pytest.raises(NoSuchMove):
        intake.target("arrived", "propose")
    with pytest.raises(NoSuchMove):
        intake.target("ordinary", "nonsense")


def test_no_state_can_be_reached_around_the_declared_transitions() -> None:
    for machine in DEFINITION.machines.values():
        moves = compiled(DEFINITION, machine.name)._moves
        declared = {(s, t.name) for t in machine.transitions.values() for s in t.from_states}
        declared |= {(NEW, t.name) for t in machine.transitions.values() if t.from_new}
        assert set(moves) == declared


@pytest.mark.parametrize("reason", ["", "  ", "ab", " . ", "\u200b\u200b\u200b", "a\x00bc", "x" * 4001])
def test_a_reason_has_words(reason: str) -> None:
    with pytest.raises(InvalidAnswers):
        need_reason(reason, Wording(DEFINITION))


def test_a_proceeding_that_does_not_run_is_told() -> None:
    play = Play()

    with pytest.raises(NotOffered):
        proceeding_of(Ledger(DEFINITION, play.case, play.at), "intake-1", Wording(DEFINITION))


def test_keys_fit_their_machine() -> None:
    help_, intake = DEFINITION.machines["help"], DEFINITION.machines["intake"]

    assert is_key_of(help_, "doctor")
    assert not is_key_of(help_, None)
    assert not is_key_of(intake, "doctor")
    assert is_key_of(intake, None)
    assert not may_open_by_hand(DEFINITION, Play().case, intake, "doctor")


def test_who_acts_first_may_open() -> None:
    assert opening_roles(DEFINITION.machines["intake"]) == {"clerk", "helper", "desk_supervisor"}
    assert starts_by_an_act(DEFINITION.machines["departure"])
    assert not starts_by_an_act(DEFINITION.machines["intake"])


def test_one_acts_in_a_role_that_may() -> None:
    actor = Actor("x", frozenset({"clerk", "chair"}))

    assert acting_role(actor, frozenset({"clerk"})) == "clerk"
    assert acting_role(actor, frozenset({"member"})) == ""


def test_words_come_in_the_readers_language() -> None:
    wording = Wording(DEFINITION, say=str.upper)

    assert wording.machine_title("intake") == "TAKING IN"
    assert wording.state_title("intake", "not_opened") == "NOT OPENED"
    assert wording.state_title("intake", NEW) == "NEW"
    assert wording.role_titles(["clerk", "chair"]) == ("CHAIR OF THE BOARD", "CLERK")
    assert wording.function_titles(["vote"]) == ("VOTED",)
    assert wording.panel_question("claim", "board", "danger") == "IS THERE DANGER?"
    assert wording.deadline_title("intake", "check_done") == "CHECK DONE"
    assert wording.key_title("help", "doctor") == "DOCTOR"


def test_a_refusal_speaks_for_itself() -> None:
    error = NotOffered((Refusal("state", "One."), Refusal("role", "Two.")))

    assert str(error) == "One. Two."
    assert str(InvalidAnswers({"a": "secret"})) == "1 answers need mending: a."
