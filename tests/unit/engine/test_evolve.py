"""A case is the fold of its log."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sop_engine.engine.evolve import _CHANGES, UnknownAuditEvent, evolve, fold
from sop_engine.engine.upgrade import EDITION_CHANGED
from sop_engine.store.chain import canonical
from sop_engine.vocabulary import AuditEvent, Case, JoinFamily
from tests.instruments.small_case import ANA, BEA, CAS, CHO, FINDING, MAX, MIA, MOE, SAM, SUE, Play


def eventful() -> Play:
    """A case in which every kind of entry occurs."""
    play = Play().ordinary().takes(ANA, "case.raise_doubt").wait(hours=1)
    play.do(play.rectifying(SAM, "intake")).wait(hours=1).takes(SUE, "case.settle_doubt").wait(hours=90).sweep()
    play.do(play.correcting(BEA, "intake.arrival.pier", "east"))
    play.takes(ANA, "case.signal_danger", {"words": "Yes"}).takes(ANA, "intake.refer")
    play.takes(ANA, "case.see_leaving", {"seen_at": "2026-03-02T10:00Z"}).takes(ANA, "case.see_back")
    play.answers(BEA, "claim.hearing", {"story": "A storm"}).takes(BEA, "claim.list").sits(CHO, as_chair=True)
    play.board(MIA, MAX, MOE).votes(MIA, danger="no").do(play.recusing(MOE)).takes(CHO, "claim.defer")
    return play.do(JoinFamily(by=CAS, at=play.at, family="f1"))


def test_every_kind_of_entry_occurs_in_the_eventful_case() -> None:
    # Moving to another edition is an act on the case from outside its edition: tests/integration/test_service_editions.
    assert {event.kind for event in eventful().log} >= set(_CHANGES) - {EDITION_CHANGED}


def test_the_log_folds_to_the_case_also_after_it_was_written_as_text() -> None:
    play = eventful()
    read_back = [
        replace(e, data=json.loads(canonical(e.data)), personal=json.loads(canonical(e.personal))) for e in play.log
    ]

    assert fold(Case("c1", play.definition.digest, "north"), read_back) == play.case


def test_a_log_folds_in_parts() -> None:
    play = eventful()
    empty = Case("c1", play.definition.digest, "north")

    for cut in range(0, len(play.log), 7):
        assert fold(fold(empty, play.log[:cut]), play.log[cut:]) == play.case


def test_a_log_whose_personal_values_were_destroyed_still_folds() -> None:
    play = eventful()

    bare = fold(Case("c1", play.definition.digest, "north"), (replace(e, personal={}) for e in play.log))

    assert {p.id: p.state for p in bare.proceedings} == {p.id: p.state for p in play.case.proceedings}
    assert all(not p.answers for p in bare.proceedings)


def test_an_entry_of_a_newer_program_is_told_and_not_skipped() -> None:
    event = AuditEvent(1, "MoonRisen", Play().at, "ana", "clerk", "", {})

    with pytest.raises(UnknownAuditEvent):
        evolve(Case("c1", "d", "o"), event)


def test_each_entry_moves_the_number_and_the_time() -> None:
    play = Play().arrived()
    event = play.log[-1]

    assert (play.case.seq, play.case.last_at) == (event.seq, event.at)


def test_functions_are_noted_once() -> None:
    play = Play().arrived().answers(ANA, "intake.arrival", {"full_name": {"name": "Z"}, "age": 3, "pier": "west",
                                                            "landed_on": "unknown"})  # fmt: skip

    assert [(p.function, p.user, p.proceeding) for p in play.case.participations] == [("take_in", "ana", "intake-1")]


def test_the_system_takes_part_in_nothing() -> None:
    play = Play().proposed().takes(SUE, "intake.confirm_ordinary", FINDING)

    assert "system" not in {p.user for p in play.case.participations}


def test_data_of_an_entry_is_nothing_personal() -> None:
    play = eventful()

    text = " ".join(canonical(event.data) for event in play.log)
    for personal in ("Zyx", "storm", "Nothing was found", "cousin", "wrong button"):
        assert personal not in text
