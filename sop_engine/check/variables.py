"""The variables of the model: states, answers, shared facts, deadlines, panels, each with finitely many values.

Answers are cut into the classes that guards can tell apart: ``age < 18`` needs two numbers, not a hundred and twenty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.definition.model import Definition, Machine, Question
from sop_engine.guards.tree import (
    And,
    Answered,
    Compare,
    Guard,
    Includes,
    Not,
    Or,
    QuestionRef,
    Rows,
    ValueIn,
)
from sop_engine.vocabulary import Answer

VariableKind: TypeAlias = Literal[
    "state", "answer", "latest", "rows", "shared", "deadline", "panel", "undo", "earlier", "did", "free"
]
UNANSWERED = "(unanswered)"
OTHER = "(other)"
YES, NO = "yes", "no"
OPEN = "open"
NONE = "(none)"
OLD = "~earlier"
"""Mark of the slot that stands for any earlier instance of a machine."""

DEADLINE_VALUES = ("not_started", "running", "met", "expired", "expired_ended")
TRUTH = (NO, YES)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the model; the first value is the one before anything happened."""

    name: str
    kind: VariableKind
    values: tuple[str, ...]
    slot: str = ""
    """The machine (and key) it belongs to; empty for facts of the case."""
    meaning: Mapping[str, Answer] = field(default_factory=dict, compare=False)
    """Value → a typical answer that stands for its class."""

    @property
    def initial(self) -> str:
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Slot:
    """The newest instance of one machine (of one key)."""

    machine: str
    key: str | None = None
    is_earlier: bool = False

    @property
    def name(self) -> str:
        base = f"{self.machine}[{self.key}]" if self.key else self.machine
        return base + OLD if self.is_earlier else base


def slots_of(machine: Machine) -> tuple[Slot, ...]:
    """Return one slot per key, or the single slot of a machine without keys."""
    return tuple(Slot(machine.name, key) for key in machine.key_values) or (Slot(machine.name),)


def state_name(slot: Slot) -> str:
    return slot.name


def answer_name(slot: Slot, step: str, question: str) -> str:
    return f"{slot.name}:{step}.{question}"


def latest_name(slot: Slot, step: str, question: str) -> str:
    return f"{slot.name}:latest {step}.{question}"


def bit_name(answer: str, choice: str) -> str:
    return f"{answer}?{choice}"


def shared_name(fact: str) -> str:
    return f"fact {fact}"


def deadline_name(slot: Slot, deadline: str) -> str:
    return f"{slot.name}:deadline {deadline}"


def panel_name(slot: Slot, panel: str, item: str) -> str:
    return f"{slot.name}:panel {panel}.{item}"


def undo_name(slot: Slot) -> str:
    return f"{slot.name}:taken back to"


def earlier_name(slot: Slot) -> str:
    return f"{slot.name}:has earlier"


def did_name(safeguard: str, transition: str, slot: Slot) -> str:
    """Return the variable that remembers, for a safeguard read at one slot, that a transition was taken."""
    return f"did {transition} for {safeguard}" + (f" [{slot.key}]" if slot.key else "")


def done_name(function: str) -> str:
    return f"done {function}"


@dataclass(slots=True)
class Asked:
    """What guards ask of one question: the values they name, and the row tests they make."""

    values: set[str | int] = field(default_factory=set)
    cuts: set[int] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    rows: list[Rows] = field(default_factory=list)
    current: bool = False
    latest: bool = False


def asked_in(guards: Iterable[Guard], asked: dict[tuple[str, str, str], Asked]) -> None:
    """Add to ``asked`` what these guards ask of questions (machine, step, question)."""
    pending = list(guards)
    while pending:
        guard = pending.pop()
        match guard:
            case And(parts) | Or(parts):
                pending.extend(parts)
            case Not(part):
                pending.append(part)
            case ValueIn(question, values):
                entry = _entry(asked, question)
                entry.values.update(values)
                entry.cuts.update(cut for v in values if isinstance(v, int) for cut in (v, v + 1))
            case Includes(question, values):
                _entry(asked, question).choices.update(values)
            case Compare(question, operator, number):
                _entry(asked, question).cuts.add(number if operator in ("<", ">=") else number + 1)
            case Answered(question):
                _entry(asked, question)
            case Rows():
                entry = _entry(asked, guard.table)
                if guard not in entry.rows:
                    entry.rows.append(guard)
            case _:
                pass


def _entry(asked: dict[tuple[str, str, str], Asked], question: QuestionRef) -> Asked:
    entry = asked.setdefault((question.machine or "", question.step, question.question), Asked())
    if question.latest:
        entry.latest = True
    else:
        entry.current = True
    return entry


def answer_values(question: Question, asked: Asked) -> tuple[tuple[str, ...], dict[str, Answer]]:
    """Return the classes of answers that guards can tell apart, and a typical answer of each."""
    meaning: dict[str, Answer] = {}
    match question.answer:
        case "yes_no" | "choice":
            offered = (YES, NO) if question.answer == "yes_no" else tuple(question.choices)
            everything = (*offered, *question.may_be)
            for value in everything:
                if value in asked.values:
                    meaning[value] = value
            rest = [value for value in everything if value not in meaning]
            if len(rest) == 1:
                meaning[rest[0]] = rest[0]
            elif rest:
                meaning[OTHER] = rest[0]
        case "number":
            meaning.update(_number_classes(question, asked))
            meaning.update({value: value for value in question.may_be})
        case _:
            meaning[OTHER] = ""
            meaning.update({value: value for value in question.may_be if value in asked.values})
    return (UNANSWERED, *meaning), meaning


def _number_classes(question: Question, asked: Asked) -> dict[str, Answer]:
    low = question.lowest if question.lowest is not None else min((0, *asked.cuts)) - 1
    high = question.highest if question.highest is not None else max((0, *asked.cuts)) + 1
    edges = sorted({low, *(cut for cut in asked.cuts if low < cut <= high)})
    classes: dict[str, Answer] = {}
    for start, following in zip(edges, [*edges[1:], high + 1], strict=True):
        last = following - 1
        # A typical witness: near the edge that matters (age 16 rather than 0, 19 rather than 120).
        typical = max(start, last - 1) if start == low else min(last, start + 1)
        classes[str(start) if start == last else f"{start}..{last}"] = typical
    return classes


def class_bounds(name: str) -> tuple[int, int]:
    """Return the lowest and highest number of a class."""
    first, _, last = name.partition("..")
    return int(first), int(last or first)


def every_guard(definition: Definition) -> list[Guard]:
    """Return every guard of the set."""
    found: list[Guard] = [fact.when for fact in definition.shared.values() if fact.kind == "derived"]
    for fact in definition.shared.values():
        found += [g for g in (fact.set_when, fact.cleared_when) if g is not None]
    for machine in definition.machines.values():
        found += [fact.when for fact in machine.facts.values()]
        for step in machine.steps.values():
            for question in step.questions.values():
                found += [g for g in (question.required_when, question.shown_when) if g is not None]
        for t in machine.transitions.values():
            found += [t.when, t.requires, *(opening.when for opening in t.opens)]
        for deadline in machine.deadlines.values():
            found += [deadline.starts_when, deadline.stops_when, *(g for _, g in deadline.variants)]
        for panel in machine.panels.values():
            found += [q.when for q in panel.questions.values()]
        for safeguard in machine.safeguards.values():
            found += [safeguard.guard, safeguard.until]
    return found
