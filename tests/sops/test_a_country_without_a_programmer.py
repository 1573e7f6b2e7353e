"""Libraria: an invented State, written from one page of prose with docs/write-a-profile.md, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sop_engine.cli import main

ROOT = Path(__file__).parents[2]
LIBRARIA = Path(__file__).parent / "libraria"


@pytest.fixture
def workflows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The harmonised procedures, and Libraria's folder beside them."""
    folder = tmp_path / "workflows"
    shutil.copytree(ROOT / "workflows" / "harmonised", folder / "harmonised")
    shutil.copytree(LIBRARIA, folder / "xlb")
    monkeypatch.setenv("SOP_WORKFLOWS", str(folder))
    return folder


def test_libraria_is_linted_without_an_error(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(workflows / "xlb")]) == 0

    told = capsys.readouterr().out
    assert "0 errors" in told
    assert "Profiles read: XLB." in told


def test_libraria_is_compared_with_the_harmonised_text(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "XLB", "harmonised", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)["differences"]
    tightened = {(one["place"], one["what"]): one for one in found["tightened"]}
    assert tightened[("decision.panels.eligibility_committee", "quorum")]["after"] == "5"
    assert tightened[("decision.transitions.write_reasons", "condition")]["relation"] == "stricter"
    assert {one["deviation"] for one in found["weakened"]} - {None} == {
        "ten_days_to_appeal",
        "decided_in_twenty_one_days",
    }
    assert {one["place"] for one in found["added"]} >= {"decision.steps.monitor", "decision.facts.monitor_told"}
    assert all(one["source"] for kind in found.values() for one in kind if "xlb/" in one["at"])


def test_libraria_is_printed_as_a_manual(workflows: Path, tmp_path: Path) -> None:
    out = tmp_path / "libraria.pdf"

    assert main(["handbook", "--profile", "XLB", "--out", str(out)]) == 0

    assert out.read_bytes()[:5] == b"%PDF-"


def test_libraria_knows_what_it_lacks(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readiness", "XLB", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    answers = {part["name"]: part["answer"] for part in found["parts"]}
    assert answers["law"] == "yes"
    assert answers["decision_body"] == "yes"
    assert answers["training"] == "partly"
    assert "alternatives" in found["gaps"]


def test_worked_examples_run_under_libraria(workflows: Path) -> None:
    examples = workflows / "harmonised" / "screening" / "examples.yaml"

    assert main(["rehearse", str(examples), "--profile", "XLB", "--quiet"]) == 0


def test_a_new_profile_can_be_linted_at_once(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-profile", "XLC", "--title", "Novelia"]) == 0
    assert main(["lint", str(workflows / "xlc")]) == 0
    assert "0 errors" in capsys.readouterr().out

    assert main(["new-profile", "XLC"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["new-profile", "BLX"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_mistake_in_an_overlay_is_reported_with_its_line(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workflows / "xlb" / "appeal.overlay.yaml"
    file.write_text(file.read_text().replace("panels.appeal_panel,", "panels.apeal_panel,"))

    assert main(["lint", str(workflows / "xlb")]) == 1

    told = capsys.readouterr().out
    assert told.startswith("xlb/appeal.overlay.yaml:5:20: ")
    assert 'did you mean "appeal_panel"?' in told


def test_libraria_is_proved_where_it_deviates(workflows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--profile", "XLB", "--property", "P48"]) == 0

    told = capsys.readouterr().out
    assert "PROVED               appeal.at_least_thirty_days (P48)" in told
    assert "VIOLATED" not in told
