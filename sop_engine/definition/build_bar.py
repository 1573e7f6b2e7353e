"""What every page of a case shows: who the person is, and which shared facts are flagged."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.entries import Entry
from sop_engine.definition.outline import Outline
from sop_engine.guards.tree import QuestionRef


def build_identity(machine: Entry, outlines: Mapping[str, Outline]) -> Mapping[str, tuple[QuestionRef, ...]]:
    """Return where each part of the bar of a case is answered; the first place that has an answer counts."""
    declared = machine.record("identity")
    found: dict[str, tuple[QuestionRef, ...]] = {}
    for part in declared.raw.entries if declared else ():
        places = []
        for item in declared.scalars(part) if declared else ():
            home, _, name = item.text.partition(".")
            if home in outlines and name in outlines[home].names("questions"):
                step, _, question = name.partition(".")
                places.append(QuestionRef(home, step, question))
            else:
                known = [f"{other}.{q}" for other, outline in outlines.items() for q in outline.names("questions")]
                machine.unknown(item.span, item.text, known, "question")
        found[part] = tuple(places)
    return found


def build_flags(machine: Entry) -> Mapping[str, str]:
    """Return the shared facts that every page of a case shows, each with its severity."""
    declared = machine.record("flags")
    if declared is None:
        return {}
    shared = machine.named("shared")
    for name in declared.raw.entries:
        if name not in shared:
            machine.unknown(declared.raw.key_spans[name], name, shared, "shared fact")
    return {name: declared.text(name) for name in declared.raw.entries}
