"""The region side by side: the matrix, the comparison and the readiness of a State, for a policy officer."""

from __future__ import annotations

import pytest

from sop_engine.definition.load import load_set, profiles
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.open_case import open_case
from sop_engine.service.service import Region
from sop_engine.service.take_step import answer_step, take_transition
from tests.instruments.stage import ROOT, Stage
from tests.instruments.visitor import Visitor

WORKFLOWS = ROOT / "workflows"


@pytest.fixture
def policy_officer(stage: Stage) -> Visitor:
    """A policy officer, where all States are known."""
    stage.service.region = Region(profiles(WORKFLOWS), lambda code: load_set(WORKFLOWS, code))
    return Visitor(stage.app()).sign_in(stage.usernames["policy_officer"])


def test_a_policy_officer_finds_the_region_among_the_main_pages(policy_officer: Visitor) -> None:
    page = policy_officer.get("/region").get_data(as_text=True)

    assert '<a class="app-navigation__link"' in page or "/region" in page
    assert "The region side by side" in page
    assert "Window to apply" in page


def test_what_nobody_knows_says_what_holds_meanwhile(policy_officer: Visitor) -> None:
    page = policy_officer.get("/region?group=Remedies").get_data(as_text=True)

    assert "Unknown counts as automatic: removal is blocked" in page
    assert "not known" in page


def test_two_states_are_compared_with_sources_and_lines(policy_officer: Visitor) -> None:
    page = policy_officer.get("/region/compare?this=CYM&that=harmonised").get_data(as_text=True)

    assert "Weakened" in page
    assert "14 days" in page
    assert "cym/appeal.overlay.yaml" in page
    assert "deviation" in page


def test_the_readiness_of_a_state_ends_in_what_to_do(policy_officer: Visitor) -> None:
    page = policy_officer.get("/region/JAM").get_data(as_text=True)

    assert "What to do" in page
    assert "Train every officer" in page
    assert "The appeal goes to the Minister" in page


def test_the_matrix_is_a_table_and_a_paper(policy_officer: Visitor) -> None:
    table, paper = policy_officer.get("/region/matrix.csv"), policy_officer.get("/region/matrix.pdf")

    assert table.get_data(as_text=True).startswith("group,parameter,state,value,mark,source")
    assert paper.get_data()[:5] == b"%PDF-"


@pytest.mark.parametrize("path", ["/region/XXX", "/region/compare?this=XXX", "/region/harmonised"])
def test_a_state_that_nobody_described_is_not_found(policy_officer: Visitor, path: str) -> None:
    assert policy_officer.get(path).status_code == 404


def test_a_deviation_stands_on_every_page_and_paper_of_a_case_it_touches(stage: Stage) -> None:
    stage.service.current = load_set(WORKFLOWS, "BLZ")
    stage.service.region = Region(profiles(WORKFLOWS), lambda code: load_set(WORKFLOWS, code))
    visitor = Visitor(stage.app()).sign_in(stage.usernames["policy_officer"])

    page = visitor.get("/procedures/registration").get_data(as_text=True)

    assert "This country deviates from the harmonised procedure" in page
    assert "within 14 days of entry" in page


def test_what_a_profile_leaves_open_is_decided_on_the_page_of_the_step(stage: Stage) -> None:
    stage.service.current = load_set(WORKFLOWS, "ATG")
    adopt_current(stage.service)
    officer = stage.reader("registration_officer")
    case = open_case(stage.service, officer, machine="registration", form_token=stage.service.ids()).case_id
    visitor = Visitor(stage.app()).sign_in(stage.usernames["registration_officer"])
    walked = take_transition(
        stage.service, officer, case, proceeding="registration-1", transition="walk_in", seq=None,
        form_token=stage.service.ids(),
    )  # fmt: skip

    before = visitor.get(f"/case/{case}").get_data(as_text=True)
    asked = [visitor.get(f"/case/{case}/registration-1/step/information?page={n}").text for n in range(1, 9)]
    answer_step(
        stage.service, officer, case, proceeding="registration-1", step="information", seq=walked.seq,
        form_token=stage.service.ids(),
        answers={
            "info_given": ["procedure", "rights", "duties", "appeal", "confidentiality", "legal_aid", "complaints",
                           "address_change"],
            "language": "es", "understood": "yes", "sheet_given": "yes", "local_work_pending": "Nobody stops the work",
            "local_work_pending_ground": "Labour officer on the phone",
        },
    )  # fmt: skip
    after = visitor.get(f"/case/{case}").get_data(as_text=True)

    assert "Not known in this country" in before
    assert "To be decided in the step" in before
    assert any("Work while the claim is open: what holds in this case?" in page for page in asked)
    assert any("The profile of Antigua and Barbuda does not say" in page for page in asked)
    assert "Nobody stops the work" in after
    assert "Labour officer on the phone" in after
