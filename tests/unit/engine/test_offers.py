"""What one person can do, and for everything they cannot do, why, by which rule, and who can cure it."""

from __future__ import annotations

from sop_engine.engine.offers import offers, offers_of, openable, step_offer
from sop_engine.vocabulary import PassTime
from tests.instruments.small_case import ANA, BEA, FINDING, HAL, SAM, SUE, Play, codes
from tests.instruments.small_set import small_set_with


def test_open_and_closed_are_told_with_reasons() -> None:
    play = Play().arrived()

    begin = play.offer(ANA, "intake.begin")
    assert begin.is_open
    refused = play.offer(SUE, "intake.begin").refusals
    assert codes(refused) == {"role"}
    assert refused[0].cured_by == {"clerk"}


def test_a_closed_act_names_the_question_that_may_open_it_and_who_answers_it() -> None:
    play = Play().opens(ANA, "intake")

    (reason,) = play.offer(ANA, "intake.begin").refusals

    assert reason.code == "guard"
    assert [(q.step, q.question) for q in reason.cure] == [("arrival", "pier")]
    assert reason.cured_by == {"clerk"}
    assert [str(s) for s in reason.source] == ["policy"]


def test_automatic_transitions_are_nobodys_to_take() -> None:
    play = Play().ordinary()

    assert "look_again" not in {o.transition.name for o in offers(play.definition, play.case, ANA, play.at)}


def test_an_act_that_would_break_a_safeguard_is_shown_closed() -> None:
    definition = small_set_with(
        "harmonised/intake/procedure.yaml",
        '  placed_before_check: {always: "intake is arrived or placed"',
        "  placed_before_check: {never: intake is referred and not placed",
    )
    play = Play(definition).opens(ANA, "intake")

    assert codes(play.offer(SUE, "intake.quick_refer").refusals) == {"safeguard"}


def test_what_is_offered_is_what_stands_after_time_has_passed() -> None:
    definition = small_set_with(
        "harmonised/intake/procedure.yaml",
        "send_back: {from: proposed, to: checking, by: [desk_supervisor],",
        "send_back: {from: proposed, to: checking, by: [desk_supervisor], when: deadline check_done is running,",
    )
    play = Play(definition).proposed()
    assert play.offer(SUE, "intake.send_back").is_open

    play.wait(hours=24)

    assert not play.offer(SUE, "intake.send_back").is_open


def test_an_instance_that_an_act_would_start_is_offered_while_it_may() -> None:
    play = Play()
    assert play.offer(ANA, "departure.ask").proceeding == "new departure"

    play.takes(ANA, "departure.ask", {"reason": "Home", "willing": "yes"}, new=True)

    assert "ask" not in {o.transition.name for o in offers(play.definition, play.case, BEA, play.at)}


def test_the_separation_of_a_new_instance_is_seen_before_it_starts() -> None:
    play = Play().arrived()

    assert codes(play.offer(ANA, "departure.ask").refusals) == {"other_person"}
    assert play.offer(BEA, "departure.ask").is_open


def test_one_proceeding_is_offered_alone() -> None:
    play = Play().proposed()

    found = offers_of(play.definition, play.case, "intake-1", SUE, play.at)

    assert {o.proceeding for o in found} == {"intake-1"}
    assert {o.transition.name for o in found} == {"send_back", "confirm_ordinary", "refer"}


def test_what_may_be_opened_by_hand() -> None:
    play = Play()

    assert openable(play.definition, play.case, ANA) == (("claim", None), ("intake", None))
    assert openable(play.definition, play.case, HAL) == (("help", "doctor"), ("help", "lawyer"), ("intake", None))
    play.arrived()
    assert ("intake", None) not in openable(play.definition, play.case, ANA)


def test_a_step_is_offered_to_its_roles_in_its_states() -> None:
    play = Play().arrived()
    place = play.place("intake")

    assert step_offer(play.definition, play.case, place, "arrival", ANA) == ()
    assert codes(step_offer(play.definition, play.case, place, "arrival", SUE)) == {"role"}
    assert codes(step_offer(play.definition, play.case, place, "check", ANA)) == {"sealed"}


def test_looking_changes_nothing() -> None:
    play = Play().checking().wait(hours=30)
    before = play.case

    offers(play.definition, play.case, ANA, play.at)

    assert play.case == before


def test_a_fact_is_offered_whatever_the_safeguards_say() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait"})

    assert play.offer(HAL, "case.see_leaving").is_open


def test_offers_agree_with_what_is_accepted_later_the_same_day() -> None:
    play = Play().proposed().wait(hours=30)
    assert play.offer(SAM, "intake.confirm_ordinary").is_open

    play.do(PassTime(by=SAM, at=play.at)).takes(SAM, "intake.confirm_ordinary", FINDING)

    assert play.place("intake").state == "ordinary"
