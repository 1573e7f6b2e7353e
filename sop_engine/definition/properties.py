"""Safeguards that stand beside the procedures: those that speak of several of them, in ``properties.yaml``."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.build_registers import build_registers
from sop_engine.definition.build_rules import build_safeguards
from sop_engine.definition.certificates import PROPERTIES_FILE
from sop_engine.definition.declarations import read_declarations
from sop_engine.definition.entries import Context, Entry
from sop_engine.definition.faults import DeclarationError, DeclarationErrors, one_of
from sop_engine.definition.model import Definition, Safeguard
from sop_engine.definition.names import all_names
from sop_engine.definition.outline import outlines
from sop_engine.definition.raw import RawMap, RawText, parse
from sop_engine.definition.shape import SAFEGUARD
from sop_engine.guards.tree import Span


def read_properties(definition: Definition, files: Mapping[str, str]) -> tuple[Safeguard, ...]:
    """Return the safeguards of every ``properties.yaml``: ``machine: name``, then ``safeguards`` as in a machine."""
    wanted = {path: text for path, text in sorted(files.items()) if path.rsplit("/", 1)[-1] == PROPERTIES_FILE}
    if not wanted:
        return ()
    errors: list[DeclarationError] = []
    declarations = read_declarations(definition.files)
    registers = build_registers(declarations.common, errors)
    known = outlines(declarations.machines, errors)
    context = Context(all_names(known, registers.lists), registers.law, errors)
    found: list[Safeguard] = []
    for path, text in wanted.items():
        tree, faults = parse(text, file=path)
        errors += faults
        machine = _machine_of(tree, path, known, errors)
        if machine is None:
            continue
        section = tree.entries.get("safeguards")
        for name, declared in section.entries.items() if isinstance(section, RawMap) else ():
            SAFEGUARD.check(declared, f"“{name}”", errors)
        entry = Entry(tree, context, machine, machine, Span(path, 1, 1))
        for safeguard in build_safeguards(entry, known[machine], known, registers).values():
            if safeguard.name in definition.machines[machine].safeguards:
                why = "the machine declares a safeguard of that name"
                errors.append(DeclarationError(safeguard.span, f'found "{safeguard.name}"', why, "name it otherwise"))
            found.append(safeguard)
    if errors:
        raise DeclarationErrors(tuple(errors))
    return tuple(found)


def _machine_of(tree: RawMap, path: str, known: Mapping[str, object], errors: list[DeclarationError]) -> str | None:
    for key, span in tree.key_spans.items():
        if key not in ("machine", "safeguards"):
            errors.append(DeclarationError(span, f'found the unknown key "{key}"', "", "write machine and safeguards"))
    named = tree.entries.get("machine")
    if isinstance(named, RawText) and named.text in known:
        return named.text
    span = named.span if isinstance(named, RawText) else Span(path, 1, 1)
    why = "the properties of a file are read from the place of one machine"
    errors.append(DeclarationError(span, "found no machine of this set", why, f"write machine: {one_of(known)}"))
    return None
