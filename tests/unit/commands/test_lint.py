"""``sop lint`` and its neighbours as they are typed: what is printed and which status is returned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sop_engine.cli import main
from tests.unit.definition.small_set import LOAN_FILE, SMALL_SET, changed


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small set as files, and the place where the command looks."""
    workflows = tmp_path / "work flows"
    _write(workflows, dict(SMALL_SET))
    monkeypatch.setenv("SOP_WORKFLOWS", str(workflows))
    return workflows


def test_a_good_set_is_told_in_one_line_and_its_doubts_in_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["lint", "--all"])

    told = capsys.readouterr().out.splitlines()
    assert status == 0
    assert told[0] == "8 files: 0 errors, 0 warnings."
    assert "2 unconfirmed" in told[1]


def test_marks_lists_where_an_unconfirmed_source_is_cited(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "--all", "--marks"])

    assert f"{LOAN_FILE}:9:3: LIB 2(a); (b) (unconfirmed)" in capsys.readouterr().out


def test_a_fault_gives_status_one_and_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, changed("kind: wait", "kind: waiting"))

    assert main(["lint", "--all"]) == 1
    assert f'{LOAN_FILE}:32:29: found "waiting"' in capsys.readouterr().out


def test_only_the_files_asked_about_are_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, changed("kind: wait", "kind: waiting"))

    assert main(["lint", str(folder / "harmonised" / "common")]) == 0
    assert main(["lint", str(folder / LOAN_FILE)]) == 1
    assert main(["lint", "harmonised/loan"]) == 1
    capsys.readouterr()


def test_a_warning_is_an_error_where_that_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, changed("length: 30 days", "length: 90 days"))

    assert main(["lint", "--all"]) == 0
    assert main(["lint", "--all", "--strict"]) == 1
    assert "warning: found 90 days" in capsys.readouterr().out


def test_json_holds_the_same_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, changed("kind: wait", "kind: waiting"))

    status = main(["lint", "--all", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert told["findings"][0]["span"] == {"file": LOAN_FILE, "line": 32, "column": 29}
    assert told["findings"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lint"], "--all"),
        (["lint", "nowhere.yaml"], "nowhere.yaml"),
        (["lint", "/"], "is no file or folder of"),
    ],
)
def test_a_wrong_call_gives_status_two(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["lnt"], ["lint", "--al"], ["coverage"]])
def test_an_unknown_command_or_option_gives_status_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert left.value.code == 2
    assert "usage: sop" in capsys.readouterr().err


def test_a_folder_that_is_not_there_gives_status_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_WORKFLOWS", str(tmp_path / "nowhere"))

    assert main(["lint", "--all"]) == 2
    assert "SOP_WORKFLOWS" in capsys.readouterr().err


def test_a_folder_of_yaml_without_a_procedure_file_is_mentioned(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(folder, {"harmonised/draft/idea.yaml": "a: 1\n"})

    main(["lint", "--all"])

    assert "harmonised/draft/procedure.yaml:1:1: warning: found no procedure.yaml" in capsys.readouterr().out


def test_coverage_writes_the_page_and_says_what_is_missing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "coverage.md"

    assert main(["coverage", "--out", str(page)]) == 0
    assert "| timer | T01 |" in page.read_text(encoding="utf-8")

    _write(folder, changed("timers: [T01]", "timers: [T09]", file="harmonised/loan/rows.yaml"))
    assert main(["coverage", "--out", str(page)]) == 1
    assert "nothing carries the row T09" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_gives_status_two(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "--out", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_schema_is_written_for_editors(tmp_path: Path) -> None:
    out = tmp_path / "schema.json"

    assert main(["schema", "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["title"]
