"""The safeguards, read on a settled case; what is open counts against safety."""

from __future__ import annotations

from dataclasses import replace

from sop_engine.engine.monitors import broken, did_more_than_one, required_before, violated
from sop_engine.engine.reading import CaseReading
from sop_engine.vocabulary import Actor, EnterFromPaper, Participation
from tests.instruments.small_case import ANA, SUE, Play
from tests.instruments.small_set import small_set, small_set_with

CASE, INTAKE = "harmonised/common/procedure.yaml", "harmonised/intake/procedure.yaml"


def broken_in(play: Play) -> dict[str, frozenset[str]]:
    return {
        s.qualified: where for s, where in broken(play.definition, play.case, CaseReading(play.definition, play.case))
    }


def test_a_sound_case_breaks_nothing() -> None:
    assert violated(small_set(), Play().ordinary().case) == ()


def test_never_is_broken_when_it_is_true() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "They wait"})
    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"})

    assert broken_in(play) == {"case.never_gone_protected": frozenset({"case-1"})}


def test_never_is_broken_when_it_is_open() -> None:
    definition = small_set_with(CASE, "never: claim is refused and young", "never: claim is listed and young")
    play = Play(definition).do(EnterFromPaper(by=SUE, at=Play().at, machine="claim", state="listed", reason="Box 7"))

    assert "case.no_lone_minor" in broken_in(play)
    assert "case.no_lone_minor" in play.case.alarms


def test_always_is_broken_when_it_is_not_true() -> None:
    play = Play().do(EnterFromPaper(by=SUE, at=Play().at, machine="intake", state="checking", reason="Box 7"))

    assert "intake.placed_before_check" in broken_in(play)


def test_a_safeguard_of_a_machine_that_never_ran_is_not_read() -> None:
    assert not [name for name in broken_in(Play()) if name.startswith("intake.")]


def test_before_asks_for_what_must_have_been_done_since() -> None:
    play = Play().do(EnterFromPaper(by=SUE, at=Play().at, machine="intake", state="ordinary", reason="Box 7"))
    assert broken_in(play)["intake.proposed_first"] == {"intake-1"}

    done = replace(play.case, taken=(("intake-1", "intake.propose"),))
    undone = replace(play.case, taken=(("intake-1", "intake.propose"), ("intake-1", "intake.send_back")))
    again = replace(undone, taken=(*undone.taken, ("intake-1", "intake.propose")))

    assert "intake.proposed_first" not in {s.qualified for s in violated(play.definition, done)}
    assert "intake.proposed_first" in {s.qualified for s in violated(play.definition, undone)}
    assert "intake.proposed_first" not in {s.qualified for s in violated(play.definition, again)}


def test_what_was_taken_back_was_not_done_before() -> None:
    play = Play().proposed()
    other = Actor("bea", frozenset({"clerk"}))

    play.do(play.rectifying(other, "intake"))

    assert "intake.propose" not in {t for _, t in play.case.taken}


def test_different_people_names_who_did_both() -> None:
    case = replace(
        Play().case,
        participations=(
            Participation("take_in", "ana", "intake-1"),
            Participation("take_in", "ana", "intake-2"),
            Participation("confirm", "sue", "intake-1"),
            Participation("confirm", "bob", "intake-1"),
            Participation("take_in", "bob", "intake-1"),
        ),
    )

    assert did_more_than_one(case, ("take_in", "confirm")) == {"bob"}
    assert "intake.two_people" in {s.qualified for s in violated(small_set(), case)}


def test_doing_is_required_of_its_transition_alone() -> None:
    machine = small_set().machines["departure"]

    assert [s.name for s in required_before(small_set(), machine.transitions["leave"])] == ["nobody_leaves_protected"]
    assert required_before(small_set(), machine.transitions["clear"]) == ()


def test_an_offender_is_named_although_the_alarm_stands() -> None:
    did = (Participation("take_in", "x", "intake-1"), Participation("confirm", "x", "intake-1"))
    play = Play()
    play.case = replace(play.case, participations=did, alarms=("intake.two_people",))

    assert broken_in(play)["intake.two_people"] == {"x"}
