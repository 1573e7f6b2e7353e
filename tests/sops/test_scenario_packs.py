"""Every scenario pack is sound, plays as it says, and catches the mistakes that it says leave a trace."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sop_engine.commands.play_packs import common_parts, lint_packs, play_packs
from sop_engine.service.training.library import pack_paths, read_library
from sop_engine.service.training.rehearse_pack import PlayedPack
from sop_engine.training.roleplay import ask, safe_room
from tests.instruments.sandbox import WORKFLOWS

FOLDER = WORKFLOWS / "training"
PATHS = pack_paths([FOLDER])
# What cannot be read is named by the first test.
PACKS = read_library(WORKFLOWS, common_parts(WORKFLOWS)).packs
MOCK_CASES = (
    "M01", "M02", "M03", "M04", "M06", "M07", "M08", "M09", "M10", "M13", "M14", "M16", "M17", "M19", "M22", "M23",
)  # fmt: skip
MISTAKES = [
    (name, mistake.id) for name, one in PACKS.items() for mistake in one.pack.mistakes.values() if mistake.leaves_trace
]


@lru_cache
def played(name: str) -> tuple[PlayedPack, ...]:
    """Play a pack once: under the harmonised procedures, and under every State that it speaks of."""
    return tuple(play_packs([PACKS[name].pack], common_parts(WORKFLOWS)))


@pytest.mark.parametrize("mock_case", MOCK_CASES)
def test_each_mock_case_of_the_trainers_is_a_pack(mock_case: str) -> None:
    assert [name for name, one in PACKS.items() if one.pack.mock_case == mock_case]


def test_three_packs_and_more_are_complete_in_spanish_and_french() -> None:
    complete = [name for name, one in PACKS.items() if {"en", "es", "fr"} <= set(one.pack.languages)]

    assert len(complete) >= 3


@pytest.mark.parametrize("level", ["basic", "intermediate", "advanced"])
def test_there_are_packs_of_every_level(level: str) -> None:
    assert [name for name, one in PACKS.items() if one.pack.level == level]


def test_nothing_is_wrong_with_any_pack() -> None:
    assert sorted(PACKS) == sorted(path.stem for path in PATHS)
    assert [str(finding) for finding in lint_packs([FOLDER], WORKFLOWS, play=False)] == []


@pytest.mark.parametrize("name", PACKS)
def test_the_expected_path_plays_and_is_graded_without_a_fault(name: str) -> None:
    assert [one.difference for one in played(name) if one.difference] == []


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_a_scripted_trainee_makes_the_mistake_and_is_caught(name: str, mistake: str) -> None:
    found = next(one for one in played(name)[0].mistakes if one.id == mistake)

    assert found.is_caught, found.told


@pytest.mark.parametrize("name", PACKS)
def test_every_inject_can_be_dropped_into_the_path(name: str) -> None:
    assert [one.told for one in played(name)[0].injects if not one.is_caught] == []


def test_at_least_four_of_five_mistakes_leave_a_trace_and_are_caught() -> None:
    listed = sum(len(one.pack.mistakes) for one in PACKS.values())
    caught = sum(mistake.is_caught for name in PACKS for mistake in played(name)[0].mistakes)

    assert caught >= 0.8 * listed


@pytest.mark.parametrize("name", PACKS)
def test_every_fact_comes_out_for_who_asks_well(name: str) -> None:
    pack = PACKS[name].pack
    room = safe_room(pack)
    out: set[str] = set()
    for _ in pack.facts:
        for question in pack.questions:
            out |= set(ask(pack, room=room, question=question, known=out).revealed)

    assert {fact.id for fact in pack.facts.values() if fact.known != "told"} <= out


@pytest.mark.parametrize("name", PACKS)
def test_no_hidden_fact_comes_out_before_somebody_unsafe(name: str) -> None:
    pack = PACKS[name].pack
    unsafe = tuple(one.id for one in pack.cast.values() if not one.is_safe and one.role != "interpreter")
    guarded = {fact.id for fact in pack.facts.values() if "alone" in fact.needs}
    room = safe_room(pack)
    if not unsafe:
        return
    crowded = type(room)(present=(*room.present, *unsafe), interpreter=room.interpreter)

    for question in pack.questions:
        assert not guarded & set(ask(pack, room=crowded, question=question, known=pack.facts).revealed)


@pytest.mark.parametrize(
    ("name", "language"),
    [(name, language) for name, one in PACKS.items() for language in one.pack.languages if language != "en"],
)
def test_a_pack_in_another_language_is_the_same_pack(name: str, language: str) -> None:
    english, other = PACKS[name].pack, PACKS[name].in_language(language)

    assert other.title != english.title
    assert other.path == english.path
    assert list(other.facts) == list(english.facts)
    assert all(other.facts[fact].text != english.facts[fact].text for fact in english.facts)
