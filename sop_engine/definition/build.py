"""From raw declarations to a definition: first every name of every machine, then every declaration, guards resolved.

Building goes on after a fault, so that an author sees all of them at once; a definition built with faults serves the
lint only and is never used (``load.load_texts`` raises).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sop_engine.definition.build_bar import build_flags, build_identity
from sop_engine.definition.build_documents import build_documents
from sop_engine.definition.build_moves import build_states, build_transitions
from sop_engine.definition.build_national import build_deviations, build_profile
from sop_engine.definition.build_questions import build_facts, build_shared, build_steps
from sop_engine.definition.build_registers import Registers, build_registers
from sop_engine.definition.build_rules import build_deadlines, build_panels, build_safeguards
from sop_engine.definition.declarations import Declarations
from sop_engine.definition.editions import content_digest
from sop_engine.definition.entries import Context, Entry
from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.model import Definition, Machine, SharedFact
from sop_engine.definition.names import all_names
from sop_engine.definition.outline import Outline, outlines
from sop_engine.definition.overlay import overlaid
from sop_engine.definition.raw import RawMap, RawText
from sop_engine.guards.tree import QuestionRef, Span
from sop_engine.guards.types import Names


def build(declarations: Declarations) -> tuple[Definition, tuple[DeclarationError, ...]]:
    """Return the definition that the declarations make, and every fault found on the way."""
    found = overlaid(declarations)
    declarations = found.declarations
    errors: list[DeclarationError] = [*found.errors]
    registers = build_registers(declarations.common, errors)
    known = outlines(declarations.machines, errors)
    context = Context(all_names(known, registers.lists), registers.law, errors)
    machines = {name: _machine(outline, known, registers, context) for name, outline in known.items()}
    shared: dict[str, SharedFact] = {}
    identity: dict[str, tuple[QuestionRef, ...]] = {}
    flags: dict[str, str] = {}
    for outline in known.values():
        entry = _entry(outline, context)
        shared.update(build_shared(entry, known))
        identity.update(build_identity(entry, known))
        flags.update(build_flags(entry))
    definition = Definition(
        digest=content_digest(declarations.files),
        machines=machines,
        shared=shared,
        roles=registers.roles,
        functions=registers.functions,
        incompatible=registers.incompatible,
        lists=registers.lists,
        law=registers.law,
        calendar=registers.calendar,
        identity=identity,
        flags=flags,
        files=declarations.files,
        deviations=build_deviations(found, context, machines),
        national=build_profile(found, context, machines),
    )
    return definition, tuple(errors)


def with_profile(harmonised: Definition, declarations: Declarations) -> tuple[Definition, tuple[DeclarationError, ...]]:
    """Return the harmonised definition with the profile of a State beside it; its machines stay harmonised."""
    found = overlaid(declarations)
    errors: list[DeclarationError] = [*found.errors]
    registers = build_registers(found.declarations.common, errors)
    context = Context(Names(machines={}), registers.law, errors)
    changed = replace(
        harmonised,
        law=registers.law,
        calendar=registers.calendar,
        deviations=build_deviations(found, context, harmonised.machines),
        national=build_profile(found, context, harmonised.machines),
    )
    return changed, tuple(errors)


def _machine(outline: Outline, known: Mapping[str, Outline], registers: Registers, context: Context) -> Machine:
    entry = _entry(outline, context)
    many = entry.record("many_per_case")
    is_one_running = entry.yes("one_running")
    return Machine(
        name=outline.machine,
        span=entry.span,
        source=entry.sources(),
        sop=entry.text("sop"),
        title=entry.text("title"),
        purpose=entry.text("purpose"),
        edition=entry.text("edition"),
        starts_in=entry.known("starts_in", outline.names("states"), "state") or "",
        key_name=many.text("key") if many else None,
        key_values=outline.keys,
        many_per_case=many is not None or entry.yes("many_per_case") or is_one_running,
        one_running=is_one_running,
        steps=build_steps(entry, registers),
        facts=build_facts(entry),
        states=build_states(entry, outline),
        transitions=build_transitions(entry, outline, known, registers),
        deadlines=build_deadlines(entry, outline, registers),
        panels=build_panels(entry, outline, registers),
        documents=build_documents(entry, outline, known),
        safeguards=build_safeguards(entry, outline, known, registers),
        running_cases=_running_cases(entry, outline),
    )


def _running_cases(entry: Entry, outline: Outline) -> Mapping[str, str]:
    """Return the transitional rules; a state that a running case is mapped to is one of this edition."""
    written = entry.raw.entries.get("running_cases")
    rules = {}
    for state, rule in (written.entries if isinstance(written, RawMap) else {}).items():
        if not isinstance(rule, RawText):
            continue
        target = rule.text.removeprefix("map to ")
        if target != rule.text and target not in outline.names("states"):
            entry.unknown(rule.span, target, outline.names("states"), "state")
        elif target != rule.text and state == "all":
            found = f'found "all: {rule.text}"'
            entry.context.refuse(rule.span, found, "a mapping starts from one state", "write <old state>: map to …")
        else:
            rules[state] = rule.text
    return rules


def _entry(outline: Outline, context: Context) -> Entry:
    name = outline.raw.entries.get("machine")
    span = name.span if isinstance(name, RawText) else Span(outline.path, 1, 1)
    return Entry(outline.raw, context, outline.machine, outline.machine, span)
