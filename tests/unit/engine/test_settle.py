"""Run to completion: latches, deadlines and automatic transitions follow until nothing moves."""

from __future__ import annotations

import pytest

from sop_engine.engine.ledger import Ledger
from sop_engine.engine.refusals import EndlessSteps
from sop_engine.engine.settle import settle
from tests.instruments.small_case import ANA, HAL, SUE, Play
from tests.instruments.small_set import small_set_with

INTAKE = "harmonised/intake/procedure.yaml"
LOOK_AGAIN = "  look_again: {from: ordinary, to: checking, auto: yes, when: danger_known, source: FER 1}\n"


def at_rest(play: Play) -> bool:
    ledger = Ledger(play.definition, play.case, play.at)
    settle(ledger)
    return not ledger.events


def test_a_settled_case_is_at_rest() -> None:
    for play in (
        Play(),
        Play().arrived(),
        Play().ordinary(),
        Play().referred(age=12),
        Play().checking().wait(days=9).sweep(),
    ):
        assert at_rest(play)


def test_what_follows_follows_at_once() -> None:
    play = Play().ordinary()

    play.takes(ANA, "case.signal_danger", {"words": "After all"})

    taken = [e.data["transition"] for e in play.new if e.kind == "TransitionTaken"]
    assert taken == ["case.signal_danger", "intake.look_again"]
    assert "DeadlineStarted" in play.kinds()


def test_a_transition_that_stays_fires_only_for_an_effect() -> None:
    play = Play().takes(ANA, "case.signal_danger", {"words": "Hurt", "grave": "yes"})
    assert play.place("help", "doctor").state == "asked"

    play.takes(ANA, "case.raise_doubt")
    assert "case.send_doctor" not in [e.data.get("transition") for e in play.new]
    play.takes(HAL, "help.decline", key="doctor")

    assert [p.id for p in play.case.instances("help")] == ["help-doctor-1", "help-doctor-2"]
    assert at_rest(play)


def test_a_transition_that_stays_and_does_nothing_else_fires_once_a_state() -> None:
    definition = small_set_with(
        INTAKE,
        LOOK_AGAIN,
        LOOK_AGAIN + "  mark: {from: checking, stays: yes, auto: yes, when: placed, source: policy}\n",
    )
    play = Play(definition).checking()
    assert [t for _, t in play.case.taken].count("intake.mark") == 1

    play.takes(ANA, "case.raise_doubt")
    assert [t for _, t in play.case.taken].count("intake.mark") == 1

    assert at_rest(play)


def test_a_definition_that_never_rests_is_told_and_nothing_is_recorded() -> None:
    chase = (
        "  there: {from: arrived, to: proposed, auto: yes, when: doubt_open, source: policy}\n"
        "  back: {from: proposed, to: arrived, auto: yes, when: doubt_open, source: policy}\n"
    )
    play = Play(small_set_with(INTAKE, LOOK_AGAIN, LOOK_AGAIN + chase)).opens(ANA, "intake")
    before = play.case

    with pytest.raises(EndlessSteps):
        play.takes(ANA, "case.raise_doubt")

    assert play.case is before


def test_the_system_never_does_what_a_safeguard_forbids() -> None:
    definition = small_set_with(
        INTAKE,
        "  ends: {always_possible: [referred]",
        "  no_look: {doing: look_again, require: doubt_open, says: Only with a doubt., source: policy}\n"
        "  ends: {always_possible: [referred]",
    )
    play = Play(definition).ordinary().takes(ANA, "case.raise_doubt")
    play.takes(SUE, "case.settle_doubt")

    play.takes(ANA, "case.signal_danger", {"words": "After all"})
    assert play.place("intake").state == "ordinary"

    play.takes(ANA, "case.raise_doubt")
    assert play.place("intake").state == "checking"
