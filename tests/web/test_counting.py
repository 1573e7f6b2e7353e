"""A cap is counted over the files themselves: what an officer records is never less than what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from sop_engine.service.import_paper_file import import_paper_file
from sop_engine.service.rehearse import play
from sop_engine.service.show_step import show_action
from sop_engine.service.worked_examples import example_files, read_examples
from tests.instruments.stage import ROOT, Stage

TRANSFER = "A regional transfer within the cap"
STATES = ("rrtm_moved", "rrtm_transit_stay", "rrtm_transit_stay", "rrtm_local_stay")


def moves(stage: Stage, count: int) -> None:
    """Bring in files of people who are on the way or in a transit State, and one whose move is over."""
    for number in range(count + count // 3):
        import_paper_file(
            stage.service, stage.reader("case_supervisor"), machine="regional_transfer", state=STATES[number % 4],
            key=None, reason="From the register on paper.", form_token=stage.service.ids(),
        )  # fmt: skip


def transfer(stage: Stage, *, up_to: str = "") -> tuple[str, str | None]:
    """Play the worked example, to its end or up to an act; return the case and what differed."""
    root = ROOT / "workflows"
    known = read_examples(example_files([root]), root=root)
    example = next(e for e in known.examples if e.name == TRANSFER)
    lines = list(example.lines)
    if up_to:
        lines = lines[: next(n for n, line in enumerate(lines) if line.values.get("does") == up_to)]
    readers = {
        "rob": stage.reader("registration_officer"),
        "sup": stage.reader("screening_supervisor"),
        "sol": stage.reader("solutions_officer"),
        "foc": stage.reader("sending_state_focal_point"),
    }
    found = play(
        stage.service, replace(example, lines=tuple(lines)), parts=known.parts, readers=readers,
        set_clock=stage.clock.set,
    )  # fmt: skip
    return found.case_id, found.difference


def test_fewer_than_the_files_count_is_refused(stage: Stage) -> None:
    moves(stage, 15)

    _, difference = transfer(stage)

    assert difference is not None
    assert "cap_counter: The files here count 15." in difference


def test_more_than_the_files_count_is_what_the_register_knows(stage: Stage) -> None:
    moves(stage, 3)

    assert transfer(stage)[1] is None


def test_the_count_stands_in_the_question_already(stage: Stage) -> None:
    moves(stage, 3)
    case, difference = transfer(stage, up_to="regional_transfer.request")

    _, _, asked, _ = show_action(
        stage.service, stage.reader("sending_state_focal_point"), case, proceeding="regional_transfer-1",
        transition="request",
    )  # fmt: skip

    assert difference is None
    assert asked is not None
    assert asked.values["cap_counter"] == 3


def test_only_a_number_counts_files_and_only_in_states_that_exist(definition: Definition) -> None:
    path = "harmonised/solutions/regional_transfer.yaml"
    text = definition.files[path]

    for old, new, told in (
        ("counted_in: [rrtm_moved,", "counted_in: [rrtm_mooved,", "rrtm_moved"),
        ("answer: date, not_future: yes, source: policy}", "answer: date, counted_in: rrtm_moved}", "is for number"),
    ):
        assert old in text
        with pytest.raises(DeclarationErrors, match=told):
            load_texts({**definition.files, path: text.replace(old, new, 1)})
