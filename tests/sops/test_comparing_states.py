"""States beside one another: differences with their sources, the matrix, the readiness, the handbook."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sop_engine.cli import main
from sop_engine.definition.load import load_set, profiles
from sop_engine.definition.model import Definition
from sop_engine.records.content import Diagram, Heading, Law, Notice, Table
from sop_engine.records.handbook import HandbookInput, handbook
from sop_engine.service.compare import compare, matrix, matrix_csv
from sop_engine.service.errors import NotFound
from sop_engine.service.print_sop import comparison_paper
from sop_engine.service.readiness import readiness
from sop_engine.service.service import Region

ROOT = Path(__file__).parents[2] / "workflows"


@pytest.fixture(scope="module")
def region() -> Region:
    return Region(profiles(ROOT), lambda code: load_set(ROOT, code))


def of(code: str) -> Definition:
    return load_set(ROOT, code)


def test_a_set_does_not_differ_from_itself(region: Region) -> None:
    assert compare(region, "BLZ", "BLZ").count == 0
    assert compare(region, "harmonised").count == 0


def test_what_a_country_changed_is_told_with_its_source_and_its_line(region: Region) -> None:
    by_kind = dict(compare(region, "CYM").by_kind)

    window = next(one for one in by_kind["weakened"] if one.place == "appeal.deadlines.appeal_window")
    assert (window.before, window.after, window.deviation) == ("30 days", "14 days", "fourteen_days_to_appeal")
    assert [str(source) for source in window.source] == ["KY3 whole"]
    assert window.at.startswith("cym/appeal.overlay.yaml:")
    shape = next(one for one in by_kind["tightened"] if one.place == "decision.transitions.endorse_to_decider")
    assert shape.relation == "stricter"
    assert not by_kind["removed"]


def test_no_country_weakens_anything_but_within_a_range_or_by_a_named_deviation(region: Region) -> None:
    for code in region.states:
        weakened = dict(compare(region, code).by_kind)["weakened"]
        assert all(one.deviation or ".deadlines." in one.place for one in weakened), (code, weakened)


def test_tightened_one_way_is_weakened_the_other_way(region: Region) -> None:
    there = dict(compare(region, "BLZ", "harmonised").by_kind)
    back = dict(compare(region, "harmonised", "BLZ").by_kind)

    tightened = {one.place for one in there["tightened"]}
    assert tightened
    assert tightened <= {one.place for one in back["weakened"]}


def test_the_matrix_has_a_cell_for_every_state_and_parameter(region: Region) -> None:
    found = matrix(region)

    rows = [row for _, several in found.groups for row in several]
    assert [title for title, _ in found.groups] == ["Time limits", "Bodies", "Remedies", "Detention", "Documents"]
    assert all(len(row.cells) == len(region.states) for row in rows)
    lines = list(csv.DictReader(io.StringIO(matrix_csv(found))))
    assert len(lines) == len(rows) * len(region.states)
    assert all(line["source"] for line in lines if line["mark"] not in ("", "?"))
    assert {code for code, *_ in found.deviations} == {"BHS", "BLZ", "CYM", "DOM", "JAM"}


def test_the_checklist_is_computed_where_the_profile_can_tell_and_answered_where_not() -> None:
    found = readiness(of("BLZ"))

    parts = {part.name: part for part in found.parts}
    assert len(parts) == 9
    assert parts["law"].answer == "yes"
    assert parts["decision_body"].answer == "partly"  # the quorum was not found
    assert not parts["training"].is_computed
    assert readiness(of("HTI")).gaps[0].answer == "no"
    assert {part.name for part in readiness(of("HTI")).gaps} >= {"law", "training"}


def test_the_harmonised_set_is_no_state() -> None:
    with pytest.raises(NotFound):
        readiness(load_set(ROOT))


def test_a_handbook_holds_everything_a_ministry_signs() -> None:
    given = HandbookInput(definition=of("CYM"), verdicts={"P44": "proved"}, machines=("appeal",))

    paper = handbook(given)

    assert paper.title == "Standard operating procedures of Cayman Islands"
    headings = [part.words for part in paper.parts if isinstance(part, Heading)]
    for wanted in ("Roles", "States", "Steps", "Acts", "Time limits", "Safeguards", "Law register", "Adoption"):
        assert wanted in headings
    assert sum(isinstance(part, Diagram) for part in paper.parts) == 1
    assert sum(isinstance(part, Notice) and part.kind == "deviation" for part in paper.parts) == 4
    cells = [text.words for part in paper.parts if isinstance(part, Table) for row in part.rows for text in row]
    assert "proved" in cells
    law = next(part for part in paper.parts if isinstance(part, Law))
    assert any(entry.provision == "KY3 whole" for entry in law.entries)


def test_the_command_prints_differences_for_people_and_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "BLZ", "harmonised", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["differences"]["weakened"][0]["deviation"] == "fourteen_days"

    assert main(["diff", "BLZ", "JAM"]) == 0
    assert "Values of the two profiles that differ" in capsys.readouterr().out
    assert main(["diff", "BLX"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_conditions_are_told_in_sentences_beside_their_text(region: Region) -> None:
    by_kind = dict(compare(region, "CYM").by_kind)

    shape = next(one for one in by_kind["tightened"] if one.place == "decision.transitions.endorse_to_decider")

    assert "decision.endorsement.decision_model is single_decider" in shape.after
    assert "“Who decides under the profile of this State?”" in shape.after_says
    assert "decision_model" not in shape.after_says
    assert "decision_model" not in shape.before_says


def test_a_comparison_is_printed_with_every_difference(region: Region, tmp_path: Path) -> None:
    found = compare(region, "JAM")
    printed = comparison_paper(found)
    tables = [part for part in printed.parts if isinstance(part, Table)]

    assert sum(len(table.rows) for table in tables) == found.count + len(found.values)
    assert main(["diff", "JAM", "CYM", "--out", str(tmp_path / "diff.pdf")]) == 0
    assert (tmp_path / "diff.pdf").read_bytes()[:5] == b"%PDF-"
    assert main(["diff", "JAM", "--out", str(tmp_path)]) == 2
