"""A mis-click is taken back by another officer, and nothing that was recorded meanwhile is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sop_engine.engine.refusals import InvalidAnswers
from tests.instruments.small_case import ANA, BEA, FINDING, HAL, MONDAY, SAM, SUE, Play, codes


def test_another_officer_of_the_role_takes_a_click_back() -> None:
    play = Play().checking()

    play.do(play.rectifying(BEA, "intake"))

    assert play.place("intake").state == "arrived"
    assert play.place("intake").visited == ("arrived", "checking", "arrived")
    assert play.new[0].personal == {"reason": "The wrong button"}


def test_nobody_takes_back_their_own_click() -> None:
    play = Play().checking()

    assert codes(play.refused(play.rectifying(ANA, "intake"))) == {"other_person"}


def test_who_could_not_have_taken_it_cannot_take_it_back() -> None:
    play = Play().checking()

    assert codes(play.refused(play.rectifying(HAL, "intake"))) == {"role"}


def test_a_reason_is_given() -> None:
    play = Play().checking()

    with pytest.raises(InvalidAnswers):
        play.do(play.rectifying(BEA, "intake", reason=" - "))
    with pytest.raises(InvalidAnswers):
        play.do(play.rectifying(BEA, "intake", reason="wrong \ud800 button"))


def test_there_is_nothing_to_take_back_before_the_first_move_and_after_a_taking_back() -> None:
    play = Play().arrived()
    assert codes(play.refused(play.rectifying(BEA, "intake"))) == {"state"}

    play.takes(ANA, "intake.begin").do(play.rectifying(BEA, "intake"))

    assert codes(play.refused(play.rectifying(BEA, "intake"))) == {"state"}


def test_what_told_somebody_or_opened_something_is_not_taken_back() -> None:
    play = Play().referred()

    assert codes(play.refused(play.rectifying(BEA, "intake"))) == {"state"}


def test_what_is_irreversible_is_not_taken_back() -> None:
    play = Play().takes(SUE, "case.record_death")

    assert codes(play.refused(play.rectifying(SAM, "case"))) == {"state"}


def test_what_the_system_did_is_not_taken_back() -> None:
    play = Play().ordinary().takes(ANA, "case.signal_danger", {"words": "After all"})
    assert play.place("intake").state == "checking"

    assert codes(play.refused(play.rectifying(BEA, "intake"))) == {"state"}


def test_steps_open_again_with_their_answers() -> None:
    play = Play().proposed()

    play.do(play.rectifying(BEA, "intake"))

    place = play.place("intake")
    assert place.answer("check", "afraid") == "no"
    play.answers(BEA, "intake.check", {"afraid": "unsure"})
    assert play.place("intake").answer("check", "afraid") == "unsure"


def test_steps_of_the_state_that_was_wrong_are_sealed_and_asked_anew() -> None:
    play = Play().checking().answers(ANA, "intake.check", {"afraid": "no"})
    play.do(play.rectifying(BEA, "intake"))
    assert ("check", 1) in play.place("intake").sealed

    play.takes(ANA, "intake.begin")

    assert play.place("intake").current_round("check") == 2
    assert play.place("intake").answer("check", "afraid") is None


def test_a_fact_recorded_meanwhile_neither_stops_it_nor_is_lost() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "First", "grave": "no"})
    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})
    play.takes(ANA, "case.signal_danger", {"words": "Second", "grave": "yes"})

    play.do(play.rectifying(BEA, "case"))

    place = play.place("case")
    assert place.state == "open"
    assert place.answer("danger", "words") == "Second"
    assert ("danger", 2) in place.sealed


def test_a_decision_taken_since_stops_it() -> None:
    play = Play().takes(ANA, "case.raise_doubt").takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    play.takes(SUE, "case.settle_doubt")

    assert codes(play.refused(play.rectifying(BEA, "case"))) == {"state"}


def test_a_switch_that_the_click_cleared_is_set_again() -> None:
    play = Play().proposed().takes(ANA, "case.raise_doubt")
    play.takes(SUE, "intake.confirm_ordinary", {"reasons": "Nothing was found.", "agreed": "yes"})
    assert "doubt_open" not in play.case.shared

    play.do(play.rectifying(SAM, "intake"))

    assert "doubt_open" in play.case.shared


def test_a_switch_that_somebody_changed_since_stays_as_they_left_it() -> None:
    play = Play().proposed().takes(ANA, "case.raise_doubt")
    play.takes(SUE, "intake.confirm_ordinary", {"reasons": "Nothing was found.", "agreed": "yes"})
    play.takes(ANA, "case.raise_doubt").takes(SUE, "case.settle_doubt")

    play.do(play.rectifying(SAM, "intake"))

    assert "doubt_open" not in play.case.shared


def test_what_was_taken_back_was_not_done() -> None:
    play = Play().proposed()
    assert ("intake-1", "intake.propose") in play.case.taken

    play.do(play.rectifying(BEA, "intake"))

    assert ("intake-1", "intake.propose") not in play.case.taken


def test_who_did_it_did_it_all_the_same() -> None:
    play = Play().ordinary()

    play.do(play.rectifying(SAM, "intake"))

    assert ("confirm", "sue") in {(p.function, p.user) for p in play.case.participations}


def test_a_deadline_that_the_click_stopped_runs_on() -> None:
    play = Play().proposed().wait(hours=2).takes(SUE, "intake.confirm_ordinary", FINDING).wait(hours=3)

    play.do(play.rectifying(SAM, "intake"))

    (run,) = [run for run in play.case.deadlines if run.name == "intake.check_done"]
    assert (run.status, run.ended_at) == ("running", None)
    assert run.due_at == MONDAY + timedelta(hours=24)


def test_a_deadline_that_fell_due_meanwhile_calls_after_all() -> None:
    play = Play().proposed().wait(hours=2).takes(SUE, "intake.confirm_ordinary", FINDING).wait(hours=30)

    play.do(play.rectifying(SAM, "intake"))

    (run,) = [run for run in play.case.deadlines if run.name == "intake.check_done"]
    assert run.status == "expired"
    assert [d.role for d in play.case.duties] == ["desk_supervisor"]


def test_the_start_of_a_procedure_is_not_taken_back() -> None:
    play = Play().takes(ANA, "departure.ask", {"reason": "Home", "willing": "yes"}, new=True)

    assert codes(play.refused(play.rectifying(BEA, "departure"))) == {"state"}
