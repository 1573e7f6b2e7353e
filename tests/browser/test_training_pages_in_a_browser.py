"""Every page of the sandbox in a browser: no known fault of accessibility, no scrolling sideways, no refused load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from sop_engine.service.training import news, talk
from sop_engine.service.training.grading import finish, score
from sop_engine.store.database import open_store
from sop_engine.store.migrations import upgrade
from sop_engine.training.model import Room
from tests.instruments.browser import served, sign_in
from tests.instruments.classroom import M14, Classroom, classroom
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import sqlite_url
from tests.instruments.stage import PASSWORD

WIDTHS = (1280, 320)
SUBMIT = "main form button[type=submit]"


@dataclass
class Findings:
    """What one walk over all pages found."""

    seen: int = 0
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A class with a running team, a finished one, one that has not begun, and a very long pseudonym."""
    store = open_store(sqlite_url(tmp_path_factory.mktemp("training") / "training.db"))
    upgrade(store)
    made = classroom(store, FrozenClock())
    svc = made.room.service
    running, finished = made.handed("Heron"), made.handed("Iguana")
    made.trainee("Manatee of the long and winding southern river delta")
    made.handed("Pelican", role="reviewer")
    heron = made.accounts["Heron"]
    talk.ask_question(svc, heron, running.id, question="you_want_cousin")
    talk.set_room(svc, heron, running.id, Room(interpreter="salma"))
    talk.ask_question(svc, heron, running.id, written="Please tell me about the army, from the first day.")
    news.inject(svc, made.room.trainer, running.id, "age_disputed_now")
    finish(svc, finished.id, account_id=made.accounts["Iguana"])
    score(svc, made.room.trainer, finished.id, criterion="reasons", points=3, note="Ready phrases.")
    made.attempts = {"running": running, "finished": finished}
    yield made
    store.close()


def pages(lesson: Classroom) -> Iterator[tuple[str, str, str]]:
    """Yield (who, path, what to press) of every page."""
    board, running = f"/training/class/{lesson.room.session.id}", lesson.attempts["running"]
    finished = lesson.attempts["finished"]
    for path, act in (
        ("/training", ""),
        ("/training", SUBMIT),
        (board, ""),
        (board, "form[action$='/change'] button"),
        (f"{board}/people", ""),
        (f"{board}/people", SUBMIT),
        (f"{board}/hand-out", ""),
        (f"{board}/hand-out/{M14}", SUBMIT),
        (f"{board}/debrief", ""),
        (f"/training/team/{running.id}", ""),
        (f"/training/team/{running.id}", "form[action$='/score'] button"),
        (f"/training/team/{finished.id}", ""),
        ("/training/scenarios", ""),
        (f"/training/scenario/{M14}", ""),
        (f"/training/progress/{lesson.accounts['Iguana']}", ""),
    ):
        yield "trainer", path, act
    for path, act in (
        ("/training", ""),
        ("/training/exercise", ""),
        ("/training/exercise/talk", ""),
        ("/training/exercise/talk", "form:has(#written) button"),
        ("/training/exercise/finish", ""),
        (f"/case/{running.case_id}", ""),
        ("/", ""),
    ):
        yield "heron", path, act
    yield "iguana", f"/training/attempt/{finished.id}/debrief", ""
    yield "iguana", "/training", ""


@pytest.fixture(scope="module")
def findings(browser: Browser, lesson: Classroom) -> Findings:
    """Walk over all pages once, at both widths, with style and script."""
    found, axe = Findings(), Axe()
    with served(lesson.app()) as address:
        opened: dict[str, Page] = {}
        for who, path, act in pages(lesson):
            if who not in opened:
                opened[who] = browser.new_context(base_url=address).new_page()
                _listen(opened[who], found)
                sign_in(opened[who], address, who, PASSWORD)
            page = opened[who]
            page.goto(path)
            if act:
                page.locator(act).first.click()
                page.wait_for_load_state()
            found.seen += 1
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for violation in axe.run(page).response["violations"]:
                    example = violation["nodes"][0]["html"][:200]
                    found.faults.append(f"{who} {path} {act} at {width}: {violation['id']}: {example}")
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.faults.append(f"{who} {path} {act} at {width}: scrolls sideways")
        for page in opened.values():
            page.context.close()
    return found


def _listen(page: Page, found: Findings) -> None:
    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            found.faults.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.faults.append(str(error)))


def test_every_page_of_the_sandbox_is_accessible_and_fits_a_telephone(findings: Findings) -> None:
    assert findings.seen > 20
    assert not findings.faults, "\n".join(findings.faults)
