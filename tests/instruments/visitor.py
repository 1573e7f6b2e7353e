"""Somebody who visits the pages without a browser: signs in, reads a page, sends its form as the page gave it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.instruments.stage import PASSWORD

HIDDEN = ("csrf_token", "form_token", "seq", "stage", "next")


class Visitor:
    """One visit; keeps cookies between pages."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def sign_in(self, username: str, password: str = PASSWORD) -> Visitor:
        page = self.client.get("/sign-in")
        answer = self.client.post(
            "/sign-in", data={"username": username, "password": password, "csrf_token": hidden(page, "csrf_token")}
        )
        assert answer.status_code == 303, answer.status_code
        return self

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def send(self, path: str, typed: Mapping[str, Any] | None = None, *, to: str = "", **more: Any) -> TestResponse:
        """Open a page, fill in its main form and send it."""
        page = self.get(path)
        while page.status_code == 303:
            path = page.headers["Location"]
            page = self.get(path)
        assert page.status_code == 200, (path, page.status_code)
        return self.client.post(to or path, data={**form_of(page), **(typed or {})}, **more)

    def follow(self, answer: TestResponse) -> TestResponse:
        while answer.status_code == 303:
            answer = self.get(answer.headers["Location"])
        return answer


def hidden(page: TestResponse, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"The page has no field {name}."
    return unescape(found[1])


def form_of(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of the form in the main part of a page."""
    parser = _MainForm()
    parser.feed(page.text)
    return parser.fields


class _MainForm(HTMLParser):
    """Collects the hidden fields inside <main>."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.inside = True
        if self.inside and tag == "input" and found.get("type") == "hidden" and found.get("name"):
            self.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False


class Outline(HTMLParser):
    """The elements and attributes of a page, without its words: what markup in a name would change."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.scripts += tag == "script"
        for name, _value in attrs:
            if name.startswith("on") or name == "style":
                self.tags.append(f"!{name}")
