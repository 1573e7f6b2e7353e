"""Steps, questions and facts: from their declarations to the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias, cast

from sop_engine.definition.build_registers import Registers
from sop_engine.definition.entries import Columns, Entry
from sop_engine.definition.model import AnswerType, Confidentiality, Fact, Question, SharedFact, Step
from sop_engine.definition.names import choices_of, list_of, may_be_of
from sop_engine.definition.outline import Outline, split_qualified
from sop_engine.guards.tree import ALWAYS, Span
from sop_engine.guards.types import QuestionNames

LONGEST_TEXT = 4000
ANY_ROLE = "any_role"
SharedKind: TypeAlias = Literal["latch", "switch", "derived"]


def build_steps(machine: Entry, registers: Registers) -> Mapping[str, Step]:
    """Return the steps of a machine, each with its questions in the order they are declared."""
    steps = machine.named("steps")
    questions: dict[str, dict[str, Question]] = {step: {} for step in steps}
    for name, entry in machine.named("questions").items():
        step, _, bare = name.partition(".")
        if step not in steps:
            entry.unknown(entry.span, step, steps, "step")
        else:
            questions[step][bare] = replace(
                _question(entry, bare, step, registers),
                counted_in=entry.all_known("counted_in", machine.named("states"), "state"),
                is_key=_repeats_the_key(entry, registers),
            )
    return {name: _step(entry, questions[name], registers) for name, entry in steps.items()}


def _repeats_the_key(entry: Entry, registers: Registers) -> bool:
    """Read ``is_key``: every key of the machine must be among the choices, or an instance of it could not go on."""
    if not entry.yes("is_key"):
        return False
    names = entry.context.names.machines.get(entry.machine)
    keys, choices = names.keys if names else (), choices_of(entry, registers.lists)
    found, mend = f'found "is_key" in "{entry.name}"', "remove is_key, or let the choices name every key"
    if not keys:
        entry.context.refuse(entry.span_of("is_key"), found, f"{entry.machine} has no keys", mend)
    for key in keys:
        if key not in choices:
            entry.context.refuse(entry.span_of("is_key"), found, f'the key "{key}" is none of its choices', mend)
    return True


def build_facts(machine: Entry) -> Mapping[str, Fact]:
    """Return the facts of a machine."""
    return {
        name: Fact(
            name=name,
            span=entry.span,
            source=entry.sources(),
            when=entry.guard("when"),
            says=entry.text("says"),
            if_not=entry.text("if_not"),
        )
        for name, entry in machine.named("facts").items()
    }


def build_shared(machine: Entry, outlines: Mapping[str, Outline]) -> Mapping[str, SharedFact]:
    """Return the facts of the case."""
    return {name: _shared(entry, outlines) for name, entry in machine.named("shared").items()}


def roles_of(entry: Entry, key: str, registers: Registers) -> frozenset[str]:
    """Return the roles under a key; ``any_role`` stands for every role so marked."""
    named = entry.all_known(key, [*registers.roles, ANY_ROLE], "role")
    found = frozenset(role for role in named if role != ANY_ROLE)
    return found | registers.any_role if ANY_ROLE in named else found


def _step(entry: Entry, questions: Mapping[str, Question], registers: Registers) -> Step:
    return Step(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        title=entry.text("title"),
        by=roles_of(entry, "by", registers),
        questions=questions,
        why=entry.text("why"),
        say=entry.text("say"),
        help=entry.text("help"),
        function=entry.known("function", registers.functions, "function"),
    )


def _question(entry: Entry, name: str, step: str, registers: Registers, columns: Columns = None) -> Question:
    _check_fitting_keys(entry, registers)
    required = entry.scalar("required")
    required_when = None
    if required is not None and required.text.startswith("when "):
        at = required.span
        guard_text = required.written.removeprefix("when ")
        required_when = entry.resolved(guard_text, Span(at.file, at.line, at.column + 5), columns=columns)
    inner = _column_names(entry, registers)
    return Question(
        name=name,
        span=entry.span,
        source=entry.sources(),
        step=step,
        confidentiality=cast(Confidentiality, entry.text("class", "restricted")),
        ask=entry.text("ask"),
        answer=cast(AnswerType, entry.text("answer", "text")),
        choices=choices_of(entry, registers.lists),
        list_name=list_of(entry),
        hint=entry.text("hint"),
        why=entry.text("why"),
        lowest=entry.number("from"),
        highest=entry.number("to"),
        min_length=entry.number("min_length") or 0,
        max_length=entry.number("max_length") or LONGEST_TEXT,
        multiline=entry.yes("multiline"),
        partial=entry.yes("partial"),
        not_future=entry.yes("not_future"),
        required=entry.text("required", "yes") == "yes",
        required_when=required_when,
        shown_when=entry.optional_guard("shown_when", columns=columns),
        may_be=may_be_of(entry),
        asked_of_person=entry.has("asked_of"),
        columns={
            column: _question(under, column, "", registers, inner) for column, under in entry.named("columns").items()
        },
        fields=entry.texts("field") or (name,),
        refuse_if_only=entry.texts("refuse_if_only"),
    )


def _column_names(entry: Entry, registers: Registers) -> Mapping[str, QuestionNames]:
    return {
        name: QuestionNames(
            answer=column.text("answer", "text"),
            choices=tuple(choices_of(column, registers.lists)),
            may_be=may_be_of(column),
        )
        for name, column in entry.named("columns").items()
    }


_ONLY_FOR = {
    "choices": ("choice", "many"),
    "from": ("number",),
    "to": ("number",),
    "min_length": ("text",),
    "max_length": ("text",),
    "multiline": ("text",),
    "refuse_if_only": ("text",),
    "counted_in": ("number",),
    "is_key": ("choice",),
    "partial": ("date",),
    "not_future": ("date", "moment"),
    "columns": ("table",),
}


def _check_fitting_keys(entry: Entry, registers: Registers) -> None:
    """Keys that belong to another type of answer, choices that are missing, a list that does not exist."""
    answer = entry.text("answer", "text")
    refuse = entry.context.refuse
    for key, answers in _ONLY_FOR.items():
        if entry.has(key) and answer not in answers:
            why = f'it is for {" and ".join(answers)}, and this answer is "{answer}"'
            refuse(entry.span_of(key), f'found "{key}" in "{entry.name}"', why, "remove the key or change the answer")
    for key in ("choices", "columns"):
        if answer in _ONLY_FOR[key] and not entry.has(key):
            refuse(entry.span, f'found no "{key}" in "{entry.name}"', f'"{answer}" needs it', f"write {key}: …")
    list_name = list_of(entry)
    if list_name is not None and list_name not in registers.lists:
        entry.unknown(entry.span_of("choices"), list_name, registers.lists, "list")
    lowest, highest = entry.number("from"), entry.number("to")
    if lowest is not None and highest is not None and lowest > highest:
        refuse(entry.span_of("from"), f"found {lowest} to {highest}", "no number lies between them", "swap the two")
    if entry.has("asked_of") and entry.has("may_be"):
        why = "asked_of: person adds both answers already"
        refuse(entry.span_of("may_be"), 'found "may_be" beside "asked_of"', why, "remove may_be")


def _shared(entry: Entry, outlines: Mapping[str, Outline]) -> SharedFact:
    kind = entry.text("kind", "latch")
    allowed = {
        "derived": {"when"},
        "latch": {"set_by", "set_when"},
        "switch": {"set_by", "set_when", "cleared_by", "cleared_when"},
    }.get(kind, set())
    refuse = entry.context.refuse
    for key in ("when", "set_by", "set_when", "cleared_by", "cleared_when"):
        if entry.has(key) and key not in allowed:
            why = f"a {kind} has only {' and '.join(sorted(allowed))}"
            refuse(entry.span_of(key), f'found "{key}" in "{entry.name}"', why, "remove the key or change the kind")
    needed: dict[str, tuple[tuple[str, ...], ...]] = {
        "derived": (("when",),),
        "latch": (("set_by", "set_when"),),
        "switch": (("set_by", "set_when"), ("cleared_by", "cleared_when")),
    }
    for keys in needed.get(kind, ()):
        if not any(entry.has(key) for key in keys):
            found = f'found no "{keys[0]}" in "{entry.name}"'
            refuse(entry.span, found, "nothing would ever change it", f"write {' or '.join(keys)}")
    return SharedFact(
        name=entry.name,
        span=entry.span,
        source=entry.sources(),
        kind=cast(SharedKind, kind),
        says=entry.text("says"),
        if_not=entry.text("if_not"),
        when=entry.guard("when", ALWAYS),
        set_by=_writers(entry, "set_by", outlines),
        cleared_by=_writers(entry, "cleared_by", outlines),
        set_when=entry.optional_guard("set_when"),
        cleared_when=entry.optional_guard("cleared_when"),
    )


def _writers(entry: Entry, key: str, outlines: Mapping[str, Outline]) -> frozenset[str]:
    found = set()
    for item in entry.scalars(key):
        machine, name = split_qualified(item.text, own=entry.machine, machines=outlines)
        if name in outlines[machine].names("transitions"):
            found.add(f"{machine}.{name}")
        else:
            known = [f"{other}.{t}" for other, outline in outlines.items() for t in outline.names("transitions")]
            entry.unknown(item.span, item.text, known, "transition")
    return frozenset(found)
