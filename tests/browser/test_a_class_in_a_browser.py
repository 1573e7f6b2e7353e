"""A class of the sandbox on its real pages: trainer, two trainees and a committee, from handing out to the debrief."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from sop_engine.service.training.grading import grading_of
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade
from tests.instruments.browser import press, served
from tests.instruments.class_journey import ClassJourney
from tests.instruments.classroom import classroom
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import sqlite_url

pytestmark = pytest.mark.slow

TEAM = {
    "officer": "Heron",
    "reviewer": "Iguana",
    "chair": "Manatee",
    "first_member": "Osprey",
    "second_member": "Pelican",
}
BASIC, ADVANCED = "m14_transit_passenger", "m17_ex_policeman"


@pytest.fixture
def lesson(browser: Browser, tmp_path: Path, clock: FrozenClock) -> Iterator[ClassJourney]:
    """A class with a trainer, an officer, a reviewer and a committee of three."""
    store = open_store(sqlite_url(tmp_path / "training.db"))
    upgrade(store)
    made = classroom(store, clock)
    for pseudonym in TEAM.values():
        made.trainee(pseudonym)
    with served(made.app()) as address:
        found = ClassJourney(browser, address, made)
        yield found
        found.close()
    store.close()


@pytest.mark.parametrize("pack", [BASIC, ADVANCED])
def test_a_class_plays_a_scenario_from_handing_out_to_the_debrief(lesson: ClassJourney, pack: str) -> None:
    svc = lesson.lesson.room.service

    attempt = lesson.hand_out(pack, TEAM)
    lesson.play_path(attempt)
    debrief = lesson.finish("Heron")

    found = grading_of(svc, attempt)
    assert found.outcome_reached
    assert found.missed == ()
    assert found.mistakes == ()
    assert lesson.acts > 60
    words = debrief.locator("main").inner_text()
    assert "The case ended as it should." in words
    assert "Missed" not in words
    paper = debrief.request.get(f"/training/attempt/{attempt}/debrief.pdf").body()
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper)).pages]
    assert "Certificate of what was practised" in pages[0]
    assert all("TRAINING" in page for page in pages)

    trainer = lesson.trainer
    trainer.goto(f"/training/team/{attempt}")
    for form in range(trainer.locator("form[action$='/score']").count()):
        trainer.locator("form[action$='/score'] [name=points]").nth(form).fill("1")
        with trainer.expect_navigation():
            trainer.locator("form[action$='/score'] button").nth(form).click()
    trainer.goto(f"{lesson.board}/debrief")
    told = trainer.locator("main").inner_text()
    assert "Nothing was missed." in told
    assert "Heron (Officer)" in told
    assert "not all scored" not in told
    assert "Manatee" in trainer.request.get(f"{lesson.board}/debrief.csv").text()


def test_two_teams_side_by_side_one_of_them_in_trouble(lesson: ClassJourney) -> None:
    first = lesson.hand_out(BASIC, {"officer": "Heron"})
    lesson.play_path(first, until=lambda line: line.line.values.get("answers") == "screening.needs")
    second = lesson.hand_out(BASIC, {"officer": "Iguana"})
    worried = lesson.trainee("Iguana")
    worried.goto("/training/exercise/talk")
    worried.check("[name=question][value=you_want_cousin]")
    press(worried, "form:has([name=question]) button")

    lesson.let_pass("14 days")
    board = lesson.trainer
    board.goto(f"/training/team/{second}")
    press(board, "form:has([value=agent_offers_to_interpret]) button")
    board.goto(lesson.board)
    rows = {row.inner_text() for row in board.locator("tbody tr").all()}

    assert any("Heron (Officer)" in row and "nothing" in row for row in rows)
    troubled = next(row for row in rows if "Iguana (Officer)" in row)
    assert "Unsafe questions" in troubled
    worried.goto("/training/exercise")
    assert "The desk agent offers to interpret" in worried.locator("main").inner_text()
    timeline = worried.locator("nav a:has-text('The case')").first.get_attribute("href")
    worried.goto(f"{timeline}/timeline")
    assert worried.locator(".app-timeline__item--DeadlineExpired").count() > 0
