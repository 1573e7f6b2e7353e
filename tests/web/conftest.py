"""The pages over a stage of invented people and cases: built once, copied for each test that changes something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_engine.definition.model import Definition
from tests.instruments.stage import Stage, build_stage, open_stage
from tests.instruments.visitor import Visitor


@pytest.fixture(scope="session")
def stage_template(tmp_path_factory: pytest.TempPathFactory, definition: Definition) -> Path:
    """A folder with a stage in it, to be copied."""
    folder = tmp_path_factory.mktemp("stage")
    build_stage(folder, definition)
    return folder


@pytest.fixture
def stage(stage_template: Path, tmp_path: Path, definition: Definition) -> Iterator[Stage]:
    """A stage of one's own."""
    folder = tmp_path / "stage"
    shutil.copytree(stage_template, folder)
    found = open_stage(folder, definition)
    yield found
    found.close()


@pytest.fixture(scope="module")
def shared_stage(
    stage_template: Path, tmp_path_factory: pytest.TempPathFactory, definition: Definition
) -> Iterator[Stage]:
    """A stage for tests that only look."""
    folder = tmp_path_factory.mktemp("shared") / "stage"
    shutil.copytree(stage_template, folder)
    found = open_stage(folder, definition)
    yield found
    found.close()


@pytest.fixture
def officer(stage: Stage) -> Visitor:
    """A front-line officer, signed in."""
    return Visitor(stage.app()).sign_in(stage.usernames["frontline_officer"])
