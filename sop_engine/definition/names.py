"""The names that guards may use, gathered from the outlines of all machines and the code lists."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.entries import Context, Entry
from sop_engine.definition.model import CodeList
from sop_engine.definition.outline import Outline
from sop_engine.definition.raw import Raw, RawMap
from sop_engine.guards.types import MachineNames, Names, QuestionNames
from sop_engine.vocabulary import PREFERS_NOT_TO_SAY, UNKNOWN

_NOBODY = Names(machines={})


def all_names(outlines: Mapping[str, Outline], lists: Mapping[str, CodeList]) -> Names:
    """Return every name of a set, as guards see it."""
    shared = {name for outline in outlines.values() for name in outline.names("shared")}
    return Names(
        machines={name: _machine_names(outline, lists) for name, outline in outlines.items()}, shared=frozenset(shared)
    )


def choices_of(question: Entry, lists: Mapping[str, CodeList]) -> Mapping[str, str]:
    """Return code → label of a question's choices, its own or those of the list it names."""
    chosen = question.record("choices")
    if chosen is None:
        return {}
    list_name = list_of(question)
    if list_name is not None:
        found = lists.get(list_name)
        return {} if found is None else {code: known.label for code, known in found.codes.items()}
    return {code: chosen.text(code) for code in chosen.raw.entries}


def list_of(question: Entry) -> str | None:
    """Return the name of the code list that a question's choices refer to, if they do."""
    chosen = question.record("choices")
    return chosen.text("list") if chosen is not None and set(chosen.raw.entries) == {"list"} else None


def may_be_of(question: Entry) -> tuple[str, ...]:
    """Return the answers of no substance that a question offers."""
    if question.has("asked_of"):
        return (UNKNOWN, PREFERS_NOT_TO_SAY)
    return question.texts("may_be")


def _machine_names(outline: Outline, lists: Mapping[str, CodeList]) -> MachineNames:
    steps: dict[str, dict[str, QuestionNames]] = {step: {} for step in outline.names("steps")}
    for name, raw in outline.sections.get("questions", {}).items():
        step, _, question = name.partition(".")
        if step in steps and isinstance(raw, RawMap):
            steps[step][question] = _question_names(raw, lists)
    return MachineNames(
        steps=steps,
        facts=frozenset(outline.names("facts")),
        states=frozenset(outline.names("states")),
        deadlines=frozenset(outline.names("deadlines")),
        panels={panel: _keys(raw, "questions") for panel, raw in outline.sections.get("panels", {}).items()},
        keys=outline.keys,
    )


def _question_names(raw: RawMap, lists: Mapping[str, CodeList]) -> QuestionNames:
    entry = Entry(raw, Context(_NOBODY, {}))
    columns = raw.entries.get("columns")
    inner = columns.entries if isinstance(columns, RawMap) else {}
    return QuestionNames(
        answer=entry.text("answer", "text"),
        choices=tuple(choices_of(entry, lists)),
        may_be=may_be_of(entry),
        columns={name: _question_names(column, lists) for name, column in inner.items() if isinstance(column, RawMap)},
    )


def _keys(raw: Raw, key: str) -> frozenset[str]:
    under = raw.entries.get(key) if isinstance(raw, RawMap) else None
    return frozenset(under.entries) if isinstance(under, RawMap) else frozenset()
