"""Packs at the command line: what a trainer sees of a typo, of a path that cannot be played, of a missing text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_engine.cli import main
from tests.instruments.sandbox import WORKFLOWS

M14 = "m14_transit_passenger"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real procedures, and one pack that a test may break."""
    root = tmp_path / "workflows"
    root.mkdir()
    (root / "harmonised").symlink_to(WORKFLOWS / "harmonised")
    training = root / "training"
    training.mkdir()
    for file in (WORKFLOWS / "training").glob(f"{M14}*.yaml"):
        shutil.copy(file, training)
    monkeypatch.setenv("SOP_WORKFLOWS", str(root))
    return training


@pytest.fixture
def lint(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Change one text of the pack, lint it, and return the status and what was printed."""

    def run(before: str = "", after: str = "", *, file: str = f"{M14}.yaml") -> tuple[int, str]:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        status = main(["lint", str(folder)])
        return status, capsys.readouterr().out

    return run


def test_a_sound_pack_passes(lint: Callable[..., tuple[int, str]]) -> None:
    assert lint()[0] == 0


def test_a_typo_is_refused_with_line_and_hint(lint: Callable[..., tuple[int, str]]) -> None:
    status, told = lint("level: basic", "levle: basic")

    assert status == 1
    assert f"training/{M14}.yaml:4:1" in told
    assert 'did you mean "level"' in told


def test_a_path_that_cannot_be_played_is_refused_with_the_step_and_the_words_of_the_engine(
    lint: Callable[..., tuple[int, str]],
) -> None:
    status, told = lint("{by: ana, does: screening.start}", "{by: ana, does: screening.record_answers}")

    assert status == 1
    assert "found a path that cannot be played so: refused: Protection-sensitive screening is at “Arrived”" in told


def test_a_fact_that_no_question_can_reveal_is_refused(lint: Callable[..., tuple[int, str]]) -> None:
    status, told = lint("after: [kitchen_duty]", "after: [brother_taken]")

    assert status == 1
    assert 'the fact "deserted_at_night", which no question can bring out' in told
    assert "write a question of the topic army" in told


def test_a_text_that_is_not_translated_is_named(lint: Callable[..., tuple[int, str]]) -> None:
    status, told = lint("  title: El pasajero en tránsito\n", "", file=f"{M14}.es.yaml")

    assert status == 1
    assert 'found no "title"' in told
    assert f"{M14}.es.yaml" in told


def test_a_new_scenario_can_be_linted_at_once_and_warns_of_what_is_to_be_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-scenario", "m30_the_teacher", "--from-example", "M01 The radio presenter, screening"]) == 0
    capsys.readouterr()

    status = main(["lint", str(folder / "m30_the_teacher.yaml"), "--json"])

    found = json.loads(capsys.readouterr().out)["findings"]
    assert status == 0
    assert found
    assert {one["severity"] for one in found} == {"warning"}


def test_a_scenario_is_never_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / f"{M14}.yaml").read_bytes()

    status = main(["new-scenario", M14])

    assert status == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / f"{M14}.yaml").read_bytes() == before


def test_rehearsing_tells_which_mistakes_are_caught(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["rehearse", str(folder), "--json"])

    (found,) = json.loads(capsys.readouterr().out)["packs"]
    assert status == 0
    assert found["difference"] is None
    assert all(one["is_caught"] for one in found["mistakes"])
