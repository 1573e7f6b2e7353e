"""Worked examples as files: given, when, then, in a form that a trainer can read and write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop_engine.definition.faults import DeclarationError, DeclarationErrors
from sop_engine.definition.lines import STEP_KEYS, Line, plain
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText, parse
from sop_engine.guards.tree import Span

__all__ = ["Example", "Examples", "Line", "example_files", "plain", "read_examples"]

EXAMPLE_KEYS = frozenset({"tells", "given", "steps", "level", "source"})
GIVEN_KEYS = frozenset({"at", "people", "open"})


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: what is given, and the steps to take and to check."""

    name: str
    tells: str
    at: str
    people: Mapping[str, tuple[str, ...]]
    opens: str | None
    lines: tuple[Line, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one or many files, and the common stretches they share by name."""

    examples: tuple[Example, ...]
    parts: Mapping[str, tuple[Line, ...]]


def example_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the example files among these files and folders, in order of their paths.

    Of the whole folder of procedures only the harmonised ones: those of a State hold under its own procedures alone.
    """
    found: list[Path] = []
    for path in paths:
        folder = path / "harmonised" if (path / "harmonised").is_dir() else path
        found += sorted(folder.rglob("examples*.yaml")) if path.is_dir() else [path]
    return tuple(dict.fromkeys(found))


def read_examples(paths: Iterable[Path], *, root: Path) -> Examples:
    """Read example files. Raises DeclarationErrors with file, line and column for all that is wrong with them."""
    faults: list[DeclarationError] = []
    examples: list[Example] = []
    parts: dict[str, tuple[Line, ...]] = {}
    for path in paths:
        name = path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else path.name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            faults.append(_fault(Span(name, 1, 1), "found a file that cannot be read", "save it as UTF-8 text"))
            continue
        tree, errors = parse(text, file=name)
        faults += errors
        for key in tree.entries:
            if key not in ("parts", "examples"):
                faults.append(_fault(tree.key_spans[key], f"found “{key}”", "write parts or examples"))
        parts |= _parts(tree, faults)
        examples += _examples(tree, faults)
    if faults:
        raise DeclarationErrors(tuple(faults))
    return Examples(tuple(examples), parts)


def _fault(span: Span, found: str, mend: str) -> DeclarationError:
    return DeclarationError(span, found, "a worked example cannot be read so", mend)


def _parts(tree: RawMap, faults: list[DeclarationError]) -> dict[str, tuple[Line, ...]]:
    raw = tree.entries.get("parts")
    if not isinstance(raw, RawMap):
        return {}
    return {name: _lines(steps, faults) for name, steps in raw.entries.items()}


def _examples(tree: RawMap, faults: list[DeclarationError]) -> list[Example]:
    raw = tree.entries.get("examples")
    if not isinstance(raw, RawMap):
        return []
    return [_example(name, one, faults) for name, one in raw.entries.items() if _is_map(one, faults)]


def _is_map(raw: Raw, faults: list[DeclarationError]) -> bool:
    if isinstance(raw, RawMap):
        return True
    faults.append(_fault(raw.span, "found no mapping", "write tells, given and steps"))
    return False


def _example(name: str, raw: Raw, faults: list[DeclarationError]) -> Example:
    if not isinstance(raw, RawMap):
        raise TypeError(name)
    _refuse_other_keys(raw, EXAMPLE_KEYS, faults)
    given = raw.entries.get("given")
    values: dict[str, Any] = {}
    if isinstance(given, RawMap):
        _refuse_other_keys(given, GIVEN_KEYS, faults)
        values = plain(given)
    else:
        faults.append(_fault(raw.span, "found no “given”", "write given: {at: …, people: {…}, open: …}"))
    people = {who: tuple(r) if isinstance(r, list) else (r,) for who, r in values.get("people", {}).items()}
    tells = raw.entries.get("tells")
    return Example(
        name=name,
        tells=tells.text if isinstance(tells, RawText) else "",
        at=str(values.get("at", "2026-03-02 09:00")),
        people=people,
        opens=values.get("open"),
        lines=_lines(raw.entries.get("steps"), faults),
        span=raw.span,
    )


def _refuse_other_keys(raw: RawMap, known: frozenset[str], faults: list[DeclarationError]) -> None:
    for key in raw.entries:
        if key not in known:
            faults.append(_fault(raw.key_spans[key], f"found “{key}”", f"write one of {', '.join(sorted(known))}"))


def _lines(raw: Raw | None, faults: list[DeclarationError]) -> tuple[Line, ...]:
    if not isinstance(raw, RawList):
        return ()
    found: list[Line] = []
    for item in raw.items:
        if isinstance(item, RawMap):
            _refuse_other_keys(item, STEP_KEYS, faults)
            found.append(Line(plain(item), item.span))
        else:
            faults.append(
                _fault(item.span, "found no step", "write a mapping such as {by: ana, does: screening.start}")
            )
    return tuple(found)
