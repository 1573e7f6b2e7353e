"""Quality assurance on screen: a cycle is planned, the system draws, the lead fixes, and no case is touched."""

from __future__ import annotations

import json

import pytest

from sop_engine.cli import main
from sop_engine.service.errors import NotFound
from sop_engine.service.quality_sample import cycles, draw_sample
from sop_engine.service.take_step import answer_step, take_transition
from sop_engine.store import access_log, cases
from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor

PLAN = {
    "cycle_id": "2026-1",
    "period": "First quarter",
    "themes": ["interview"],
    "strata": ["all_exclusion", "all_uasc", "all_detention_over_14", "rest", "positive", "negative"],
    "sample_size": 10,
    "reviewers": [{"name": "Ravi Invented", "organisation": "peer_state"}],
    "no_outcome_target": "yes",
}


@pytest.fixture
def lead(stage: Stage) -> Visitor:
    return Visitor(stage.app()).sign_in(stage.usernames["qa_lead"])


def test_the_same_seed_draws_the_same_files_and_writes_to_none(stage: Stage) -> None:
    reader = stage.reader("qa_lead")
    with stage.service.store.reading() as conn:
        before = {c: cases.find_head(conn, c) for c in cases.all_ids(conn)}

    first = draw_sample(stage.service, reader, seed="a seed to repeat")
    again = draw_sample(stage.service, reader, seed="a seed to repeat")

    assert first == again
    assert {one.file.case_id for one in first.sample.drawn} >= {stage.played["M01 The radio presenter"]}
    with stage.service.store.reading() as conn:
        assert {c: cases.find_head(conn, c) for c in cases.all_ids(conn)} == before
        looks = access_log.accesses_to(conn, stage.played["M01 The radio presenter"])
    assert [look.what for look in looks if look.account == reader.user] == ["quality sample"] * 2


@pytest.mark.parametrize("role", ["case_officer", "case_supervisor", "qa_reviewer", "administrator"])
def test_nobody_but_the_lead_draws_or_sees_the_cycles(stage: Stage, role: str) -> None:
    with pytest.raises(NotFound):
        draw_sample(stage.service, stage.reader(role), seed="a seed to repeat")
    assert Visitor(stage.app()).sign_in(stage.usernames[role]).get("/quality").status_code == 404


def test_a_cycle_is_planned_drawn_and_fixed_on_screen(stage: Stage, lead: Visitor) -> None:
    planned = lead.send("/quality", to="/quality/plan")
    case = planned.headers["Location"].rsplit("/", 1)[-1]
    svc, reader = stage.service, stage.reader("qa_lead")
    answer_step(
        svc, reader, case, proceeding="quality_cycle-1", step="planning", answers=PLAN, seq=None, form_token=svc.ids()
    )
    (cycle,) = cycles(svc, reader)

    page = lead.get("/quality").text
    drawn = lead.send("/quality", to=f"/quality/{case}/draw")
    check = lead.follow(drawn).text

    assert cycle.seed in page
    assert cycle.seed in check
    sample = draw_sample(svc, reader, seed=cycle.seed).sample
    assert all(one.pseudonym in check for one in sample.drawn)


def test_a_drawn_cycle_says_which_case_stands_behind_which_pseudonym(stage: Stage, lead: Visitor) -> None:
    svc, reader = stage.service, stage.reader("qa_lead")
    case = lead.send("/quality", to="/quality/plan").headers["Location"].rsplit("/", 1)[-1]
    answer_step(
        svc, reader, case, proceeding="quality_cycle-1", step="planning", answers=PLAN, seq=None, form_token=svc.ids()
    )
    (cycle,) = cycles(svc, reader)
    found = draw_sample(svc, reader, seed=cycle.seed)
    rows = [
        {"pseudonym": one.pseudonym, "layer": one.file.layer, "result": one.file.result} for one in found.sample.drawn
    ]
    more = [
        {"pseudonym": f"Q-other-{n}", "layer": "rest", "result": r} for n, r in enumerate(("positive", "negative") * 3)
    ]
    take_transition(
        svc, reader, case, proceeding="quality_cycle-1", transition="draw", seq=None, form_token=svc.ids(),
        answers={"random_seed": cycle.seed, "population_hash": found.sample.population_hash, "by_the_service": "yes",
                 "sample_ids": [*rows, *more]},
    )  # fmt: skip

    page = lead.get("/quality").text

    for one in found.sample.drawn:
        assert one.pseudonym in page
        assert found.numbers[one.file.case_id] in page
    assert "not within your reach" in page


def test_the_command_line_draws_the_sample_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sop_engine.commands.quality.existing_service", lambda: stage.service)

    assert main(["quality", "draw", "--seed", "a seed to repeat", "--office", "DEM", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    again = ["quality", "draw", "--seed", "a seed to repeat", "--office", "DEM", "--expect"]
    assert main([*again, told["population_hash"]]) == 0
    assert main([*again, "0" * 64]) == 1
    assert "not the one" in capsys.readouterr().out
    assert main(["quality", "draw", "--seed", "short", "--office", "DEM"]) == 2
    assert main(["quality", "draw", "--seed", "a seed to repeat"]) == 2
    assert {row["layer"] for row in told["sample"]} <= {"exclusion", "uasc", "detention", "rest"}
