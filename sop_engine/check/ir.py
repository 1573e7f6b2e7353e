"""The model of a set: finitely many variables, and events that read and write them.

One source for every proof engine. What happens in it is what ``engine.apply`` can do, or more (never less):

- officers answer open steps, take transitions, correct sealed answers, take mis-clicks back, open procedures;
- shared facts, deadlines and automatic transitions follow by themselves, before anybody acts again;
- a running deadline may expire at any moment (days are not counted), panels come to any result while they sit;
- an earlier instance of a procedure that rests may still do what it could do from there.

Not in it: a running paper file brought in at a later state (``EnterFromPaper``), which a supervisor vouches for; on
such cases the same safeguards are read at run time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from sop_engine.check.formula import FALSE, TRUE, Formula, all_of, any_of, implies, literal, negation
from sop_engine.check.reading import Reader
from sop_engine.check.variables import OTHER, UNANSWERED, YES, Slot, answer_name, latest_name
from sop_engine.check.vocabulary import Vocabulary
from sop_engine.definition.model import Definition, Question

EventKind: TypeAlias = Literal[
    "follow", "deadline", "auto", "expire", "act", "answer", "correct", "take_back", "panel", "open", "earlier"
]
TIER: dict[EventKind, int] = {"expire": 0, "follow": 1, "deadline": 2, "auto": 3}
"""What follows by itself goes first: shared facts, then deadlines, then automatic transitions, then people."""


@dataclass(frozen=True, slots=True)
class Only:
    """Go on only where this is true."""

    when: Formula


@dataclass(frozen=True, slots=True)
class Anything:
    """These variables take any values that fit."""

    variables: tuple[str, ...]
    fitting: Formula = TRUE


@dataclass(frozen=True, slots=True)
class Put:
    """Where this is true, these variables take these values."""

    values: tuple[tuple[str, str], ...]
    when: Formula = TRUE


Op: TypeAlias = Only | Anything | Put


@dataclass(frozen=True)
class ModelEvent:
    """One thing that can happen, as operations done one after the other."""

    name: str
    kind: EventKind
    ops: tuple[Op, ...]
    slot: Slot | None = None
    subject: str = ""
    """The transition, step, deadline or panel it is about, by its bare name."""
    holds_up: bool = True
    """Whether nothing later happens while this can (only what follows by itself)."""

    @property
    def tier(self) -> int:
        return TIER.get(self.kind, 4)

    @cached_property
    def reads(self) -> frozenset[str]:
        found: set[str] = set()
        for op in self.ops:
            match op:
                case Only(when) | Put(_, when):
                    found |= when.support
                case Anything(_, fitting):
                    found |= fitting.support
        return frozenset(found)

    @cached_property
    def writes(self) -> frozenset[str]:
        found: set[str] = set()
        for op in self.ops:
            match op:
                case Anything(variables, _):
                    found |= set(variables)
                case Put(values, _):
                    found |= {name for name, _ in values}
                case _:
                    pass
        return frozenset(found)

    @cached_property
    def guard(self) -> Formula:
        """When it can begin: the conditions before its first change."""
        conditions = []
        for op in self.ops:
            if not isinstance(op, Only):
                break
            conditions.append(op.when)
        return all_of(*conditions)


@dataclass(frozen=True)
class Model:
    """A set as variables and events. ``reader`` turns further guards into formulas of the same variables."""

    definition: Definition
    words: Vocabulary
    reader: Reader
    events: tuple[ModelEvent, ...]
    by_write: dict[str, tuple[ModelEvent, ...]] = field(default_factory=dict, compare=False)

    def writers(self, variable: str) -> tuple[ModelEvent, ...]:
        return self.by_write.get(variable, ())


def fitting_answers(reader: Reader, slot: Slot, step: str) -> Formula:
    """Return which answers of a step can be recorded together: asked, complete, well formed (as ``check_answers``)."""
    words = reader.words
    conditions = []
    for question in words.definition.machines[slot.machine].steps[step].questions.values():
        name = answer_name(slot, step, question.name)
        if name not in words.variables:
            continue
        given = negation(literal(name, {UNANSWERED}))
        shown = TRUE if question.shown_when is None else reader.true(question.shown_when, slot)
        required = TRUE if question.required else FALSE
        if question.required_when is not None:
            required = reader.true(question.required_when, slot)
        conditions += [
            implies(given, shown),
            implies(all_of(shown, required), given),
            *_parts_fit(reader, question, name),
            *([implies(given, _is_the_key(words, slot, name))] if question.is_key else []),
        ]
    return all_of(*conditions)


def _is_the_key(words: Vocabulary, slot: Slot, name: str) -> Formula:
    values = words.variables[name].values
    return literal(name, {slot.key if slot.key in values else OTHER})


def _parts_fit(reader: Reader, question: Question, name: str) -> list[Formula]:
    words = reader.words
    is_list = literal(name, set(words.variables[name].values) - {UNANSWERED, *question.may_be})
    conditions = []
    choices: dict[str, Formula] = {}
    for part in words.parts_of(name):
        if words.variables[part].kind == "rows":
            conditions.append(any_of(is_list, literal(part, {"open"})))
        else:
            choices[part.rsplit("?", 1)[1]] = literal(part, {YES})
            conditions.append(implies(literal(part, {YES}), is_list))
    if "none" in choices:
        others = any_of(*(chosen for code, chosen in choices.items() if code != "none"))
        conditions.append(negation(all_of(choices["none"], others)))
    if choices and set(choices) == set(question.choices) and question.required and question.required_when is None:
        conditions.append(implies(is_list, any_of(*choices.values())))
    return conditions


def latest_follows(words: Vocabulary, slot: Slot, step: str) -> tuple[tuple[str, ...], Formula]:
    """Return the ``latest`` variables of a step, and that each equals the current answer where there is one."""
    variables: list[str] = []
    conditions = []
    for question in words.definition.machines[slot.machine].steps[step].questions:
        latest, now = latest_name(slot, step, question), answer_name(slot, step, question)
        if latest not in words.variables:
            continue
        given = negation(literal(now, {UNANSWERED}))
        pairs = [(latest, now), *zip(words.parts_of(latest), words.parts_of(now), strict=True)]
        for one, other in pairs:
            variables.append(one)
            for value in words.variables[one].values:
                if value != UNANSWERED:
                    conditions.append(implies(all_of(given, literal(other, {value})), literal(one, {value})))
    return tuple(variables), all_of(*conditions)


def cleared(words: Vocabulary, variables: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the values that variables have before anything happened to them."""
    return tuple((name, words.variables[name].initial) for name in variables)
