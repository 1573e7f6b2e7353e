"""Every link on a page leads somewhere that its reader may go."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor

MOST = 150


@pytest.mark.parametrize(
    "role",
    [
        "frontline_officer",
        "case_supervisor",
        "case_officer",
        "removal_authority",
        "committee_chair",
        "detention_authority",
        "appeal_registrar",
        "administrator",
    ],
)
def test_no_link_leads_nowhere(shared_stage: Stage, role: str) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames[role])
    waiting = ["/", *(f"/case/{case}" for case in (*shared_stage.played.values(), shared_stage.cases[-1]))]
    seen: set[str] = set()

    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{32}", "*", address)
        if (
            address in seen
            or (shape in seen and shape.count("/") > 3)
            or address.endswith(".pdf")
            or ".pdf?" in address
        ):
            continue
        seen |= {address, shape}
        answer = visitor.get(address)
        if len(seen) < 20 and answer.status_code == 404 and "/case/" in address:
            continue  # A case that this role may not open: the list of stories holds more than it may see.

        assert answer.status_code in (200, 303), (address, answer.status_code)

        found = re.findall(r'href="([^"#]*)', answer.text) if answer.mimetype == "text/html" else []
        waiting += [unescape(link) for link in found if link.startswith("/") and not link.startswith("/static")]


def test_a_departure_is_asked_from_the_page_of_the_case(shared_stage: Stage) -> None:
    visitor = Visitor(shared_stage.app()).sign_in(shared_stage.usernames["removal_authority"])

    page = visitor.get(f"/case/{shared_stage.played['M01 The radio presenter']}")

    links = re.findall(r'href="(/case/[0-9a-f]{32}/new%20departure/do/[a-z_]+)"', page.text)
    assert links
    assert all(visitor.get(link).status_code in (200, 303) for link in links)
