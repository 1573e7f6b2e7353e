"""Whole stories through the pages, from the worked examples that lawyers read: each act by the hands of who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sop_engine.definition.model import Definition
from sop_engine.service.worked_examples import Example, Examples, example_files, read_examples
from tests.instruments.browser import served
from tests.instruments.journey import Journey
from tests.instruments.stage import ROOT, build_stage, open_stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def examples() -> Examples:
    root = ROOT / "workflows"
    return read_examples(example_files([root]), root=root)


@pytest.fixture
def journey(browser: Browser, tmp_path: Path, definition: Definition, examples: Examples) -> Iterator[Journey]:
    """A journey on a stage of its own, with nothing on it."""
    build_stage(tmp_path, definition, walked=(), played=())
    stage = open_stage(tmp_path, definition)
    with served(stage.app()) as address:
        found = Journey(browser, address, stage, examples)
        yield found
        found.close()
    stage.close()


@pytest.fixture
def story(examples: Examples) -> Callable[[str], Example]:
    """Find an example by its name."""

    def _story(name: str) -> Example:
        return next(e for e in examples.examples if e.name == name)

    return _story


Story = Callable[[str], Example]


def test_the_radio_presenter_is_recognised(journey: Journey, story: Story) -> None:
    journey.play(story("M01 The radio presenter"))

    assert journey.acts > 60
    papers = journey.papers("case_officer")
    assert any("Decision" in title for title, _text in papers)
    assert all(text for _title, text in papers)


def test_a_refusal_is_appealed_heard_and_dismissed(journey: Journey, story: Story) -> None:
    name = "M19 Better pay, refused and dismissed on appeal"

    journey.play(story(name), by_service=frozenset({"refused_at_first_instance"}))

    assert journey.acts > 15


def test_a_missed_review_of_detention_leads_to_release(journey: Journey, story: Story) -> None:
    journey.play(story("Detention, a missed review and release by the system"))

    assert journey.acts > 15


def test_an_alternative_to_detention_is_reviewed_and_ends(journey: Journey, story: Story) -> None:
    journey.play(story("An alternative to detention and a missed appointment"))

    assert journey.acts > 10


def test_nobody_is_put_on_a_flight_while_an_appeal_is_open(journey: Journey, story: Story) -> None:
    name = "Blocked while an appeal is open"

    journey.play(story(name), by_service=frozenset({"refused_at_first_instance", "appeal_dismissed"}))

    assert journey.acts > 3
