"""The proof report on its page, and what an office sees when its procedures are not proved."""

from __future__ import annotations

import pytest

from sop_engine.definition.certificates import CHECKER_VERSION, Certificate, Verdict, properties_digest
from sop_engine.service.service import Proofs
from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor

STORY = ("1. An officer closes the door.", "2. <b>Now</b>: reception is detained.")


def certificate(stage: Stage, **broken: str) -> Certificate:
    every = [s.qualified for m in stage.service.current.machines.values() for s in m.safeguards.values()]
    return Certificate(
        of="harmonised",
        set_digest=stage.service.current.digest,
        properties_digest=properties_digest({}),
        checker=CHECKER_VERSION,
        verdicts=tuple(
            Verdict(
                of=name,
                verdict=broken.get(name.replace(".", "__"), "PROVED"),
                story=STORY if name.replace(".", "__") in broken else (),
                ends_in={"reception": "detained"} if name.replace(".", "__") in broken else {},
            )
            for name in every
        ),
    )


@pytest.fixture
def real(stage: Stage) -> Stage:
    stage.service.proofs = Proofs(needed=True)
    return stage


def test_the_page_tells_a_green_report_in_words(real: Stage) -> None:
    found = certificate(real)
    real.service.proofs = Proofs(needed=True, certificates=lambda: (found,))
    page = Visitor(real.app()).sign_in(real.usernames["policy_officer"]).get("/procedures/proofs")

    assert page.status_code == 200
    assert "Every safeguard of the procedures in force is proved" in page.text
    assert "No child, and nobody whose age is disputed, is detained" in page.text
    assert "No new case can be opened" not in page.text


def test_a_broken_safeguard_is_told_with_its_story_and_the_picture_of_where_it_ends(real: Stage) -> None:
    found = certificate(real, reception__no_child_detained="VIOLATED")
    real.service.proofs = Proofs(needed=True, certificates=lambda: (found,))
    page = Visitor(real.app()).sign_in(real.usernames["policy_officer"]).get("/procedures/proofs")

    assert "An officer closes the door." in page.text
    assert "<b>Now</b>" not in page.text
    assert "diagram-state--here" in page.text
    section = page.text[page.text.index('id="reception"') :]
    assert section.index("An officer closes the door.") < section.index("Proved")


def test_an_office_without_a_proof_says_so_on_every_page_and_opens_nothing(real: Stage) -> None:
    officer = Visitor(real.app()).sign_in(real.usernames["frontline_officer"])
    home = officer.get("/")

    assert "Not proved" in home.text
    assert "/procedures/proofs" in home.text
    assert "Open a case" not in home.text

    refused = officer.send("/open")

    assert refused.status_code == 409
    assert "No new case can be opened now" in refused.text


def test_a_demonstration_says_nothing_of_it(stage: Stage) -> None:
    officer = Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])

    assert "Not proved" not in officer.get("/").text
