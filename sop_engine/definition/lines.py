"""One line of a script that can be played on a case: of a worked example, or of the path of a training pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.guards.tree import Span

STEP_KEYS = frozenset(
    {
        "by",
        "answers",
        "with",
        "does",
        "key",
        "opens",
        "cannot",
        "because",
        "votes",
        "reasons",
        "recuses",
        "opens_file",
        "sits",
        "as",
        "corrects",
        "to",
        "reason",
        "takes_back",
        "enters_paper",
        "state",
        "wait",
        "expect",
        "part",
        "people",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a script, as plain texts, lists and mappings, and where it stands."""

    values: Mapping[str, Any]
    span: Span


def plain(raw: Raw) -> Any:
    """Return a raw tree as texts, lists and dicts."""
    match raw:
        case RawText():
            return raw.text
        case RawList():
            return [plain(item) for item in raw.items]
        case RawMap():
            return {key: plain(value) for key, value in raw.entries.items()}


def unfolded(
    lines: tuple[Line, ...], parts: Mapping[str, tuple[Line, ...]], who: Mapping[str, str] | None = None
) -> tuple[Line, ...]:
    """Return the lines with every common stretch written out, in the names of the script itself."""
    known = who or {}
    found: list[Line] = []
    for line in lines:
        if "part" in line.values:
            given = {alias: known.get(person, person) for alias, person in line.values.get("people", {}).items()}
            found += unfolded(parts.get(line.values["part"], ()), parts, given)
        else:
            by = line.values.get("by")
            found.append(Line({**line.values, "by": known.get(by, by)}, line.span) if by else line)
    return tuple(found)
