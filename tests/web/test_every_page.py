"""Every page, asked for by everybody: no page breaks, each carries its headers, and nothing changes by looking."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from sop_engine.service.show_case import show_case
from tests.instruments.stage import Stage
from tests.instruments.visitor import Outline, Visitor

SAMPLES = {
    "machine": "screening",
    "step": "arrival",
    "proceeding": "screening-1",
    "transition": "start",
    "question": "arrival_place",
    "document": "screening.record",
    "digest": "0" * 64,
    "account_id": "0" * 32,
    "act": "seat",
    "seq": "1",
    "filename": "app.css",
}
ROLES = (
    None,
    "frontline_officer",
    "screening_supervisor",
    "case_officer",
    "medical_officer",
    "committee_chair",
    "committee_member",
    "appeal_registrar",
    "detention_authority",
    "appeal_chair",
    "administrator",
    "policy_officer",
    "qa_lead",
    "elsewhere",
)


def addresses(app: Flask, case_id: str) -> Iterator[tuple[Rule, str]]:
    """Yield every address that can be asked for, with samples in its gaps."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.methods and "GET" in rule.methods:
                values = {name: SAMPLES.get(name, case_id) for name in rule.arguments}
                yield rule, rule.build(values, append_unknown=False)[1]  # type: ignore[index]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_for_anybody(shared_stage: Stage, role: str | None) -> None:
    app = shared_stage.app()
    visitor = Visitor(app)
    if role:
        visitor.sign_in(shared_stage.usernames[role])

    for case_id in (shared_stage.cases[0], shared_stage.cases[-1]):
        for rule, address in addresses(app, case_id):
            answer = visitor.get(address)

            assert answer.status_code in (200, 303, 404), (rule.rule, role, answer.status_code)
            _has_its_headers(answer, rule)


def _has_its_headers(answer: TestResponse, rule: Rule) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src" in policy, rule.rule
    assert "unsafe" not in policy, rule.rule
    if rule.endpoint not in ("papers.file",):
        for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert part in policy, rule.rule
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "charset=utf-8" in headers["Content-Type"] or answer.mimetype in (
        "application/pdf",
        "application/octet-stream",
    )
    assert "Server" not in headers
    if rule.endpoint != "static":
        assert headers["Cache-Control"] == "no-store", rule.rule
    for cookie in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


def test_with_tls_the_cookie_is_bound_to_the_host_and_browsers_are_told_to_stay(stage: Stage) -> None:
    visitor = Visitor(stage.app(is_https=True))

    answer = visitor.get("/sign-in", base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_looking_changes_nothing(shared_stage: Stage) -> None:
    app = shared_stage.app()
    visitor = Visitor(app).sign_in(shared_stage.usernames["frontline_officer"])
    reader = shared_stage.reader("frontline_officer")
    case_id = shared_stage.cases[-1]
    before = show_case(shared_stage.service, reader, case_id)

    for _rule, address in addresses(app, case_id):
        visitor.get(address)

    assert show_case(shared_stage.service, reader, case_id) == before


def test_no_page_loads_anything_from_elsewhere_nor_shows_another_governments_marks(shared_stage: Stage) -> None:
    app = shared_stage.app()
    visitor = Visitor(app).sign_in(shared_stage.usernames["frontline_officer"])

    for rule, address in addresses(app, shared_stage.cases[-1]):
        page = visitor.get(address)
        if page.mimetype != "text/html":
            continue
        for found in re.findall(r'(?:src|href|action)="([^"]*)"', page.text):
            assert re.match(r"[#?]|/(?!/)", found), (rule.rule, found)
        assert not re.search(r"GDS Transport|crest|crown|gov\.uk", page.text, re.IGNORECASE), rule.rule


def test_no_page_holds_script_or_style_of_its_own(shared_stage: Stage) -> None:
    app = shared_stage.app()
    visitor = Visitor(app).sign_in(shared_stage.usernames["case_supervisor"])

    for rule, address in addresses(app, shared_stage.cases[4]):
        page = visitor.get(address)
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        outline = Outline()
        outline.feed(page.text)
        assert not [tag for tag in outline.tags if tag.startswith("!") or tag in ("style", "iframe", "object")], (
            rule.rule
        )
        assert outline.scripts == 1, rule.rule


def test_names_stand_on_pages_as_they_were_written(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])

    hostile = visitor.get(f"/case/{shared_stage.cases[4]}")
    for page in (hostile, visitor.get(f"/case/{shared_stage.cases[4]}/answers")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page.text
        assert " 49 " not in page.text


def test_names_never_stand_in_addresses(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])

    for path in ("/", "/cases", f"/case/{shared_stage.cases[2]}"):
        for found in re.findall(r'href="([^"]*)"', visitor.get(path).text):
            assert "wilhelmina" not in found.casefold()


def test_lists_show_initials_and_no_names(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])

    for path in ("/", "/cases", "/work/print"):
        assert "Wilhelmina" not in visitor.get(path).text


def test_the_first_view_is_small_enough_for_a_poor_line(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])
    squeezed = {"Accept-Encoding": "gzip"}

    page = visitor.get("/", headers=squeezed)
    total = len(page.data)
    names = re.findall(r'(?:src|href)="(/static/[^"]*)"', visitor.get("/").text)
    for address in names:
        total += len(visitor.get(address, headers=squeezed).data)
    later = [len(visitor.get(f"/case/{c}", headers=squeezed).data) for c in shared_stage.cases]

    assert total < 60_000
    assert max(later) < 20_000


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_only_known_methods_are_answered(shared_stage: Stage, method: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["frontline_officer"])

    for path in ("/", "/cases", "/help"):
        assert visitor.client.open(path, method=method).status_code in (400, 405)
