"""Latches are set and never unset; switches are set and cleared, by their named acts and by what the case shows."""

from __future__ import annotations

from tests.instruments.small_case import ANA, BEA, SUE, Play
from tests.instruments.small_set import small_set_with

CASE = "harmonised/common/procedure.yaml"


def test_a_latch_is_set_by_its_act_or_by_an_answer() -> None:
    by_act = Play().takes(ANA, "case.signal_danger", {"words": "They wait"})
    by_answer = Play().checking().answers(ANA, "intake.check", {"afraid": "unsure"})

    assert "danger_known" in by_act.case.shared
    assert "danger_known" in by_answer.case.shared


def test_a_latch_stays_when_its_cause_is_corrected_away() -> None:
    play = Play().checking().answers(ANA, "intake.check", {"afraid": "unsure"})

    play.answers(ANA, "intake.check", {"afraid": "no"})

    assert "danger_known" in play.case.shared


def test_a_switch_is_set_and_cleared() -> None:
    play = Play().takes(ANA, "case.raise_doubt")
    assert "doubt_open" in play.case.shared

    play.takes(SUE, "case.settle_doubt")

    assert "doubt_open" not in play.case.shared


def test_a_switch_follows_its_guards() -> None:
    play = Play().checking().wait(hours=24).sweep()
    assert "waiting_long" in play.case.shared

    play.takes(ANA, "case.signal_danger", {"words": "They wait"}).takes(BEA, "intake.refer")

    assert "waiting_long" not in play.case.shared


def test_a_switch_that_is_cleared_and_set_at_once_is_set() -> None:
    definition = small_set_with(CASE, 'cleared_when: "intake not in [checking]"', "cleared_when: danger_known")
    play = Play(definition).checking().takes(ANA, "case.signal_danger", {"words": "They wait"})

    play.wait(hours=24).sweep()

    assert "waiting_long" in play.case.shared


def test_what_an_act_wrote_names_the_act() -> None:
    play = Play().takes(ANA, "case.raise_doubt")

    changed = next(event for event in play.new if event.kind == "SharedFactChanged")
    assert changed.data == {"fact": "doubt_open", "value": True, "transition": "case.raise_doubt"}
    assert changed.proceeding == "case-1"


def test_a_derived_fact_is_never_written() -> None:
    play = Play().arrived(age=12).takes(ANA, "case.signal_danger", {"words": "They wait"})

    assert set(play.case.shared) == {"danger_known"}
