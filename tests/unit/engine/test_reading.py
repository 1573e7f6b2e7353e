"""A case as guards read it: the own instance where a guard stands, the newest of every other machine."""

from __future__ import annotations

from sop_engine.engine.reading import CaseReading
from sop_engine.guards.tree import Answered, DeadlineIs, FactIs, KeyIs, PanelIs, QuestionRef, StateIn
from tests.instruments.small_case import ANA, BEA, HAL, SUE, Play


def reading_of(play: Play, machine: str | None = None) -> CaseReading:
    return CaseReading(play.definition, play.case, play.place(machine) if machine else None)


def test_a_machine_that_never_ran_is_not_opened_and_its_facts_are_open() -> None:
    reading = reading_of(Play())

    assert reading.state("intake") == "not_opened"
    assert reading.fact("intake", "unafraid") is None
    assert reading.fact("intake", "placed") is False
    assert reading.answer(QuestionRef("intake", "arrival", "pier")) is None
    assert reading.deadline("intake", "check_done") == "not_started"
    assert reading.panel("claim", "board", "quorum") == "not_met"
    assert reading.panel("claim", "board", "danger") == "open"


def test_unanswered_is_open_and_unknown_is_an_answer() -> None:
    play = Play().arrived(age="unknown")
    reading = reading_of(play)

    assert reading.holds(FactIs(None, "young")) is None
    assert reading.holds(Answered(QuestionRef("intake", "arrival", "age"))) is True


def test_a_latch_is_never_open() -> None:
    assert reading_of(Play()).fact(None, "danger_known") is False


def test_the_newest_instance_is_read_unless_one_reads_itself() -> None:
    play = Play().takes(ANA, "departure.ask", {"reason": "Home", "willing": "yes"}, new=True)
    play.takes(SUE, "departure.clear").takes(HAL, "departure.take_back")
    first = play.place("departure")
    play.takes(BEA, "departure.ask", {"reason": "Home", "willing": "yes"}, new=True)

    guard = StateIn("departure", ("asked",))

    assert reading_of(play).holds(guard) is True
    assert CaseReading(play.definition, play.case, play.case.proceeding(first.id)).holds(guard) is False


def test_instances_by_key_are_the_newest_of_each() -> None:
    play = Play().opens(HAL, "help", "doctor").takes(HAL, "help.give", key="doctor").opens(HAL, "help", "doctor")
    play.opens(HAL, "help", "lawyer")

    assert sorted(reading_of(play).instances("help")) == [("doctor", "asked"), ("lawyer", "asked")]


def test_a_procedure_reads_the_key_of_its_own_instance() -> None:
    play = Play().opens(HAL, "help", "doctor").opens(HAL, "help", "lawyer")
    guard = KeyIs("help", ("doctor",))

    own = {key: CaseReading(play.definition, play.case, play.place("help", key)) for key in ("doctor", "lawyer")}

    assert own["doctor"].holds(guard) is True
    assert own["lawyer"].holds(guard) is False
    assert reading_of(Play()).holds(guard) is False


def test_latest_reads_the_round_before_when_the_current_one_is_empty() -> None:
    play = Play().proposed().takes(SUE, "intake.send_back")
    reading = reading_of(play)

    assert reading.answer(QuestionRef("intake", "check", "afraid")) is None
    assert reading.answer(QuestionRef("intake", "check", "afraid", latest=True)) == "no"


def test_deadlines_and_panels_are_never_open() -> None:
    play = Play().session()
    reading = reading_of(play)

    assert reading.holds(DeadlineIs("intake", "check_done", ("met",))) is True
    assert reading.holds(PanelIs("claim", "board", "quorum", ("met",))) is True
    assert reading.holds(PanelIs("claim", "board", "danger", ("carried",))) is False


def test_readings_of_all_places_share_what_they_worked_out() -> None:
    play = Play().arrived(age=12)
    root = reading_of(play)
    own = root.at(play.place("intake"))

    assert own.fact(None, "young") is True
    assert own.at(None) is root.at(None)
    assert own.at(play.place("intake")) is own
