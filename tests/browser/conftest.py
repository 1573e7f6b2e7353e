"""A stage served on this machine, and Chromium. Without Chromium these tests step aside with words; in CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sop_engine.definition.model import Definition
from tests.instruments.browser import CHROMIUM, chromium, served, sign_in
from tests.instruments.stage import PASSWORD, Stage, build_stage, open_stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        words = f"No browser at {CHROMIUM}. Install Chromium (Debian: apt-get install chromium) or set SOP_CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, definition: Definition) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    build_stage(folder, definition)
    found = open_stage(folder, definition)
    yield found
    found.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def address(stage: Stage) -> Iterator[str]:
    """Where the stage is served."""
    with served(stage.app()) as found:
        yield found


@pytest.fixture
def page_of(browser: Browser, stage: Stage, address: str) -> Iterator[Callable[..., Page]]:
    """Open a window as somebody: ``page_of("frontline_officer", width=320, script=False)``."""
    contexts = []

    def _open(role: str | None, *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=address, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        if role:
            sign_in(page, address, stage.usernames[role], PASSWORD)
        return page

    yield _open
    for context in contexts:
        context.close()
