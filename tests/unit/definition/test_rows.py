"""Coverage: every row of the specification has a declaration that carries it."""

from __future__ import annotations

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.lint import lint
from sop_engine.definition.load import load_texts
from sop_engine.definition.rows import coverage, coverage_markdown, missing
from tests.unit.definition.small_set import SMALL_SET, changed

ROWS_FILE = "harmonised/loan/rows.yaml"


def test_a_row_is_carried_by_name_or_by_reference() -> None:
    rows = {(row.kind, row.id): row.carried_by for row in coverage(load_texts(SMALL_SET), SMALL_SET)}

    assert rows == {
        ("triggers", "lend"): ("loan.transitions.lend",),
        ("triggers", "book_back"): ("loan.transitions.give_back",),
        ("fields", "full_name"): ("loan.questions.request.full_name",),
        ("fields", "book_kind"): ("loan.questions.request.genre",),
        ("fields", "damaged"): ("loan.questions.request.books.columns.damaged",),
        ("timers", "T01"): ("loan.deadlines.come_back",),
        ("hard_rules", "H1.1"): ("loan.safeguards.two_people",),
        ("hard_rules", "H1.3"): ("loan.safeguards.no_loan_to_banned",),
        ("properties", "P01"): ("loan.safeguards.two_people",),
    }


def test_a_row_that_nothing_carries_is_found_with_its_cure() -> None:
    files = changed("timers: [T01]", "timers: [T01, T99]", file=ROWS_FILE)

    absent = missing(coverage(load_texts(files), files))
    told = [str(finding) for finding in lint(files).findings]

    assert [(row.kind, row.id, row.machine, str(row.span)) for row in absent] == [
        ("timers", "T99", "loan", f"{ROWS_FILE}:1:92")
    ]
    assert len(told) == 1
    assert "write timer: T99 in a deadline" in told[0]


def test_a_row_of_a_machine_that_is_not_declared_is_carried_by_nothing() -> None:
    files = changed("loan: {triggers", "lone: {triggers", file=ROWS_FILE)

    assert len(missing(coverage(load_texts(files), files))) == 9
    assert 'did you mean "loan"?' in str(lint(files).findings[0])


def test_rows_that_are_no_rows_are_refused() -> None:
    files = changed("timers: [T01]", "timer: [T01]", file=ROWS_FILE)

    with pytest.raises(DeclarationErrors, match='unknown key "timer"'):
        coverage(load_texts(files), files)


def test_the_page_shows_every_row_and_what_is_missing() -> None:
    files = changed("timers: [T01]", "timers: [T01, T99]", file=ROWS_FILE)
    definition = load_texts(files)

    page = coverage_markdown(coverage(definition, files), definition)

    assert "| loan | 10 | 9 |" in page
    assert "| timer | T01 | `loan.deadlines.come_back` |" in page
    assert "| timer | T99 | **nothing** |" in page
    assert page.startswith("# ")
