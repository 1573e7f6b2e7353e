"""Recording the answers of a step, and correcting one that is sealed."""

from __future__ import annotations

import pytest

from sop_engine.engine.refusals import InvalidAnswers
from sop_engine.vocabulary import AnswerStep, CorrectAnswer
from tests.instruments.small_case import ANA, ARRIVAL, BEA, FINDING, HAL, NEEDS, SUE, Play, codes


def test_answers_are_kept_with_who_did_what() -> None:
    play = Play().arrived()

    assert play.place("intake").answer("arrival", "pier") == "west"
    assert [(p.function, p.user) for p in play.case.participations] == [("take_in", "ana")]


def test_a_step_answered_again_replaces_all_its_answers() -> None:
    play = Play().arrived(bags=[{"colour": "blue"}])

    play.answers(ANA, "intake.arrival", ARRIVAL)

    assert play.place("intake").answer("arrival", "bags") is None
    assert play.place("intake").current_round("arrival") == 1


def test_an_answer_that_repeats_the_key_can_be_no_other() -> None:
    play = Play().opens(HAL, "help", "doctor").opens(HAL, "help", "lawyer")

    with pytest.raises(InvalidAnswers) as refused:
        play.do(answering_help(play, "doctor", "lawyer"))
    play.do(answering_help(play, "doctor", "doctor"))

    assert refused.value.problems == {"kind": "Select one of the answers offered."}
    assert play.place("help", "doctor").answer("request", "kind") == "doctor"


def test_a_corrected_answer_repeats_the_key_all_the_same() -> None:
    play = Play().opens(HAL, "help", "doctor")
    play.do(answering_help(play, "doctor", "doctor")).takes(HAL, "help.give", key="doctor")
    event = CorrectAnswer(
        by=HAL,
        at=play.at,
        proceeding=play.place("help", "doctor").id,
        step="request",
        question="kind",
        answer="lawyer",
        reason="A slip of the pen",
    )

    with pytest.raises(InvalidAnswers):
        play.do(event)


def answering_help(play: Play, key: str, kind: str) -> AnswerStep:
    return AnswerStep(by=HAL, at=play.at, proceeding=play.place("help", key).id, step="request", answers={"kind": kind})


def test_a_step_of_another_state_is_sealed() -> None:
    play = Play().checking()

    assert codes(play.refused(play.answering(ANA, "intake.arrival", ARRIVAL))) == {"sealed"}


def test_a_step_is_answered_by_its_roles() -> None:
    play = Play().opens(ANA, "intake")

    assert codes(play.refused(play.answering(HAL, "intake.arrival", ARRIVAL))) == {"role"}


def test_a_step_is_kept_from_who_did_what_it_may_not_be_mixed_with() -> None:
    play = Play().takes(ANA, "departure.ask", {"reason": "Home", "willing": "yes"}, new=True)
    play.opens(BEA, "intake")

    assert codes(play.refused(play.answering(ANA, "intake.arrival", ARRIVAL))) == {"other_person"}
    play.answers(BEA, "intake.arrival", ARRIVAL)


def test_a_step_that_no_procedure_has_is_refused() -> None:
    play = Play().arrived()
    event = AnswerStep(by=ANA, at=play.at, proceeding="intake-1", step="nonsense", answers={})
    nowhere = AnswerStep(by=ANA, at=play.at, proceeding="intake-7", step="arrival", answers={})

    assert codes(play.refused(event)) == {"state"}
    assert codes(play.refused(nowhere)) == {"state"}


def test_a_question_that_is_not_shown_is_not_required_and_not_taken() -> None:
    play = Play().opens(ANA, "intake")

    with pytest.raises(InvalidAnswers) as refused:
        play.answers(ANA, "intake.arrival", {**ARRIVAL, "boat": "Esperanza"})

    assert set(refused.value.problems) == {"boat"}
    with pytest.raises(InvalidAnswers):
        play.answers(ANA, "intake.arrival", {**ARRIVAL, "pier": "east"})
    play.answers(ANA, "intake.arrival", {**ARRIVAL, "pier": "east", "boat": "Esperanza"})


def test_a_question_required_only_under_a_condition_is_required_then() -> None:
    play = Play().checking()

    with pytest.raises(InvalidAnswers):
        play.answers(ANA, "intake.check", {"afraid": "yes"})

    play.answers(ANA, "intake.check", {"afraid": "unsure"})


def test_a_state_entered_again_asks_anew_and_guards_wait_for_it() -> None:
    play = Play().proposed()

    play.takes(SUE, "intake.send_back")

    place = play.place("intake")
    assert place.current_round("check") == 2
    assert place.answer("check", "afraid") is None
    assert place.latest_answer("check", "afraid") == "no"
    assert codes(play.refused(play.taking(ANA, "intake.propose"))) == {"guard"}


def test_an_earlier_round_stays_as_it_was() -> None:
    play = Play().proposed().takes(SUE, "intake.send_back").answers(ANA, "intake.check", {"afraid": "unsure"})

    place = play.place("intake")
    assert place.answers["check", 1, "afraid"] == "no"
    assert place.answers["check", 2, "afraid"] == "unsure"


def test_a_step_that_both_states_list_stays_open_between_them() -> None:
    play = Play().arrived().answers(HAL, "intake.needs", NEEDS).takes(ANA, "intake.begin")

    play.answers(HAL, "intake.needs", {"kinds": ["food"]})

    assert play.place("intake").current_round("needs") == 1
    assert play.place("intake").answer("needs", "kinds") == ["food"]


def test_a_sealed_answer_is_corrected_beside_the_original() -> None:
    play = Play().checking()

    play.do(play.correcting(BEA, "intake.arrival.pier", "east"))

    event = play.new[0]
    assert event.kind == "AnswerCorrected"
    assert event.personal == {"before": "west", "after": "east", "reason": "A slip of the pen"}
    assert play.place("intake").answer("arrival", "pier") == "east"


def test_a_correction_is_no_second_function() -> None:
    play = Play().checking()

    play.do(play.correcting(BEA, "intake.arrival.pier", "east"))

    assert {p.user for p in play.case.participations} == {"ana"}


def test_a_correction_needs_a_role_a_reason_and_an_answer_that_fits() -> None:
    play = Play().checking()

    assert codes(play.refused(play.correcting(HAL, "intake.arrival.pier", "east"))) == {"role"}
    assert codes(play.refused(play.correcting(BEA, "intake.arrival.boat", "Esperanza"))) == {"state"}
    for wrong in (
        play.correcting(BEA, "intake.arrival.pier", "east", "  "),
        play.correcting(BEA, "intake.arrival.pier", "x"),
    ):
        with pytest.raises(InvalidAnswers):
            play.do(wrong)


def test_a_correction_is_not_held_up_by_what_it_makes_of_its_neighbours() -> None:
    play = Play().checking(pier="east", boat="Esperanza")

    play.do(play.correcting(BEA, "intake.arrival.pier", "west"))

    assert play.place("intake").answer("arrival", "pier") == "west"
    assert play.place("intake").answer("arrival", "boat") == "Esperanza"


def test_the_newest_round_that_has_an_answer_is_corrected() -> None:
    play = Play().proposed().takes(SUE, "intake.send_back")

    play.do(play.correcting(BEA, "intake.check.afraid", "unsure"))

    assert play.new[0].data["round"] == 1
    assert play.place("intake").answers["check", 1, "afraid"] == "unsure"


def test_a_correction_moves_what_rests_on_it() -> None:
    play = Play().ordinary()

    play.do(play.correcting(BEA, "intake.check.afraid", "unsure"))

    assert "danger_known" in play.case.shared
    assert play.place("intake").state == "checking"


def test_answers_given_in_an_act_are_sealed_at_once() -> None:
    play = Play().proposed().takes(SUE, "intake.confirm_ordinary", FINDING)

    assert ("finding", 1) in play.place("intake").sealed


def test_an_act_that_asks_again_opens_a_round_of_its_own() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "First"})

    play.takes(BEA, "case.signal_danger", {"words": "Second"})

    place = play.place("case")
    assert place.answers["danger", 1, "words"] == "First"
    assert place.answer("danger", "words") == "Second"
