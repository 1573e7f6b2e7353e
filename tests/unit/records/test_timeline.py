"""The entries of a log are told in words, and tell no answer and no vote."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sop_engine.engine.evolve import _CHANGES
from sop_engine.records.secrecy import up_to
from sop_engine.records.timeline import happened, names_a_voter
from sop_engine.vocabulary import AuditEvent
from tests.unit.records.example import DEFINITION, whole_log


def entry(kind: str, proceeding: str = "hearing-1", **data: Any) -> AuditEvent:
    return AuditEvent(1, kind, datetime(2026, 3, 2, tzinfo=UTC), "account-1", "case_officer", proceeding, data)


@pytest.mark.parametrize(
    ("event", "title", "detail"),
    [
        (entry("CaseOpened", number="N1"), "Case opened", "Case number N1"),
        (entry("CaseOpened", number="N1", from_paper=True), "Case brought in from paper", "Case number N1"),
        (
            entry("ProceedingOpened", machine="hearing", key="legal_aid", state="opened"),
            "Hearing: Legal aid opened", "State: Opened",
        ),
        (
            entry("ProceedingOpened", machine="hearing", key=None, state="opened", paper=True),
            "Hearing brought in from paper", "State: Opened",
        ),
        (entry("StepAnswered", step="statement", round=1), "Answered: Statement", ""),
        (entry("StepAnswered", step="statement", round=2), "Answered: Statement", "Round 2"),
        (
            entry("TransitionTaken", transition="hearing.submit", **{"from": "opened", "to": "in_session"}),
            "Submit to the committee", "From “Opened” to “Committee in session”.",
        ),
        (
            entry("TransitionTaken", transition="hearing.submit", facts_used={"fear_expressed": True},
                  **{"from": "opened", "to": "in_session"}),
            "Submit to the committee", "From “Opened” to “Committee in session”. The person is afraid.",
        ),
        (
            entry("TransitionRectified", transition="hearing.submit", **{"from": "in_session", "to": "opened"}),
            "Taken back as a mis-click: Submit to the committee", "From “Committee in session” back to “Opened”.",
        ),
        (
            entry("AnswerCorrected", step="statement", round=1, question="note"),
            "Answer corrected: What did the officer notice?", "The original stays beside it.",
        ),
        (entry("SharedFactChanged", fact="fear_expressed", value=True), "The person is afraid.", ""),
        (entry("SharedFactChanged", fact="fear_expressed", value=False), "No fear is on record.", ""),
        (
            entry("DeadlineStarted", deadline="hearing.appeal_window", due_at="2026-03-16T04:00:00+00:00",
                  length="10 working days"),
            "Time limit started: Appeal window", "10 working days, due 15 March 2026, end of day",
        ),
        (
            entry("DeadlineExpired", deadline="hearing.appeal_window", due_at="2026-03-16T18:30:00+00:00"),
            "Time limit passed: Appeal window", "due 16 March 2026, 14:30",
        ),
        (
            entry("DocumentIssued", document="hearing.decision_letter", number="7"),
            "Paper issued: Decision letter", "Number 7",
        ),
        (
            entry("DutyRaised", duty="x", role="case_officer", text="Call the person."),
            "To do for: Case officer", "Call the person.",
        ),
        (entry("DutyFinished", duty="alarm/hearing.heard"), "Duty done", "Everybody is heard."),
        (
            entry("SafeguardAlarmed", safeguard="hearing.heard"),
            "Alarm: a safeguard does not hold", "Everybody is heard.",
        ),
        (entry("SeatTaken", panel="committee", as_chair=True), "The chair took the seat", "Committee"),
        (entry("SomethingQuiteNew"), "Something quite new", ""),
    ],
)  # fmt: skip
def test_each_kind_of_entry_has_its_sentence(event: AuditEvent, title: str, detail: str) -> None:
    assert happened(event, DEFINITION) == (title, detail)


def test_every_kind_that_the_engine_writes_has_a_sentence_of_its_own() -> None:
    from sop_engine.records.timeline import _SENTENCES

    assert set(_CHANGES) <= set(_SENTENCES)


def test_no_sentence_tells_an_answer_a_vote_or_a_reason() -> None:
    told = " ".join(" ".join(happened(event, DEFINITION, holds=up_to("sensitive"))) for event in whole_log())

    assert "CANARY" not in told
    assert "Amina" not in told


def test_a_question_of_a_class_that_the_reader_does_not_hold_is_not_named() -> None:
    event = entry("AnswerCorrected", step="statement", round=1, question="security")

    assert happened(event, DEFINITION, holds=frozenset({"procedure"}))[0] == "Answer corrected"
    assert "exclusion" in happened(event, DEFINITION, holds=frozenset({"restricted"}))[0]


def test_the_kinds_that_name_a_voter_are_known() -> None:
    assert {event.kind for event in whole_log() if names_a_voter(event)} == {"SeatTaken", "MemberRecused", "VoteCast"}
