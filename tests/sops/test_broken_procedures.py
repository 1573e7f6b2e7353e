"""Each broken procedure of the gallery is noticed, and where a story is told it was played on the real engine."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sop_engine.check.judge import Result, judge
from sop_engine.check.properties import properties_of
from sop_engine.commands.places import workflows_folder
from sop_engine.definition.load import load_texts, read_files
from tests.sops.broken import GALLERY, Broken

BUDGET = 12.0


@lru_cache(maxsize=1)
def declared() -> dict[str, str]:
    return read_files(workflows_folder())[0]


def verdict(files: dict[str, str], name: str) -> Result:
    definition = load_texts(files)
    chosen = [one for one in properties_of(definition, files) if one.id == name]
    assert len(chosen) == 1, name
    return next(iter(judge(definition, chosen, budget=BUDGET)))


@pytest.mark.parametrize("name", sorted({broken.noticed_by for broken in GALLERY}))
def test_the_declared_procedures_hold_what_the_gallery_breaks(name: str) -> None:
    assert verdict(declared(), name).is_green


@pytest.mark.parametrize("broken", GALLERY, ids=lambda broken: broken.name)
def test_a_broken_procedure_is_noticed(broken: Broken) -> None:
    text = declared()[broken.file]
    assert text.count(broken.before) == 1, "the gallery no longer fits the file"

    found = verdict({**declared(), broken.file: text.replace(broken.before, broken.after)}, broken.noticed_by)

    assert not found.is_green
    if broken.told:
        assert found.verdict == "VIOLATED", found.why
        story = "\n".join(found.story)
        assert all(words in story for words in broken.told), story
