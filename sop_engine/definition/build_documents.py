"""Documents: from their declarations to the model.

Names in a block are qualified: a step becomes ``machine.step``, a question ``machine.step.question``, a deadline or a
panel ``machine.name``; fixed words stay as they are; blocks that are only switched on have no argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sop_engine.definition.entries import Entry
from sop_engine.definition.model import Block, Confidentiality, Document
from sop_engine.definition.outline import Outline, split_qualified
from sop_engine.definition.shape import BLOCK_KINDS

_NAMED = {
    "answers": "steps",
    "table": "questions",
    "deadlines": "deadlines",
    "votes": "panels",
    "reasons": "questions",
    "machine_readable_zone": "steps",
}
ZONE_DATA = (
    *("document_code", "issuing_state", "surname", "given_names", "document_number"),
    *("nationality", "date_of_birth", "sex", "valid_until"),
)
"""The questions that the first step of a machine readable zone has; it may ask for ``optional`` as well."""
ZONE_READ = ("mrz_line1", "mrz_line2")
"""The questions of its second step, if there is one: the lines read from the finished document."""


def build_documents(machine: Entry, outline: Outline, outlines: Mapping[str, Outline]) -> Mapping[str, Document]:
    """Return the documents of a machine."""
    return {
        name: Document(
            name=name,
            span=entry.span,
            source=entry.sources(),
            machine=outline.machine,
            title=entry.text("title"),
            confidentiality=cast(Confidentiality, entry.text("class", "restricted")),
            recipients=entry.texts("for"),
            blocks=tuple(_block(block, outline, outlines) for block in entry.records("blocks")),
            numbered=entry.yes("number", "yes"),
        )
        for name, entry in machine.named("documents").items()
    }


def _block(entry: Entry, outline: Outline, outlines: Mapping[str, Outline]) -> Block:
    kind = next((kind for kind in BLOCK_KINDS if entry.has(kind)), "text")
    if kind in _NAMED:
        argument = _names(entry, kind, outline, outlines)
    elif kind in ("text", "remedy", "signatures"):
        argument = entry.texts(kind)
    else:
        argument = ()
        if entry.text(kind) == "no":
            why = "a block that is not wanted is left out"
            entry.context.refuse(entry.span_of(kind), f'found "{kind}: no"', why, "remove the block")
    return Block(kind=kind, argument=argument, when=entry.guard("when"))


def _names(entry: Entry, kind: str, outline: Outline, outlines: Mapping[str, Outline]) -> tuple[str, ...]:
    section = _NAMED[kind]
    found = []
    for item in entry.scalars(kind):
        parts = 2 if section == "questions" else 1
        machine, name = split_qualified(item.text, own=outline.machine, machines=outlines, parts=parts)
        if name not in outlines[machine].names(section):
            entry.unknown(item.span, item.text, outlines[machine].names(section), section.removesuffix("s"))
            continue
        found.append(f"{machine}.{name}")
        if kind in ("table", "reasons"):
            _check_answer(entry, item.text, kind, machine, name)
        elif kind == "machine_readable_zone":
            _check_zone(entry, item.text, machine, name, ZONE_READ if len(found) > 1 else ZONE_DATA)
    return tuple(found)


def _check_zone(entry: Entry, written: str, machine: str, step: str, wanted: tuple[str, ...]) -> None:
    its = entry.context.names.machines[machine].steps.get(step, {})
    missing = [name for name in wanted if name not in its]
    if missing:
        why = "the lines that machines read are written from questions of fixed names"
        mend = f"ask {', '.join(missing)} in this step"
        entry.context.refuse(entry.span_of("machine_readable_zone"), f'found "{written}"', why, mend)


def _check_answer(entry: Entry, written: str, kind: str, machine: str, name: str) -> None:
    step, _, question = name.partition(".")
    its = entry.context.names.machines[machine].steps.get(step, {}).get(question)
    wanted = "table" if kind == "table" else "text"
    if its is not None and its.answer != wanted:
        why = f'"{kind}" prints a {wanted}, and the answer is {its.answer}'
        entry.context.refuse(
            entry.span_of(kind), f'found "{written}"', why, f"name a {wanted} question, or use answers"
        )
