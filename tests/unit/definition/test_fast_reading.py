"""Reading through libyaml gives the very tree that the careful parser gives, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sop_engine.definition.raw import _read_fast, _Reading, parse

WORKFLOWS = Path(__file__).resolve().parents[3] / "workflows"
FILES = sorted(path for path in WORKFLOWS.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(WORKFLOWS).as_posix())
def test_every_declaration_reads_alike_with_both_parsers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    fast = _read_fast(text, path.name)
    careful = _Reading(path.name, text, YAML(typ="safe", pure=True).parse(text)).document()

    # A value left out sends a file to the careful parser; a procedure leaves none out.
    assert fast == careful or (fast is None and path.name == "examples.yaml")


@settings(max_examples=400)
@given(st.text(alphabet="ab: -[]{},'\"#&*!|>%@\n?0", max_size=40))
def test_what_reads_fast_reads_alike_with_the_careful_parser(text: str) -> None:
    fast = _read_fast(text, "x")

    if fast is not None:
        tree, errors = parse(text, file="x")
        careful = _Reading("x", text, YAML(typ="safe", pure=True).parse(text)).document()
        assert fast == careful
        assert (tree, errors) == (fast, [])
