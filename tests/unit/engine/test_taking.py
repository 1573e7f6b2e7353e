"""Taking a transition, and the ways a proceeding starts by hand."""

from __future__ import annotations

import pytest

from sop_engine.engine.refusals import InvalidAnswers
from sop_engine.vocabulary import Actor, EnterFromPaper, FinishDuty, IssueDocument, JoinFamily, TakeTransition
from tests.instruments.small_case import ANA, BEA, CAS, FINDING, HAL, SUE, Play, codes
from tests.instruments.small_set import small_set_with

CASE, INTAKE = "harmonised/common/procedure.yaml", "harmonised/intake/procedure.yaml"
REQUEST = {"reason": "Home", "willing": "yes"}


def paper(
    play: Play, who: Actor, machine: str, state: str, key: str | None = None, reason: str = "Box 7"
) -> EnterFromPaper:
    return EnterFromPaper(by=who, at=play.at, machine=machine, state=state, key=key, reason=reason)


def test_a_transition_moves_and_seals() -> None:
    play = Play().checking()

    place = play.place("intake")
    assert (place.state, place.visited) == ("checking", ("arrived", "checking"))
    assert ("arrival", 1) in place.sealed
    assert play.case.taken[-1] == ("intake-1", "intake.begin")


def test_each_refusal_has_its_code() -> None:
    play = Play().arrived()

    assert codes(play.refused(play.taking(SUE, "intake.begin"))) == {"role"}
    assert codes(play.refused(play.taking(ANA, "intake.propose"))) == {"state", "guard"}
    assert codes(Play().opens(ANA, "intake").refused(play.taking(ANA, "intake.begin"))) == {"guard"}
    assert codes(play.refused(play.taking(ANA, "intake.nonsense"))) == {"state"}
    assert codes(play.refused(play.taking(ANA, "intake.look_again"))) == {"state"}
    nowhere = TakeTransition(by=ANA, at=play.at, proceeding="intake-9", transition="begin")
    assert codes(play.refused(nowhere)) == {"state"}


def test_an_other_person_confirms() -> None:
    play = Play().arrived()
    play = Play().proposed()
    both = Actor("ana", frozenset({"clerk", "desk_supervisor"}))

    assert codes(play.refused(play.taking(both, "intake.confirm_ordinary", FINDING))) == {"other_person"}
    play.takes(SUE, "intake.confirm_ordinary", FINDING)


def test_answers_of_the_act_must_meet_what_it_requires() -> None:
    play = Play().proposed()

    refused = play.refused(play.taking(SUE, "intake.confirm_ordinary", {**FINDING, "agreed": "no"}))

    assert codes(refused) == {"requires"}


def test_a_safeguard_over_answers_of_the_act_waits_for_them() -> None:
    play = Play(small_set_with(INTAKE, "    requires: finding.agreed is yes,", "   "))
    play.proposed()
    assert play.offer(SUE, "intake.confirm_ordinary").is_open

    refused = play.refused(play.taking(SUE, "intake.confirm_ordinary", {**FINDING, "agreed": "no"}))

    assert codes(refused) == {"safeguard"}
    play.takes(SUE, "intake.confirm_ordinary", FINDING)


def test_an_act_that_asks_nothing_takes_no_answers() -> None:
    play = Play().arrived()

    with pytest.raises(InvalidAnswers):
        play.takes(ANA, "intake.begin", {"pier": "west"})


def test_an_answer_to_the_wrong_question_is_named() -> None:
    play = Play()

    with pytest.raises(InvalidAnswers) as refused:
        play.takes(ANA, "case.signal_danger", {"words": "x", "other": "y"})

    assert set(refused.value.problems) == {"other"}


def test_a_panel_that_has_not_concluded_keeps_its_transition_closed() -> None:
    play = Play().session()
    chair = Actor("cho", frozenset({"chair"}))

    assert "panel" in codes(play.refused(play.taking(chair, "claim.grant")))


def test_a_transition_opens_other_procedures_under_their_condition() -> None:
    grown, young = Play().referred(), Play().referred(age=12)

    assert grown.place("claim").state == "preparing"
    assert grown.case.newest("help", "lawyer") is None
    assert young.place("help", "lawyer").id == "help-lawyer-1"


def test_an_opening_sees_what_the_act_itself_puts_on_record() -> None:
    definition = small_set_with(
        CASE,
        "signal_danger: {from: any, stays: yes,",
        "signal_danger: {from: any, stays: yes, opens: [{machine: help, key: lawyer, when: danger_known}],",
    )
    play = Play(definition).takes(ANA, "case.signal_danger", {"words": "They wait"})

    assert play.place("help", "lawyer").state == "asked"


def test_a_procedure_that_runs_is_not_opened_again() -> None:
    play = Play().referred().takes(ANA, "case.send_lawyer").takes(ANA, "case.send_lawyer")

    assert len(play.case.instances("help")) == 1


def test_a_kind_that_ended_opens_again_as_a_new_instance() -> None:
    play = Play().referred().takes(ANA, "case.send_lawyer").takes(HAL, "help.give", key="lawyer")

    play.takes(ANA, "case.send_lawyer")

    assert [p.id for p in play.case.instances("help")] == ["help-lawyer-1", "help-lawyer-2"]


def test_a_machine_runs_once_a_case_unless_it_says_otherwise() -> None:
    play = Play().arrived()

    assert codes(play.refused(play.opening(ANA, "intake"))) == {"state"}
    assert codes(play.refused(play.opening(ANA, "intake", "west"))) == {"state"}
    assert codes(play.refused(play.opening(ANA, "nonsense"))) == {"state"}
    assert codes(play.refused(play.opening(ANA, "case"))) == {"state"}


def test_a_kind_of_a_machine_with_kinds_is_named() -> None:
    play = Play()

    assert codes(play.refused(play.opening(HAL, "help"))) == {"state"}
    assert codes(play.refused(play.opening(HAL, "help", "cook"))) == {"state"}
    assert codes(play.refused(play.opening(ANA, "help", "doctor"))) == {"role"}
    play.opens(HAL, "help", "doctor").opens(HAL, "help", "lawyer")


def test_an_act_of_one_kind_is_closed_for_another() -> None:
    play = Play().opens(HAL, "help", "doctor").opens(HAL, "help", "lawyer")

    assert codes(play.refused(play.taking(HAL, "help.advise", key="doctor"))) == {"guard", "safeguard"}
    play.takes(HAL, "help.advise", key="lawyer")

    assert play.place("help", "lawyer").state == "given"


def test_a_machine_that_starts_by_an_act_is_not_opened_around_it() -> None:
    play = Play()

    assert codes(play.refused(play.opening(SUE, "departure"))) == {"state"}


def test_an_act_starts_a_new_instance_with_its_answers() -> None:
    play = Play().takes(ANA, "departure.ask", REQUEST, new=True)

    assert play.place("departure").state == "asked"
    assert play.place("departure").visited == ("new", "asked")
    assert play.place("departure").answer("request", "willing") == "yes"
    assert all(event.role for event in play.new)


def test_only_one_runs_where_one_may_run() -> None:
    play = Play().takes(ANA, "departure.ask", REQUEST, new=True)
    assert codes(play.refused(play.taking(BEA, "departure.ask", REQUEST, new=True))) == {"state"}

    play.takes(SUE, "departure.clear").takes(HAL, "departure.take_back")
    play.takes(BEA, "departure.ask", REQUEST, new=True)

    assert [p.id for p in play.case.instances("departure")] == ["departure-1", "departure-2"]


def test_what_starts_by_an_act_keeps_its_guard() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait"})

    assert codes(play.refused(play.taking(ANA, "departure.ask", REQUEST, new=True))) == {"guard"}


def test_an_automatic_transition_follows_in_the_same_step() -> None:
    play = Play().takes(ANA, "departure.ask", REQUEST, new=True).takes(SUE, "departure.clear")
    play.takes(HAL, "departure.take_back").takes(BEA, "departure.ask", REQUEST, new=True)

    play.takes(ANA, "case.signal_danger", {"words": "They wait"})

    assert play.place("departure").state == "blocked"
    assert [e.by for e in play.new if e.kind == "TransitionTaken"] == ["ana", "system"]


def test_a_paper_file_enters_where_it_stands() -> None:
    play = Play().do(paper(Play(), SUE, "claim", "listed"))

    place = play.place("claim")
    assert (place.state, place.id) == ("listed", "claim-1")
    assert play.new[0].data["paper"] is True
    assert play.new[0].personal == {"reason": "Box 7"}


def test_who_vouches_for_a_paper_file_is_a_supervisor_who_says_why() -> None:
    play = Play()

    assert codes(play.refused(paper(play, ANA, "claim", "listed"))) == {"role"}
    with pytest.raises(InvalidAnswers):
        play.do(paper(play, SUE, "claim", "listed", reason=""))


def test_a_paper_file_names_what_exists_and_doubles_nothing() -> None:
    play = Play().arrived()

    for wrong in (
        paper(play, SUE, "nonsense", "listed"),
        paper(play, SUE, "claim", "nonsense"),
        paper(play, SUE, "claim", "new"),
        paper(play, SUE, "claim", "listed", key="west"),
        paper(play, SUE, "help", "asked"),
        paper(play, SUE, "case", "open"),
        paper(play, SUE, "intake", "checking"),
    ):
        assert codes(play.refused(wrong)) == {"entry"}


def test_a_document_is_issued_again_by_who_may_issue_it() -> None:
    play = Play().referred()
    again = IssueDocument(by=BEA, at=play.at, proceeding="intake-1", document="intake.slip")

    play.do(again)

    assert [d.number.rsplit("/", 1)[1] for d in play.case.documents] == ["1", "2"]
    helper = IssueDocument(by=HAL, at=play.at, proceeding="intake-1", document="intake.slip")
    assert codes(play.refused(helper)) == {"role"}
    never = IssueDocument(by=BEA, at=play.at, proceeding="intake-1", document="claim.letter")
    assert codes(play.refused(never)) == {"state"}


def test_a_duty_is_struck_by_its_role_once() -> None:
    play = Play().checking().wait(hours=24).sweep()
    duty = play.case.duties[0].name

    assert codes(play.refused(FinishDuty(by=ANA, at=play.at, duty=duty))) == {"role"}
    play.do(FinishDuty(by=SUE, at=play.at, duty=duty))

    assert play.case.duties[0].done
    assert codes(play.refused(FinishDuty(by=SUE, at=play.at, duty=duty))) == {"state"}


def test_a_family_is_noted_by_any_officer() -> None:
    play = Play().do(JoinFamily(by=HAL, at=Play().at, family="f1"))

    assert play.case.family == "f1"
    outsider = Actor("tom", frozenset({"traveller"}))
    assert codes(play.refused(JoinFamily(by=outsider, at=play.at, family="f2"))) == {"role"}


def test_the_case_supervisor_is_called_and_not_the_clerk() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait"})

    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    assert play.case.duties[0].role == next(iter(CAS.roles))
