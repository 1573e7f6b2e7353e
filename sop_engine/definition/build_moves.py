"""States and transitions: from their declarations to the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from sop_engine.definition.build_questions import roles_of
from sop_engine.definition.build_registers import Registers
from sop_engine.definition.entries import Entry
from sop_engine.definition.model import ANY_STATE, NEW, Opening, State, StateKind, Transition
from sop_engine.definition.outline import Outline
from sop_engine.vocabulary import SYSTEM


def build_states(machine: Entry, outline: Outline) -> Mapping[str, State]:
    """Return the states of a machine."""
    return {
        name: State(
            name=name,
            span=entry.span,
            source=entry.sources(),
            title=entry.text("title"),
            kind=cast(StateKind, entry.text("kind", "work")),
            steps=entry.all_known("steps", outline.names("steps"), "step"),
            says=entry.text("says"),
            point=cast(Literal["rule", "discretion"] | None, entry.text("point") or None),
        )
        for name, entry in machine.named("states").items()
    }


def build_transitions(
    machine: Entry, outline: Outline, outlines: Mapping[str, Outline], registers: Registers
) -> Mapping[str, Transition]:
    """Return the transitions of a machine; ``from: any`` becomes every state that is not an end."""
    return {
        name: _transition(entry, outline, outlines, registers) for name, entry in machine.named("transitions").items()
    }


def _transition(entry: Entry, outline: Outline, outlines: Mapping[str, Outline], registers: Registers) -> Transition:
    from_states, from_new = _from(entry, outline)
    is_auto = entry.yes("auto")
    functions = registers.functions
    ids = entry.texts("trigger") or (entry.name,)
    return Transition(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        machine=outline.machine,
        from_states=from_states,
        from_new=from_new,
        target=entry.known("to", outline.names("states"), "state"),
        title=entry.text("title") or entry.name.replace("_", " ").capitalize(),
        does=entry.text("does"),
        by=frozenset({SYSTEM}) if is_auto else roles_of(entry, "by", registers),
        auto=is_auto,
        when=entry.guard("when"),
        asks=entry.known("asks", outline.names("steps"), "step"),
        requires=entry.guard("requires"),
        opens=tuple(_opening(item, outlines) for item in entry.records("opens")),
        issues=entry.all_known("issues", outline.names("documents"), "document"),
        function=entry.known("function", functions, "function"),
        needs_other_person_than=entry.all_known("needs_other_person_than", functions, "function"),
        other_than_earlier_round=entry.all_known("other_than_earlier_round", functions, "function"),
        decided_by=entry.known("decided_by", outline.names("panels"), "panel"),
        is_fact=entry.yes("fact"),
        is_adverse=entry.yes("adverse"),
        is_irreversible=entry.yes("irreversible"),
        is_removal=entry.yes("removal"),
        trigger=", ".join(ids),
    )


def _from(entry: Entry, outline: Outline) -> tuple[tuple[str, ...], bool]:
    named = entry.all_known("from", (*outline.names("states"), ANY_STATE, NEW), "state")
    states = [name for name in named if name not in (ANY_STATE, NEW)]
    if ANY_STATE in named:
        if states:
            found = f'found "any" beside {" and ".join(states)}'
            why = "any already stands for every state that is not an end"
            entry.context.refuse(entry.span_of("from"), found, why, "write one or the other")
        states = list(outline.working_states)
    if NEW in named and entry.has("stays"):
        why = "a new instance stands in no state yet"
        entry.context.refuse(entry.span_of("stays"), 'found "stays" with from: new', why, "write to: and a state")
    return tuple(states), NEW in named


def _opening(entry: Entry, outlines: Mapping[str, Outline]) -> Opening:
    machine = entry.known("machine", outlines, "machine")
    state = key = None
    if machine is not None:
        opened = outlines[machine]
        state = entry.known("in", opened.names("states"), f"state of {machine}")
        key = entry.known("key", opened.keys, f"key of {machine}")
        if opened.keys and not entry.has("key"):
            why = f"{machine} runs once a key"
            mend = f"write key: and one of {', '.join(opened.keys)}"
            entry.context.refuse(entry.span, f"found no key for {machine}", why, mend)
    return Opening(machine=machine or entry.text("machine"), key=key, state=state, when=entry.guard("when"))
