"""The page on the language shows only what the loader reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sop_engine.definition import shape
from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.raw import RawMap, parse

PAGE = Path(__file__).parents[3] / "docs" / "sop-language.md"


def _examples() -> list[tuple[str, str]]:
    """Return (heading, YAML) of every example."""
    text = PAGE.read_text(encoding="utf-8")
    return [
        (text[: block.start()].rsplit("\n#", 1)[-1].strip("# ").split("\n")[0], block[1])
        for block in re.finditer(r"```yaml\n(.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize(("heading", "example"), _examples())
def test_every_example_is_strict_yaml(heading: str, example: str) -> None:
    tree, errors = parse(example, file=heading)

    assert tree.entries
    assert not errors


@pytest.mark.parametrize(
    ("heading", "example"),
    [(heading, example) for heading, example in _examples() if re.split(r"[ :,]", heading)[0] in shape.SECTIONS],
)
def test_every_example_of_a_section_uses_known_keys_and_values(heading: str, example: str) -> None:
    tree, _ = parse(example.replace(", ...}", "}"), file=heading)
    section = shape.SECTIONS[re.split(r"[ :,]", heading)[0]]

    faults: list[DeclarationError] = []
    section.shape.check(tree, section.name, faults)

    # An example may leave keys out; what it shows must be right.
    assert [str(fault) for fault in faults if not fault.found.startswith("found no ")] == []


def test_every_key_of_the_language_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")

    absent = [
        f"{section.name}.{key}"
        for section in shape.SECTIONS.values()
        for key in section.record.keys
        if not re.search(rf"\b{key}\b", page)
    ]

    assert absent == []


def test_the_bar_of_a_case_is_declared_as_the_page_shows() -> None:
    (example,) = (example for heading, example in _examples() if heading.startswith("identity"))
    tree, _ = parse(example, file="page")

    faults: list[DeclarationError] = []
    for name, raw in tree.entries.items():
        assert isinstance(raw, RawMap)
        shape.MACHINE_FILE.keys[name].shape.check(raw, name, faults)

    assert faults == []
