"""Evaluate a guard: true, false, or open (None) while an answer that it needs is missing.

Open is Kleene's third value: it never opens a door, and ``not`` over open stays open. A guard is compiled to closures
once and then costs well under a microsecond a test, since every step reads every guard near it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any, Protocol, TypeAlias, cast

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
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, Answer, DeadlineStatus

Verdict: TypeAlias = bool | None
"""None is open."""


class Reading(Protocol):
    """A case as a guard reads it. Whoever implements it settles which instance is meant: the own one, or the newest."""

    def answer(self, question: QuestionRef, /) -> Answer | None:
        """Return the answer of the current round (of the newest round that has one, if ``latest``), or None."""

    def fact(self, machine: str | None, name: str, /) -> Verdict:
        """Return a fact of a machine, or a shared fact when ``machine`` is None."""

    def state(self, machine: str, /) -> str:
        """Return the state of the newest instance, or ``not_opened``."""

    def instances(self, machine: str, /) -> Sequence[tuple[str | None, str]]:
        """Return (key, state) of every instance that counts."""

    def key(self, machine: str | None, /) -> str | None:
        """Return what the own instance was opened for, or None for one without a key."""

    def deadline(self, machine: str | None, name: str, /) -> DeadlineStatus:
        """Return how a deadline stands."""

    def panel(self, machine: str | None, panel: str, item: str, /) -> str:
        """Return ``met`` or ``not_met`` of the quorum; ``carried``, ``failed``, ``tied`` or ``open`` of a question."""


Compiled: TypeAlias = Callable[[Reading], Verdict]


def evaluate(guard: Guard, reading: Reading) -> Verdict:
    """Say whether a guard is true, false, or open (None) of a case."""
    return compile_guard(guard)(reading)


def evaluate_row(guard: Guard, row: Mapping[str, Answer]) -> Verdict:
    """Say whether a guard over the columns of a table is true, false, or open (None) of one row."""
    return _compile(guard, _cell_of)(row)


def compile_guard(guard: Guard) -> Compiled:
    """Return the guard as a function of a reading. The same guard is compiled once."""
    # By identity first: hashing a large tree would cost more than evaluating it. The tree is kept, so its id stays its.
    known = _BY_IDENTITY.get(id(guard))
    if known is not None:
        return known[1]
    if len(_BY_IDENTITY) >= _MOST_KEPT:
        _BY_IDENTITY.clear()
    compiled = _compile_equal(guard)
    _BY_IDENTITY[id(guard)] = (guard, compiled)
    return compiled


_MOST_KEPT = 20_000
_BY_IDENTITY: dict[int, tuple[Guard, Compiled]] = {}


@lru_cache(maxsize=_MOST_KEPT)
def _compile_equal(guard: Guard) -> Compiled:
    return cast(Compiled, _compile(guard, _answer_of))


# A subject is a reading, or one row of a table; a test only asks it for answers, through the function it was given.
_Test: TypeAlias = Callable[[Any], Verdict]
_Ask: TypeAlias = Callable[[QuestionRef], Callable[[Any], Answer | None]]


def _answer_of(question: QuestionRef) -> Callable[[Reading], Answer | None]:
    return lambda reading: reading.answer(question)


def _cell_of(question: QuestionRef) -> Callable[[Mapping[str, Answer]], Answer | None]:
    column = question.question
    return lambda row: row.get(column)


def _compile(guard: Guard, ask: _Ask) -> _Test:
    match guard:
        case Always():
            return lambda _: True
        case And(parts):
            return _all_of(tuple(_compile(part, ask) for part in parts))
        case Or(parts):
            return _any_of(tuple(_compile(part, ask) for part in parts))
        case Not(part):
            return _not(_compile(part, ask))
        case FactIs(machine, fact):
            return lambda reading: reading.fact(machine, fact)
        case Answered(question):
            found = ask(question)
            return lambda subject: found(subject) is not None
        case ValueIn(question, values):
            return _value_in(ask(question), values)
        case Includes(question, values):
            return _includes(ask(question), frozenset(values))
        case Compare():
            return _compare(ask(guard.question), guard)
        case Rows():
            return _rows(ask(guard.table), guard)
        case StateIn(machine, states):
            return lambda reading: reading.state(machine) in states
        case InstancesIn():
            return _instances(guard)
        case KeyIs(machine, keys):
            return lambda reading: reading.key(machine) in keys
        case DeadlineIs(machine, deadline, statuses):
            return lambda reading: reading.deadline(machine, deadline) in statuses
        case PanelIs(machine, panel, item, values):
            return lambda reading: reading.panel(machine, panel, item) in values


def _all_of(tests: tuple[_Test, ...]) -> _Test:
    def test(subject: Any) -> Verdict:
        verdict: Verdict = True
        for one in tests:
            found = one(subject)
            if found is False:
                return False
            if found is None:
                verdict = None
        return verdict

    return test


def _any_of(tests: tuple[_Test, ...]) -> _Test:
    def test(subject: Any) -> Verdict:
        verdict: Verdict = False
        for one in tests:
            found = one(subject)
            if found is True:
                return True
            if found is None:
                verdict = None
        return verdict

    return test


def _not(inner: _Test) -> _Test:
    def test(subject: Any) -> Verdict:
        found = inner(subject)
        return None if found is None else not found

    return test


def _value_in(found: Callable[[Any], Answer | None], values: tuple[str | int, ...]) -> _Test:
    are_numbers = any(isinstance(value, int) for value in values)

    def test(subject: Any) -> Verdict:
        answer = found(subject)
        if answer is None:
            return None
        if answer in values:
            return True
        # An unknown number may yet be any number, so “is 18” stays open over it; an unknown choice is an answer itself.
        return None if are_numbers and answer in _NO_SUBSTANCE else False

    return test


_NO_SUBSTANCE = tuple(NOT_AN_ANSWER_OF_SUBSTANCE)  # a tuple: an answer may be a list, which no set can be asked about


def _includes(found: Callable[[Any], Answer | None], values: frozenset[str]) -> _Test:
    def test(subject: Any) -> Verdict:
        answer = found(subject)
        if answer is None:
            return None
        return isinstance(answer, list) and not values.isdisjoint(answer)

    return test


_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _compare(found: Callable[[Any], Answer | None], guard: Compare) -> _Test:
    holds, number = _OPERATORS[guard.operator], guard.number

    def test(subject: Any) -> Verdict:
        answer = found(subject)
        return holds(answer, number) if isinstance(answer, int) else None

    return test


def _rows(found: Callable[[Any], Answer | None], guard: Rows) -> _Test:
    row_test, least = _compile(guard.test, _cell_of), guard.number if guard.quantity == "at_least" else 1
    if guard.quantity in ("every", "no"):
        # “Every row is so” fails with one that is not; “no row is so” fails with one that is.
        row_test = row_test if guard.quantity == "no" else _not(row_test)

    def at_least(subject: Any) -> Verdict:
        rows = found(subject)
        if not isinstance(rows, list):
            return None
        verdicts = [row_test(row) for row in rows]
        if verdicts.count(True) >= least:
            return True
        return None if verdicts.count(True) + verdicts.count(None) >= least else False

    return _not(at_least) if guard.quantity in ("every", "no") else at_least


def _instances(guard: InstancesIn) -> _Test:
    machine, keys, states = guard.machine, guard.keys, guard.states

    def of_these(reading: Reading) -> list[bool]:
        return [state in states for key, state in reading.instances(machine) if not keys or key in keys]

    match guard.quantity:
        case "every":
            return lambda reading: all(of_these(reading))
        case "some":
            return lambda reading: any(of_these(reading))
        case "no":
            return lambda reading: not any(of_these(reading))
