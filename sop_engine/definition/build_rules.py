"""Deadlines, panels and safeguards: from their declarations to the model."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.build_questions import roles_of
from sop_engine.definition.build_registers import Registers
from sop_engine.definition.entries import Entry
from sop_engine.definition.model import Deadline, Escalation, Panel, PanelQuestion, Safeguard
from sop_engine.definition.outline import Outline, split_qualified
from sop_engine.definition.shape import PATTERNS, SECTIONS
from sop_engine.guards.tree import ALWAYS, Guard, Not
from sop_engine.periods import Length

AT_ONCE = Length(0, "hours")
NEVER: Guard = Not(ALWAYS)


def build_deadlines(machine: Entry, outline: Outline, registers: Registers) -> Mapping[str, Deadline]:
    """Return the deadlines of a machine."""
    return {name: _deadline(entry, outline, registers) for name, entry in machine.named("deadlines").items()}


def build_panels(machine: Entry, outline: Outline, registers: Registers) -> Mapping[str, Panel]:
    """Return the panels of a machine."""
    return {name: _panel(entry, outline, registers) for name, entry in machine.named("panels").items()}


def build_safeguards(
    machine: Entry, outline: Outline, outlines: Mapping[str, Outline], registers: Registers
) -> Mapping[str, Safeguard]:
    """Return the safeguards of a machine; its states stand in them bare, all other names with their machine."""
    return {
        name: _safeguard(entry, outline, outlines, registers) for name, entry in machine.named("safeguards").items()
    }


def _deadline(entry: Entry, outline: Outline, registers: Registers) -> Deadline:
    allowed = entry.record("range")
    return Deadline(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        machine=outline.machine,
        timer=entry.text("timer"),
        length=entry.length("length") or AT_ONCE,
        starts_when=entry.guard("starts_when"),
        stops_when=entry.guard("stops_when", NEVER),
        shortest=allowed.length("from") if allowed else None,
        longest=allowed.length("to") if allowed else None,
        since=_since(entry, outline),
        paused_when=entry.optional_guard("paused_when"),
        person_duty=entry.yes("person_duty"),
        duty=entry.text("duty"),
        escalate=tuple(
            Escalation(to=role, after=item.length("after") or AT_ONCE)
            for item in entry.records("escalate")
            if (role := item.known("to", registers.roles, "role")) is not None
        ),
        variants=_variants(entry),
    )


def _since(entry: Entry, outline: Outline) -> tuple[str, str] | None:
    named = entry.scalar("since")
    if named is None:
        return None
    if named.text not in outline.names("questions"):
        entry.unknown(named.span, named.text, outline.names("questions"), "question")
        return None
    step, _, question = named.text.partition(".")
    its = entry.context.names.machines[outline.machine].steps.get(step, {}).get(question)
    if its is not None and its.answer not in ("date", "moment"):
        why = f"a deadline counts from a date or a moment, and the answer is {its.answer}"
        entry.context.refuse(named.span, f'found "{named.text}"', why, "name a date or moment question")
    return step, question


def _variants(entry: Entry) -> tuple[tuple[Length, Guard], ...]:
    values, guards = entry.record("values"), entry.record("value_when")
    names = list(values.raw.entries) if values else []
    for name in guards.raw.entries if guards else []:
        if name not in names:
            entry.unknown(entry.span_of("value_when"), name, names, "value of the deadline")
    found = []
    for name in names:
        length = values.length(name) if values else None
        if guards is None or not guards.has(name):
            why = "nothing says when it applies"
            mend = f"write value_when: {{{name}: …}}"
            entry.context.refuse(entry.span_of("values"), f'found the value "{name}"', why, mend)
        elif length is not None:
            found.append((length, guards.guard(name)))
    return tuple(found)


def _panel(entry: Entry, outline: Outline, registers: Registers) -> Panel:
    quorum = entry.record("quorum")
    states = outline.names("states")
    return Panel(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        machine=outline.machine,
        title=entry.text("title"),
        in_states=entry.all_known("in", states, "state"),
        listed_in=entry.all_known("listed_in", states, "state"),
        chair=entry.known("chair", registers.roles, "role") or "",
        members=roles_of(entry, "members", registers),
        at_least=(quorum.number("at_least") if quorum else None) or 1,
        majority_of_members=bool(quorum and quorum.yes("majority_of_members")),
        needs_chair=bool(quorum and quorum.yes("chair")),
        must_open_file=entry.yes("must_open_file"),
        reasons_if_dissent=entry.yes("reasons_if_dissent"),
        questions={name: _panel_question(question) for name, question in entry.named("questions").items()},
        needs_other_person_than=entry.all_known("needs_other_person_than", registers.functions, "function"),
        function=entry.known("function", registers.functions, "function") or "vote",
    )


def _panel_question(entry: Entry) -> PanelQuestion:
    tie_after = entry.number("tie_after")
    return PanelQuestion(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        ask=entry.text("ask"),
        tie="yes" if entry.yes("tie") else "no",
        tie_after=1 if tie_after is None else tie_after,
        when=entry.guard("when"),
    )


def _safeguard(entry: Entry, outline: Outline, outlines: Mapping[str, Outline], registers: Registers) -> Safeguard:
    pattern = next((name for name in PATTERNS if entry.has(name)), "by_structure")
    _check_companions(entry, pattern)
    before, within, at_least = entry.record("before"), entry.record("within"), entry.record("at_least")
    names = _Qualifier(outline, outlines)
    guard = within.guard("from") if within else ALWAYS
    if pattern in ("never", "always", "doing"):
        guard = entry.guard("require" if pattern == "doing" else pattern)
    return Safeguard(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        machine=outline.machine,
        says=entry.text("says"),
        pattern=pattern,
        rule=", ".join(entry.texts("rule")),
        property_id=", ".join(entry.texts("property")),
        guard=guard,
        until=within.guard("until") if within else ALWAYS,
        transition="".join(names.all_of(entry, "doing", "transitions")[:1]),
        enters=before.all_known("enter", outline.names("states"), "state") if before else (),
        did=names.all_of(before, "requires", "transitions"),
        since="".join(names.all_of(before, "since", "transitions")[:1]),
        length=within.length("length") if within else at_least.length("length") if at_least else None,
        functions=entry.all_known("different_people", registers.functions, "function"),
        states=entry.all_known("always_possible", outline.names("states"), "state"),
        deadline="".join(names.all_of(at_least, "deadline", "deadlines")[:1]),
        structure=entry.text("by_structure"),
        carried_by=names.carriers(entry),
    )


def _check_companions(entry: Entry, pattern: str) -> None:
    for key, partner in (("require", "doing"), ("carried_by", "by_structure")):
        if (pattern == partner) != entry.has(key):
            found = f'found no "{key}"' if pattern == partner else f'found "{key}" without "{partner}"'
            mend = f"write both {partner} and {key}" if pattern == partner else f"remove {key}"
            entry.context.refuse(entry.span, f'{found} in "{entry.name}"', "the two belong together", mend)
    if pattern == "different_people" and len(entry.texts("different_people")) < 2:
        why = "one function alone has nobody to differ from"
        entry.context.refuse(entry.span_of(pattern), "found one function", why, "write [one, other]")


class _Qualifier:
    """Turns names of a safeguard into ``machine.name``, checking that each is declared."""

    def __init__(self, outline: Outline, outlines: Mapping[str, Outline]) -> None:
        self.outline = outline
        self.outlines = outlines

    def all_of(self, entry: Entry | None, key: str, section: str) -> tuple[str, ...]:
        found = []
        for item in entry.scalars(key) if entry else ():
            text = item.text.removeprefix("did ").strip()
            machine, name = split_qualified(text, own=self.outline.machine, machines=self.outlines)
            if name in self.outlines[machine].names(section):
                found.append(f"{machine}.{name}")
            elif entry:
                entry.unknown(item.span, text, self._known(section), section.removesuffix("s"))
        return tuple(found)

    def carriers(self, entry: Entry) -> tuple[str, ...]:
        """Return the paths of ``carried_by``: ``section.name``, ``machine.section.name``, or a key of the file."""
        found = []
        for item in entry.scalars("carried_by"):
            machine, path = split_qualified(item.text, own=self.outline.machine, machines=self.outlines)
            section, _, rest = path.partition(".")
            is_key_of_file = not rest and section in self.outlines[machine].raw.entries
            if is_key_of_file or (section in SECTIONS and self._is_declared(machine, section, rest)):
                found.append(f"{machine}.{path}")
            else:
                names = self.outlines[machine].names
                entry.unknown(
                    item.span, item.text, [f"{s}.{name}" for s in SECTIONS for name in names(s)], "declaration"
                )
        return tuple(found)

    def _is_declared(self, machine: str, section: str, rest: str) -> bool:
        """A declaration, or one of the keys that its section knows (transitions.confirm.needs_other_person_than)."""
        names = self.outlines[machine].names(section)
        name, _, key = rest.rpartition(".")
        return rest in names or (name in names and key in SECTIONS[section].record.keys)

    def _known(self, section: str) -> list[str]:
        own = list(self.outline.names(section))
        elsewhere = (outline for outline in self.outlines.values() if outline is not self.outline)
        return own + [f"{outline.machine}.{name}" for outline in elsewhere for name in outline.names(section)]
