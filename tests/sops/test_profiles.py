"""The thirteen national profiles: every value with its source and mark, the shapes, the deviations, the calendars."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sop_engine.definition.load import load_profile, load_set, profiles
from sop_engine.definition.model import Definition
from sop_engine.definition.national import NationalProfile
from sop_engine.definition.parameters import REQUIRED
from sop_engine.guards.written import to_text

ROOT = Path(__file__).parents[2] / "workflows"
STATES = ("ATG", "BHS", "BLZ", "BRB", "CUB", "CUW", "CYM", "DOM", "GUY", "HTI", "JAM", "SUR", "TTO")


@cache
def of(state: str) -> Definition:
    return load_set(ROOT, state)


def profile(state: str) -> NationalProfile:
    found = of(state).national
    assert found is not None
    return found


def test_every_state_of_the_region_with_public_facts_has_a_profile() -> None:
    assert profiles(ROOT) == STATES


@pytest.mark.parametrize("state", STATES)
def test_every_value_has_its_source_and_mark(state: str) -> None:
    for parts in profile(state).values.values():
        for value in parts:
            if value.is_set:
                assert value.source, value
                assert value.mark in ("V", "V-old", "V-weak", "D", "G"), value
            else:
                assert value.mark == "?", value


@pytest.mark.parametrize("state", STATES)
def test_every_profile_says_what_every_profile_must_say(state: str) -> None:
    for name in REQUIRED:
        assert profile(state).values[name], name


@pytest.mark.parametrize("state", STATES)
def test_every_change_names_a_source_and_a_day_and_stands_in_the_folder_of_the_state(state: str) -> None:
    for change in profile(state).changes:
        assert change.source, change
        assert change.holds_from, change
        assert change.span.file.startswith(f"{state.lower()}/"), change


@pytest.mark.parametrize("state", STATES)
def test_no_country_loses_a_safeguard_or_touches_who_may_leave(state: str) -> None:
    harmonised, national = load_set(ROOT), of(state)

    for name, machine in harmonised.machines.items():
        assert set(machine.safeguards) <= set(national.machines[name].safeguards)
        changed = {
            safeguard.name
            for safeguard in machine.safeguards.values()
            if safeguard != national.machines[name].safeguards[safeguard.name]
        }
        deviating = {c.rule for c in profile(state).changes if c.deviation}
        assert not changed or deviating, changed
    for fact in ("removal_blocked", "protection_bar", "claim_ended"):
        assert harmonised.shared[fact] == national.shared[fact]


@pytest.mark.parametrize(
    ("state", "shape"),
    [
        ("CYM", "single_decider"),
        ("BLZ", "committee_recommends"),
        ("JAM", "committee_recommends"),
        ("CUW", "committee_recommends"),
        ("DOM", "commission_decides"),
        ("BHS", "two_key"),
    ],
)
def test_the_four_decision_shapes_are_asked_of_whoever_endorses(state: str, shape: str) -> None:
    acts = of(state).machines["decision"].transitions

    for act in ("endorse_to_committee", "endorse_to_decider"):
        assert to_text(acts[act].requires).endswith(f"decision.endorsement.decision_model is {shape}")


@pytest.mark.parametrize(
    ("state", "deviation", "touched"),
    [
        ("CYM", "clearly_unfounded", "appeal"),
        ("JAM", "appeal_to_the_minister", "decision"),
        ("BLZ", "fourteen_days", "interview"),
        ("DOM", "fifteen_days", "registration"),
    ],
)
def test_named_deviations_load_as_such_and_say_where_they_are_shown(state: str, deviation: str, touched: str) -> None:
    found = {one.name: one for one in of(state).deviations}

    assert touched in found[deviation].touches
    assert found[deviation].law
    assert found[deviation].expires > found[deviation].holds_from


def test_fourteen_days_to_appeal_is_a_deviation_and_never_a_plain_change() -> None:
    cayman = of("CYM")

    assert str(cayman.machines["appeal"].deadlines["appeal_window"].length) == "14 days"
    assert str(cayman.machines["appeal"].safeguards["at_least_thirty_days"].length) == "14 days"
    (change,) = profile("CYM").changed_by("appeal.deadlines.appeal_window")
    assert change.deviation == "fourteen_days_to_appeal"


@pytest.mark.parametrize("state", STATES)
def test_working_days_follow_the_public_holidays_of_the_country(state: str) -> None:
    calendar = of(state).calendar

    assert calendar.holidays
    assert any(day.year == 2026 for day in calendar.holidays)
    assert calendar.time_zone.startswith("America/")


def test_an_unknown_effect_of_an_appeal_is_asked_and_counts_as_automatic() -> None:
    hint = of("CYM").machines["appeal"].steps["file_transfer"].questions["suspensive"].hint

    assert "The profile of Cayman Islands does not say" in hint
    assert "Unknown counts as automatic: removal is blocked" in hint


def test_authority_moved_in_time() -> None:
    trinidad = profile("TTO")

    assert [part.until for part in trinidad.values["receives_claims"]] == ["2023-03-31", "2025-08-31", ""]
    found = trinidad.value("receives_claims")
    assert found is not None
    assert "Panama" in found.words


@pytest.mark.parametrize("state", STATES)
def test_a_profile_read_alone_says_what_the_whole_set_says(state: str) -> None:
    alone, whole = load_profile(ROOT, state), of(state)

    assert alone.national is not None
    assert alone.national.values == profile(state).values
    assert alone.national.changes == profile(state).changes
    assert alone.deviations == whole.deviations
    assert alone.machines == load_set(ROOT).machines
