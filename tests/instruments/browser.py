"""The pages in a real browser: a server on a free port of this machine, and Chromium that talks to nobody else."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = os.environ.get("SOP_CHROMIUM", "/usr/bin/chromium")
_QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app while the block runs; give its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium while the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in as somebody, as a person does."""
    page.goto(f"{address}/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    press(page, "main form button[type=submit]")


def press(page: Page, button: str) -> None:
    """Press the first such button, and wait for the page it leads to."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator(button).first.click()
