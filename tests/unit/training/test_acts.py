"""What counts as one act of somebody."""

from __future__ import annotations

from datetime import UTC, datetime

from sop_engine.training.acts import acts_of_log
from sop_engine.vocabulary import AuditEvent

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(seq: int, kind: str, by: str = "mia", **data: object) -> AuditEvent:
    return AuditEvent(seq, kind, AT, by, "", "decision-1", data)


OPENED = entry(1, "ProceedingOpened", machine="decision", state="new")


def votes(*log: AuditEvent, every_vote: bool = False) -> int:
    return sum(act.verb == "votes" for act, _ in acts_of_log((OPENED, *log), every_vote=every_vote))


def test_a_member_who_votes_on_one_question_after_the_other_votes_once() -> None:
    log = (
        entry(2, "VoteCast", questions=["inclusion"]),
        entry(3, "VoteCast", by="max", questions=["inclusion"]),
        entry(4, "VoteCast", questions=["exclusion"]),
    )

    assert votes(*log) == 2
    assert votes(*log, every_vote=True) == 3


def test_a_changed_vote_is_an_act_of_its_own() -> None:
    assert votes(entry(2, "VoteCast", questions=["inclusion"]), entry(3, "VoteCast", questions=["inclusion"])) == 2


def test_after_the_sitting_was_closed_a_vote_is_a_new_one() -> None:
    log = (
        entry(2, "VoteCast", questions=["inclusion"]),
        entry(3, "SittingClosed", tied=[]),
        entry(4, "VoteCast", questions=["exclusion"]),
    )

    assert votes(*log) == 2
