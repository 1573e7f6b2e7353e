"""Deadlines start, pause, stop and expire; expiry calls people and never does anything adverse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sop_engine.engine.deadlines import calls_somebody, deadlines_of, next_wake
from sop_engine.vocabulary import DeadlineRun
from tests.instruments.small_case import ANA, BEA, CHO, MAX, MIA, MONDAY, SUE, Play
from tests.instruments.small_set import small_set, small_set_with

INTAKE = "harmonised/intake/procedure.yaml"
CHECK, STAY, REVIEW = "intake.check_done", "intake.stay", "claim.review"


def run_of(play: Play, name: str) -> DeadlineRun:
    return [run for run in play.case.deadlines if run.name == name][-1]


def runs_of(play: Play, name: str) -> list[DeadlineRun]:
    return [run for run in play.case.deadlines if run.name == name]


def test_a_deadline_starts_when_its_guard_becomes_true() -> None:
    play = Play().arrived()
    assert runs_of(play, CHECK) == []

    play.takes(ANA, "intake.begin")

    assert run_of(play, CHECK).due_at == MONDAY + timedelta(hours=24)
    assert run_of(play, CHECK).status == "running"


@pytest.mark.parametrize(
    ("moved", "status"),
    [
        (timedelta(hours=24, minutes=-1), "running"),
        (timedelta(hours=24), "expired"),
        (timedelta(hours=24, minutes=1), "expired"),
    ],
)
def test_an_hour_deadline_a_minute_before_at_and_after(moved: timedelta, status: str) -> None:
    play = Play().checking()
    play.at = MONDAY + moved

    play.sweep()

    assert run_of(play, CHECK).status == status


@pytest.mark.parametrize(
    ("instant", "status"),
    [
        (datetime(2026, 3, 18, 3, 59, tzinfo=UTC), "running"),
        (datetime(2026, 3, 18, 4, 0, tzinfo=UTC), "expired"),
        (datetime(2026, 3, 18, 4, 1, tzinfo=UTC), "expired"),
    ],
)
def test_ten_working_days_pass_over_the_weekends_and_the_closure_and_end_at_24_00_at_the_pier(
    instant: datetime, status: str
) -> None:
    play = Play().arrived()
    play.at = instant

    play.sweep()

    assert run_of(play, STAY).status == status


def test_stopped_in_time_is_met_and_stopped_late_stays_expired() -> None:
    met = Play().proposed()
    met.wait(hours=23).takes(SUE, "intake.confirm_ordinary", {"reasons": "Nothing was found.", "agreed": "yes"})
    late = Play().proposed()
    late.wait(hours=24).takes(SUE, "intake.confirm_ordinary", {"reasons": "Nothing was found.", "agreed": "yes"})

    assert (run_of(met, CHECK).status, run_of(met, CHECK).ended_at) == ("met", met.at)
    assert (run_of(late, CHECK).status, run_of(late, CHECK).ended_at) == ("expired", late.at)


def test_each_level_of_escalation_calls_its_role_once() -> None:
    play = Play().checking().wait(hours=24).sweep()
    assert [(d.name, d.role) for d in play.case.duties] == [(f"{CHECK}/intake-1/0", "desk_supervisor")]

    play.wait(hours=23, minutes=59).sweep()
    assert len(play.case.duties) == 1

    play.wait(minutes=1).sweep().sweep()

    assert (f"{CHECK}/intake-1/1", "case_supervisor") in [(d.name, d.role) for d in play.case.duties]


def test_duties_end_with_what_raised_them() -> None:
    play = Play().checking().wait(hours=30).sweep()

    play.takes(ANA, "case.signal_danger", {"words": "Yes"}).takes(ANA, "intake.refer")

    assert [d.done for d in play.case.duties if d.name.startswith(CHECK)] == [True]


def test_a_new_run_starts_when_it_becomes_true_again() -> None:
    play = Play().ordinary().wait(days=3)

    play.takes(ANA, "intake.late_word")

    assert [run.status for run in runs_of(play, CHECK)] == ["met", "running"]
    assert run_of(play, CHECK).due_at == play.at + timedelta(hours=24)


def test_a_paused_deadline_stands_still() -> None:
    play = Play().checking().wait(hours=23).takes(ANA, "case.raise_doubt")
    assert run_of(play, CHECK).paused_at == play.at
    assert next_wake(play.definition, run_of(play, CHECK)) is None

    play.wait(hours=48).sweep()
    assert run_of(play, CHECK).status == "running"

    play.takes(SUE, "case.settle_doubt")

    assert run_of(play, CHECK).paused_at is None
    assert run_of(play, CHECK).due_at == play.at + timedelta(hours=1)


def test_a_pause_of_whole_days_still_ends_at_the_end_of_a_working_day() -> None:
    definition = small_set_with(
        INTAKE,
        "starts_when: answered arrival.landed_on,",
        "starts_when: answered arrival.landed_on, paused_when: doubt_open,",
    )
    play = Play(definition).arrived()
    assert run_of(play, STAY).due_at == datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
    play.takes(ANA, "case.raise_doubt").wait(days=3, hours=2)

    play.takes(SUE, "case.settle_doubt")

    # 20 March in the evening, plus two hours: Saturday; the office is open again on Monday.
    assert run_of(play, STAY).due_at == datetime(2026, 3, 24, 4, 0, tzinfo=UTC)


def test_a_deadline_that_was_paused_in_time_does_not_expire_when_it_is_stopped() -> None:
    play = Play().checking().wait(hours=23).takes(ANA, "case.raise_doubt").wait(hours=48)

    play.takes(ANA, "case.signal_danger", {"words": "Yes"}).takes(ANA, "intake.refer")

    assert run_of(play, CHECK).status == "met"


def test_a_shorter_length_applies_under_its_guard() -> None:
    play = Play().checking(age=12)

    assert run_of(play, CHECK).length == "4 hours"


def test_a_shorter_length_applies_from_when_it_is_known() -> None:
    play = Play().checking(age="unknown").wait(hours=2)
    assert run_of(play, CHECK).length == "24 hours"

    play.do(play.correcting(BEA, "intake.arrival.age", 12))

    assert len(runs_of(play, CHECK)) == 1
    assert run_of(play, CHECK).length == "4 hours"
    assert run_of(play, CHECK).due_at == MONDAY + timedelta(hours=4)


def test_a_shorter_length_that_is_known_too_late_calls_at_once() -> None:
    play = Play().checking(age="unknown").wait(hours=5)

    play.do(play.correcting(BEA, "intake.arrival.age", 12))

    assert run_of(play, CHECK).status == "expired"
    assert [d.role for d in play.case.duties] == ["desk_supervisor"]


def test_a_corrected_day_counts_anew_and_its_duties_end() -> None:
    play = Play().arrived().wait(days=20).sweep()
    assert run_of(play, STAY).status == "expired"

    play.answers(
        ANA, "intake.arrival", {"full_name": {"name": "Zyx"}, "age": 3, "pier": "west", "landed_on": "2026-03-20"}
    )

    assert len(runs_of(play, STAY)) == 1
    assert run_of(play, STAY).status == "running"
    assert [d.done for d in play.case.duties if d.name.startswith(STAY)] == [True]


def test_a_day_that_is_not_known_starts_nothing() -> None:
    play = Play().arrived(landed_on="unknown")

    assert runs_of(play, STAY) == []


def test_a_partial_date_counts_from_the_last_day_it_can_mean() -> None:
    play = Play().arrived(landed_on="2026-02")

    assert run_of(play, STAY).counted_from == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)


def test_a_deadline_counted_from_a_day_long_past_is_never_running() -> None:
    play = Play().arrived(landed_on="2025-01-01")

    assert run_of(play, STAY).status == "expired"
    assert play.kinds()[1:3] == ["DeadlineStarted", "DeadlineExpired"]


def test_an_escalation_after_days_counts_from_the_day_that_ended() -> None:
    play = Play().session()
    for voter in (CHO, MIA, MAX):
        play.votes(voter, danger="no", harm="no")
    play.takes(CHO, "claim.refuse").answers(ANA, "claim.notice", {"told_on": "2026-03-02"}).takes(ANA, "claim.tell")
    assert run_of(play, REVIEW).due_at == datetime(2026, 3, 6, 4, 0, tzinfo=UTC)

    play.at = datetime(2026, 3, 7, 3, 59, tzinfo=UTC)
    play.sweep()
    assert run_of(play, REVIEW).status == "expired"
    assert not [d for d in play.case.duties if d.name.startswith(REVIEW)]

    play.at = datetime(2026, 3, 7, 4, 0, tzinfo=UTC)
    play.sweep()

    assert [d.role for d in play.case.duties if d.name.startswith(REVIEW)] == ["clerk"]


def test_what_fell_due_first_happens_first_however_late_anybody_looks() -> None:
    definition = small_set_with(
        INTAKE, "look_again: {from: ordinary, to: checking, auto: yes, when: danger_known, source: FER 1}",
        "look_again: {from: ordinary, to: checking, auto: yes, when: danger_known, source: FER 1}\n"
        "  late: {from: checking, to: referred, auto: yes, when: deadline check_done is expired, source: policy}",
    )  # fmt: skip
    swept_late, swept_often = Play(definition).checking(), Play(definition).checking()

    swept_late.wait(days=9).sweep()
    for _ in range(9):
        swept_often.wait(days=1).sweep()

    for play in (swept_late, swept_often):
        assert run_of(play, CHECK).status == "expired"
        assert run_of(play, "intake.safeguard_in_time").status == "met"


def test_an_act_comes_after_what_fell_due_before_it() -> None:
    play = Play().checking().wait(hours=25)

    play.answers(ANA, "intake.check", {"afraid": "no"})

    assert play.kinds().index("DeadlineExpired") < play.kinds().index("StepAnswered")


def test_time_passing_twice_happens_once() -> None:
    play = Play().checking().wait(days=1).sweep()
    assert "DeadlineExpired" in play.kinds()

    play.sweep()

    assert play.new == ()


def test_the_next_wake_is_the_due_date_then_the_next_escalation_then_never() -> None:
    play = Play().checking()
    definition = play.definition
    assert next_wake(definition, run_of(play, CHECK)) == MONDAY + timedelta(hours=24)

    play.wait(hours=24).sweep()
    assert next_wake(definition, run_of(play, CHECK)) == MONDAY + timedelta(hours=48)

    play.wait(hours=24).sweep()
    assert next_wake(definition, run_of(play, CHECK)) is None


def test_a_within_safeguard_is_watched_by_a_deadline_of_its_own() -> None:
    watching = deadlines_of(small_set(), "intake")["safeguard_in_time"]
    play = Play().checking().wait(hours=48).sweep()

    assert calls_somebody(watching)
    assert run_of(play, "intake.safeguard_in_time").status == "expired"
    assert ("case_supervisor", "Nobody waits for ever.") in [(d.role, d.text) for d in play.case.duties]


def test_no_two_runs_of_a_deadline_run_at_once() -> None:
    play = Play().checking().wait(hours=30).sweep().takes(ANA, "case.raise_doubt").takes(SUE, "case.settle_doubt")

    running = [run for run in runs_of(play, CHECK) if run.ended_at is None]

    assert len(running) == 1
