"""Editions on screen: two people put a text in force, and each running case moves by an act that can be taken back."""

from __future__ import annotations

import pytest

from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from sop_engine.service import accounts
from sop_engine.service.service import Region
from sop_engine.service.show_case import show_case
from tests.instruments.stage import PASSWORD, QUICK, Stage
from tests.instruments.visitor import Visitor

PATH = "harmonised/screening/procedure.yaml"


@pytest.fixture(scope="module")
def other_words(definition: Definition) -> Definition:
    """The procedures with other words in one place."""
    text = definition.files[PATH]
    assert "title: Protection-sensitive screening" in text
    return load_texts({**definition.files, PATH: text.replace("title: Protection-sensitive", "title: Protective", 1)})


@pytest.fixture
def ana(stage: Stage, other_words: Definition) -> Visitor:
    stage.service.region = Region(("BLZ",), lambda _code: other_words)
    return Visitor(stage.app()).sign_in(stage.usernames["policy_officer"])


@pytest.fixture
def ben(stage: Stage) -> Visitor:
    accounts.add_account(
        stage.service, username="second-policy", person_name="Ben Ficticio", password_hash=QUICK.hash(PASSWORD),
        office=stage.office, roles=["policy_officer"], by="test",
    )  # fmt: skip
    return Visitor(stage.app()).sign_in("second-policy")


def drafted(ana: Visitor, **more: str) -> str:
    typed = {"state": "harmonised", "effective_on": "2026-03-02", "note": "Kinder words", **more}
    return ana.send("/editions", typed, to="/editions/draft").headers["Location"]


def test_one_drafts_and_another_releases(stage: Stage, ana: Visitor, ben: Visitor, other_words: Definition) -> None:
    place = drafted(ana)

    own = ana.get(place).text
    refused = ana.send("/editions", to=f"{place}/release")
    before = ben.get(place).text
    released = ben.send(place, to=f"{place}/release")

    assert "Another policy officer reads what it changes" in own
    assert refused.status_code == 422
    assert "ask a second policy officer" in refused.text
    assert "Protective screening" in before
    assert "Release this edition" in before
    assert released.status_code == 303
    assert stage.service.current.digest == other_words.digest
    assert "in force" in ana.get("/editions").text


@pytest.mark.parametrize(
    ("typed", "told"), [({"effective_on": "2026-03-01"}, "is over"), ({"effective_on": "soon"}, "is no day")]
)
def test_a_day_that_is_over_or_no_day_is_refused(ana: Visitor, typed: dict[str, str], told: str) -> None:
    answer = ana.send("/editions", {"state": "harmonised", **typed}, to="/editions/draft")

    assert answer.status_code == 422
    assert told in answer.text


def test_a_case_moves_by_an_act_of_its_own_and_back(stage: Stage, ana: Visitor, ben: Visitor) -> None:
    place, case = drafted(ana), stage.cases[0]
    early = ana.send("/editions", {"case": case, "reason": "New words hold."}, to=f"{place}/apply")
    ben.send(place, to=f"{place}/release")
    number = show_case(stage.service, stage.reader("frontline_officer"), case).identity.number

    planned = ana.get(place).text
    unreasoned = ana.send(place, {"case": case, "reason": ""}, to=f"{place}/apply")
    moved = ana.send(place, {"case": case, "reason": "New words hold."}, to=f"{place}/apply")
    after = ana.get("/editions").text
    back = ana.send("/editions", {"case": case, "reason": "Too early."}, to="/editions/take-back")

    assert early.status_code == 422
    assert "Only a released edition" in early.text
    assert number in planned
    assert "moves unchanged" in planned
    assert unreasoned.status_code == 422
    assert moved.status_code == 303
    assert number in after
    assert back.status_code == 303
    assert number not in ana.get("/editions").text


@pytest.mark.parametrize("role", ["case_officer", "administrator", "qa_lead"])
def test_editions_are_for_policy_officers(stage: Stage, role: str) -> None:
    visitor = Visitor(stage.app()).sign_in(stage.usernames[role])

    assert visitor.get("/editions").status_code == 404
    assert visitor.get(f"/editions/{'0' * 64}").status_code == 404


def test_with_very_many_cases_the_plan_is_made_when_asked_for(ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    place = drafted(ana)
    monkeypatch.setattr("webui.editions.MOST_PLANNED_UNASKED", 3)

    unasked, asked = ana.get(place).text, ana.get(f"{place}?plan=yes").text

    assert "Sort the running cases" in unasked
    assert "moves unchanged" not in unasked
    assert "moves unchanged" in asked
