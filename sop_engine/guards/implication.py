"""Does one guard let through only what another lets through? The proof behind “stricter”.

A guard lets through where it is *true*; open lets nobody through. ``new`` is stricter than ``old`` when no case makes
the new one true and the old one not true. The search splits over the answers, states and statuses that the two read,
and stops at a case that tells them apart; it is exact, and where it would take too long it says “not settled” rather
than guess. Facts are first taken as they are named, and only looked into when that leaves the question open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.guards.tree import (
    Always,
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)
from sop_engine.guards.types import DEADLINE_STATUSES, PANEL_RESULTS, QUORUM_VALUES
from sop_engine.vocabulary import NOT_OPENED, UNKNOWN

Relation: TypeAlias = Literal["equivalent", "stricter", "wider", "incomparable", "not settled"]
MOST_STEPS = 4000
_OPEN = "\0open"
_OTHER = "\0another answer"
_UNDECIDED = "undecided"
_Value: TypeAlias = bool | str | None


def _no_choices(question: QuestionRef) -> tuple[str, ...]:
    return ()


def _no_fact(machine: str | None, fact: str) -> Guard | None:
    return None


def _no_states(machine: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the words of the guards range over; whatever is not told may be anything."""

    choices: Callable[[QuestionRef], tuple[str, ...]] = _no_choices
    """Every answer a yes_no or choice question can have, ``unknown`` included where it is offered; empty if open."""
    fact: Callable[[str | None, str], Guard | None] = _no_fact
    """The guard of a fact, or None for one that is set and cleared by acts."""
    states: Callable[[str], tuple[str, ...]] = _no_states
    latches: frozenset[str] = frozenset()
    """Shared facts that are set and cleared by acts: never open."""


def relation(new: Guard, old: Guard, vocabulary: Vocabulary | None = None) -> Relation:
    """Say how a new guard stands to an old one: equivalent, stricter, wider or incomparable."""
    words = vocabulary or Vocabulary()
    is_within, is_around = implies(new, old, words), implies(old, new, words)
    if is_within and is_around:
        return "equivalent"
    if is_within:
        return "stricter" if is_around is False else "not settled"
    if is_around:
        return "wider" if is_within is False else "not settled"
    return "not settled" if is_within is None or is_around is None else "incomparable"


def implies(new: Guard, old: Guard, vocabulary: Vocabulary | None = None) -> bool | None:
    """Say whether everything the new guard lets through passes the old one; None when it could not be settled."""
    words = vocabulary or Vocabulary()
    if set(_parts(old, And)) <= set(_parts(new, And)) or set(_parts(new, Or)) <= set(_parts(old, Or)):
        return True
    found = _Search(new, old, words).run()
    if found is True:
        return True
    opened = _Search(_open_up(new, words, 0), _open_up(old, words, 0), words).run()
    return True if opened is True else (None if opened is None else False)


def _parts(guard: Guard, kind: type[And | Or]) -> tuple[Guard, ...]:
    if isinstance(guard, And | Or) and isinstance(guard, kind):
        return tuple(part for inner in guard.parts for part in _parts(inner, kind))
    return () if isinstance(guard, Always) and kind is And else (guard,)


def _open_up(guard: Guard, words: Vocabulary, depth: int) -> Guard:
    """Put the guard of each fact in its place."""
    match guard:
        case And(parts):
            return And(tuple(_open_up(part, words, depth) for part in parts))
        case Or(parts):
            return Or(tuple(_open_up(part, words, depth) for part in parts))
        case Not(part):
            return Not(_open_up(part, words, depth))
        case FactIs(machine, fact) if depth < 12:
            inside = words.fact(machine, fact)
            return guard if inside is None else _open_up(inside, words, depth + 1)
        case _:
            return guard


@dataclass(slots=True)
class _Search:
    """Looks for a case in which ``new`` is true and ``old`` is not."""

    new: Guard
    old: Guard
    words: Vocabulary
    steps: int = 0
    numbers: dict[QuestionRef, set[int]] = field(default_factory=dict)
    mentioned: dict[QuestionRef, set[str]] = field(default_factory=dict)

    def run(self) -> bool | None:
        """Return True when there is none, False when there is one, None when the search was given up."""
        for guard in (self.new, self.old):
            self._note(guard)
        return self._none_below({})

    def _none_below(self, case: dict[Hashable, Hashable]) -> bool | None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return None
        new = self._value(self.new, case)
        if new in (False, None):
            return True
        old = self._value(self.old, case)
        if old is True:
            return True
        if new is True and old != _UNDECIDED:
            return False
        variable = self._next(self.new, case) if new == _UNDECIDED else self._next(self.old, case)
        settled: bool | None = True
        for value in self._domain(variable):
            below = self._none_below({**case, variable: value})
            if below is False:
                return False
            settled = settled if below else None
        return settled

    # Values.

    def _value(self, guard: Guard, case: Mapping[Hashable, Hashable]) -> _Value:
        match guard:
            case Always():
                return True
            case And(parts):
                found = [self._value(part, case) for part in parts]
                return False if False in found else _weakest(found, True)
            case Or(parts):
                found = [self._value(part, case) for part in parts]
                return True if True in found else _weakest(found, False)
            case Not(part):
                inner = self._value(part, case)
                return (not inner) if isinstance(inner, bool) else inner
            case _:
                return self._leaf(guard, case)

    def _leaf(self, guard: Guard, case: Mapping[Hashable, Hashable]) -> _Value:
        for variable in _variables(guard):
            if variable not in case:
                return _UNDECIDED
        values = [case[variable] for variable in _variables(guard)]
        match guard:
            case Answered():
                return values[0] != _OPEN
            case ValueIn(_, wanted):
                if values[0] == _OPEN:
                    return None
                if values[0] == UNKNOWN and any(isinstance(one, int) for one in wanted):
                    return None
                return values[0] in wanted
            case Compare(_, operator, number):
                if not isinstance(values[0], int):
                    return None
                return {
                    "<": values[0] < number,
                    "<=": values[0] <= number,
                    ">": values[0] > number,
                    ">=": values[0] >= number,
                }[operator]
            case Includes():
                return None if values[0] == _OPEN else any(one is True for one in values[1:])
            case StateIn(_, states):
                return values[0] in states
            case KeyIs(_, keys):
                return values[0] in keys
            case DeadlineIs(_, _, statuses):
                return values[0] in statuses
            case PanelIs(_, _, _, results):
                return values[0] in results
            case InstancesIn(quantity):
                return (values[0] is True) if quantity != "no" else values[0] is not True
            case _:
                return None if values[0] == _OPEN else values[0] is True

    # Variables: what can be chosen freely.

    def _next(self, guard: Guard, case: Mapping[Hashable, Hashable]) -> Hashable:
        """Return a variable that keeps an undecided guard undecided."""
        match guard:
            case And(parts) | Or(parts):
                return self._next(next(part for part in parts if self._value(part, case) == _UNDECIDED), case)
            case Not(part):
                return self._next(part, case)
            case _:
                return next(one for one in _variables(guard) if one not in case)

    def _domain(self, variable: Hashable) -> tuple[Hashable, ...]:
        match variable:
            case ("question", QuestionRef() as question):
                numbers = self.numbers.get(question)
                if numbers:
                    near = sorted({n + step for n in numbers for step in (-1, 0, 1)})
                    return (*near, UNKNOWN, _OPEN)
                known = self.words.choices(question)
                return (*(known or (*sorted(self.mentioned.get(question, ())), _OTHER)), _OPEN)
            case ("state", str() as machine):
                known = self.words.states(machine)
                mentioned = {s for guard in (self.new, self.old) for s in _states_of(guard, machine)}
                return (*known, NOT_OPENED) if known else (*sorted(mentioned), _OTHER)
            case ("key", machine):
                # Also a key that is not named, or none: a fact of a procedure that never ran is asked too.
                mentioned = {key for guard in (self.new, self.old) for key in _keys_of(guard, machine)}
                return (*sorted(mentioned), _OTHER)
            case ("deadline", *_):
                return DEADLINE_STATUSES
            case ("panel", _, _, item):
                return QUORUM_VALUES if item == "quorum" else PANEL_RESULTS
            case ("picked", *_) | ("instances", *_):
                return (True, False)
            case ("fact", None, str() as fact) if fact in self.words.latches:
                return (True, False)
            case _:
                return (True, False, _OPEN)

    def _note(self, guard: Guard) -> None:
        match guard:
            case And(parts) | Or(parts):
                for part in parts:
                    self._note(part)
            case Not(part):
                self._note(part)
            case ValueIn(question, values):
                self.mentioned.setdefault(question, set()).update(v for v in values if isinstance(v, str))
                self.numbers.setdefault(question, set()).update(v for v in values if isinstance(v, int))
            case Compare(question, _, number):
                self.numbers.setdefault(question, set()).add(number)
            case _:
                return


def _weakest(found: list[_Value], strongest: bool) -> _Value:
    if _UNDECIDED in found:
        return _UNDECIDED
    return None if None in found else strongest


def _variables(guard: Guard) -> tuple[Hashable, ...]:
    match guard:
        case Answered(question) | ValueIn(question) | Compare(question):
            return (("question", question),)
        case Includes(question, values):
            return (("question", question), *(("picked", question, value) for value in values))
        case StateIn(machine):
            return (("state", machine),)
        case KeyIs(machine):
            return (("key", machine),)
        case DeadlineIs(machine, deadline):
            return (("deadline", machine, deadline),)
        case PanelIs(machine, panel, item):
            return (("panel", machine, panel, item),)
        case InstancesIn(quantity, machine, keys, states):
            return (("instances", "some" if quantity == "no" else quantity, machine, keys, states),)
        case FactIs(machine, fact):
            return (("fact", machine, fact),)
        case Rows():
            return (("test", guard),)
        case _:
            return ()


def _states_of(guard: Guard, machine: str) -> set[str]:
    match guard:
        case And(parts) | Or(parts):
            return {state for part in parts for state in _states_of(part, machine)}
        case Not(part):
            return _states_of(part, machine)
        case StateIn(name, states) if name == machine:
            return set(states)
        case _:
            return set()


def _keys_of(guard: Guard, machine: object) -> set[str]:
    match guard:
        case And(parts) | Or(parts):
            return {key for part in parts for key in _keys_of(part, machine)}
        case Not(part):
            return _keys_of(part, machine)
        case KeyIs(name, keys) if name == machine:
            return set(keys)
        case _:
            return set()
