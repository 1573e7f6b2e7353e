"""Every page in a browser: no known fault of accessibility, no scrolling sideways on a telephone, no refused load."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.instruments.browser import sign_in
from tests.instruments.screenshots import pages
from tests.instruments.stage import PASSWORD, Stage

SIDEWAYS = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.app-diagram') && getComputedStyle(e).position !== 'absolute'
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""


@dataclass
class Findings:
    """What one walk over all pages found."""

    seen: int = 0
    faults: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def findings(browser: Browser, stage: Stage, address: str) -> Findings:
    """Walk over all pages once, as the role that uses each."""
    found = Findings()
    axe = Axe()
    by_role: dict[str | None, list[tuple[str, str, str]]] = {}
    for name, role, path, act in pages(stage):
        if not act.isdecimal():
            by_role.setdefault(role, []).append((name, path, act))
    for role, wanted in by_role.items():
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
        page = context.new_page()
        _listen(page, found)
        if role:
            sign_in(page, address, stage.usernames[role], PASSWORD)
        for name, path, act in wanted:
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(path)
            if act:
                page.locator(act).last.click()
                page.wait_for_load_state()
            found.seen += 1
            for violation in axe.run(page).response["violations"]:
                nodes = violation["nodes"]
                found.faults.append(f"{name}: {violation['id']}: {nodes[0]['html'][:200]} ({len(nodes)})")
            page.set_viewport_size({"width": 320, "height": 900})
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                found.too_wide.append(f"{name}: {width} px: {page.evaluate(SIDEWAYS)}")
        context.close()
    return found


def _listen(page: Page, found: Findings) -> None:
    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            found.complaints.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))


def test_no_page_has_a_known_fault_of_accessibility(findings: Findings) -> None:
    assert findings.seen > 40
    assert not findings.faults, "\n".join(findings.faults)


def test_every_page_fits_a_narrow_telephone(findings: Findings) -> None:
    assert not findings.too_wide, "\n".join(findings.too_wide)


def test_nothing_that_a_page_wants_is_refused_by_its_policy(findings: Findings) -> None:
    assert not findings.complaints, "\n".join(findings.complaints)
