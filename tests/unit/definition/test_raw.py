"""Strict YAML: what is refused, where, and that refusal is always a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.definition.raw import RawList, RawMap, RawText, parse


def _told(text: str) -> str:
    _tree, errors = parse(text, file="f.yaml")
    return "\n".join(str(error) for error in errors)


@pytest.mark.parametrize(
    "written", ["NO", "Yes", "on", "no", "12:30:00", "010", "1.10", "0x1F", "1e3", "null", "~", "2026-11-21", "9" * 400]
)
def test_every_scalar_is_the_text_that_was_written(written: str) -> None:
    tree, errors = parse(f"key: {written}\nlist: [{written}]\n", file="f.yaml")

    assert not errors
    assert tree.entries["key"] == RawText(written, tree.entries["key"].span, written=written)
    assert isinstance(tree.entries["list"], RawList)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\na: 2\n", "2:1", "a second time"),
        ("a: {b: 1, b: 2}\n", "1:11", "a second time"),
        ("a: &x 1\nb: *x\n", "1:4", "anchor"),
        ("a: *x\n", "1:4", "alias"),
        ("base: {a: 1}\nb:\n  <<: {a: 1}\n", "3:3", "merge key"),
        ("a: !!python/object/apply:os.system [ls]\n", "1:4", "tag"),
        ("a: !!str 1\n", "1:4", "tag"),
        ("!local\na: 1\n", "1:1", "tag"),
        ("a:\n\tb: 1\n", "2:1", "tab"),
        ("\ufeffa: 1\n", "1:1", "byte order mark"),
        ("a: 1\r\nb: 2\r\n", "1:5", "carriage return"),
        ("a: 1\n---\nb: 2\n", "2:1", "second document"),
        ("%YAML 1.1\n---\na: 1\n", "2:1", "directive"),
        ("[" * 3000, "1:31", "levels of nesting"),
        ("{a: " * 3000, "1:118", "levels of nesting"),
        ("- " * 3000 + "a", "1:61", "levels of nesting"),
        ("a: {b: 1\n", "2:1", "not YAML"),
        ("a: b: c\n", "1:5", "not YAML"),
        ("a: 'it\n", "2:1", "not YAML"),
        ("a: @x\n", "1:4", "not YAML"),
        ("- 1\n- 2\n", "1:1", "no mapping"),
        ("just words\n", "1:1", "no mapping"),
        ("", "1:1", "no mapping"),
        ("# a comment\n", "1:1", "no mapping"),
        ("? [a]\n: b\n", "1:3", "as a key"),
        ('a: "\\x00"\n', "1:5", "invisible character"),
        ('a: "\\ud800"\n', "1:5", "invisible character"),
        ("a: 1\u2028b: 2\n", "1:5", "line separator"),
        ("a: \0\n", "1:4", "null character"),
        ("a: 1\n" + "# padding\n" * 110_000, "1:1", "more than 1 MB"),
    ],
)
def test_what_could_mislead_a_reader_is_refused_with_its_place(text: str, place: str, words: str) -> None:
    told = _told(text)

    assert told.startswith(f"f.yaml:{place}: found "), told
    assert words in told


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert "anchor" in _told(bomb)


def test_every_value_knows_where_it_stands() -> None:
    tree, _ = parse("a: plain\nb: 'quoted'\nc: [x, {d: deep}]\ne: >\n  folded\n", file="f.yaml")

    at = {name: str(value.span) for name, value in tree.entries.items()}
    assert at == {"a": "f.yaml:1:4", "b": "f.yaml:2:5", "c": "f.yaml:3:4", "e": "f.yaml:5:1"}
    assert str(tree.key_spans["c"]) == "f.yaml:3:1"


def test_a_text_of_several_lines_keeps_its_line_ends_for_places_in_it() -> None:
    tree, _ = parse("guard: one\n  and two\nother: >-\n  three\n  or four\n", file="f.yaml")

    guard, other = tree.entries["guard"], tree.entries["other"]
    assert isinstance(guard, RawText)
    assert isinstance(other, RawText)
    assert (guard.text, guard.written) == ("one and two", "one\n  and two")
    assert (other.text, other.written.rstrip()) == ("three or four", "  three\n  or four")


def test_reading_the_same_text_twice_shares_no_faults() -> None:
    _, first = parse("a: 1\na: 2\n", file="f.yaml")
    first.clear()

    _, second = parse("a: 1\na: 2\n", file="f.yaml")

    assert len(second) == 1


@given(st.text(max_size=60))
def test_no_text_whatever_gives_a_traceback(text: str) -> None:
    tree, errors = parse(text, file="f.yaml")

    assert isinstance(tree, RawMap)
    assert tree.entries or errors or text.strip() in ("{}",) or text.lstrip().startswith(("{", "---", "#"))


@given(st.text(alphabet="ab:-[]{}'\"#&*!|>%@`,? \n~<", max_size=40))
def test_no_mix_of_yaml_marks_gives_a_traceback(text: str) -> None:
    tree, errors = parse(text, file="f.yaml")

    assert isinstance(tree, RawMap)
    assert all(error.span.file == "f.yaml" for error in errors)
