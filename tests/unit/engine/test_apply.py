"""One step of a case: time first, then the act, then what follows by itself, then the safeguards."""

from __future__ import annotations

from copy import deepcopy

import pytest

from sop_engine.engine.apply import apply
from sop_engine.engine.evolve import fold
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, SafeguardViolated
from sop_engine.vocabulary import Case, PassTime
from tests.instruments.small_case import ANA, CAS, CHO, FINDING, MAX, MIA, SUE, Play, codes
from tests.instruments.small_set import small_set_with

CASE = "harmonised/common/procedure.yaml"
INTAKE = "harmonised/intake/procedure.yaml"


def test_a_case_opens_with_the_cases_own_machine() -> None:
    play = Play()

    assert play.kinds() == ["CaseOpened", "ProceedingOpened"]
    assert play.case.number == "XN-2026-00001-1"
    assert play.case.newest("case") is not None


def test_the_log_alone_tells_the_case() -> None:
    play = Play().referred()

    assert fold(Case("c1", play.definition.digest, "north"), play.log) == play.case


def test_the_case_that_went_in_is_not_touched() -> None:
    play = Play().arrived()
    before = deepcopy(play.case)
    event = play.taking(ANA, "intake.begin")

    first, second = apply(play.definition, play.case, event), apply(play.definition, play.case, event)

    assert play.case == before
    assert first == second


def test_entries_number_on_by_one() -> None:
    play = Play().referred()

    assert [event.seq for event in play.log] == list(range(1, len(play.log) + 1))


def test_a_decision_that_breaks_a_safeguard_is_refused_and_nothing_happens() -> None:
    definition = small_set_with(
        INTAKE,
        '  placed_before_check: {always: "intake is arrived or placed"',
        "  placed_before_check: {never: intake is referred and not placed",
    )
    play = Play(definition).opens(ANA, "intake")

    with pytest.raises(SafeguardViolated) as refused:
        play.do(play.taking(SUE, "intake.quick_refer"))

    assert codes(refused.value.reasons) == {"safeguard"}
    assert "The pier is known." in str(refused.value)
    assert play.place("intake").state == "arrived"


def test_a_fact_that_breaks_a_safeguard_is_recorded_with_an_alarm_and_a_duty() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait for me"})

    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    assert play.place("case").state == "gone"
    assert play.case.alarms == ("case.never_gone_protected",)
    assert [(d.name, d.role, d.done) for d in play.case.duties] == [
        ("alarm/case.never_gone_protected", "case_supervisor", False)
    ]


def test_an_alarm_ends_with_its_duty_when_the_cause_is_gone() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait for me"})
    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    play.takes(ANA, "case.see_back")

    assert play.case.alarms == ()
    assert "AlarmCured" in play.kinds()
    assert all(duty.done for duty in play.case.duties)


def test_a_standing_alarm_refuses_no_decision_that_adds_nothing_to_it() -> None:
    play = Play().arrived().takes(ANA, "case.signal_danger", {"words": "They wait for me"})
    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    play.takes(ANA, "intake.begin")

    assert play.place("intake").state == "checking"
    assert play.case.alarms == ("case.never_gone_protected",)


def test_a_decision_does_not_answer_for_what_the_clock_alone_broke() -> None:
    definition = small_set_with(
        CASE, "never: claim is refused and young", "never: claim is refused and deadline claim.review is expired"
    )
    play = Play(definition).session()
    for voter in (CHO, MIA, MAX):
        play.votes(voter, danger="no", harm="no")
    play.takes(CHO, "claim.refuse").answers(ANA, "claim.notice", {"told_on": "2026-03-02"}).takes(ANA, "claim.tell")
    play.wait(days=10)

    play.takes(ANA, "case.send_lawyer")

    assert play.case.alarms == ("case.no_lone_minor",)


def test_time_passing_at_rest_writes_nothing() -> None:
    play = Play().checking()

    assert apply(play.definition, play.case, PassTime(by=ANA, at=play.at)) == (play.case, ())


def test_answers_that_cannot_be_recorded_name_each_question() -> None:
    play = Play().proposed()

    with pytest.raises(InvalidAnswers) as refused:
        play.takes(SUE, "intake.confirm_ordinary", {"reasons": "no"})

    assert set(refused.value.problems) == {"reasons", "agreed"}
    assert "no" not in str(refused.value).split()


def test_a_refusal_never_repeats_what_was_answered() -> None:
    play = Play().checking(full_name={"name": "Zyx Qwerty"})

    with pytest.raises(NotOffered) as refused:
        play.takes(CAS, "intake.propose")

    assert "Qwerty" not in str(refused.value)


def test_documents_are_entered_last_when_all_is_settled() -> None:
    play = Play().referred()

    assert play.kinds()[-1] == "DocumentIssued"
    assert play.case.documents[0].number == "XN-2026-00001-1/slip/1"
    assert play.case.documents[0].seq == play.case.seq


def test_the_finding_is_kept_when_it_is_agreed() -> None:
    play = Play().proposed().takes(SUE, "intake.confirm_ordinary", FINDING)

    assert play.place("intake").answer("finding", "agreed") == "yes"
