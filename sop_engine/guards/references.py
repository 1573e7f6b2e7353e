"""What a guard refers to: every question, fact, state, deadline and panel it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sop_engine.guards.tree import (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Everything one guard reads, each kind a set."""

    questions: frozenset[QuestionRef]
    """Tables included; a column outside a row test has an empty step."""
    columns: frozenset[tuple[QuestionRef, str]]
    """(table, column) of row tests."""
    facts: frozenset[tuple[str | None, str]]
    states: frozenset[tuple[str, str]]
    """(machine, state), from tests of the newest instance and of instances by key."""
    instances: frozenset[tuple[str, str]]
    """(machine, key); the key is empty for “of any”."""
    keys: frozenset[tuple[str | None, str]]
    """(machine, key), from tests of what the own instance was opened for."""
    deadlines: frozenset[tuple[str | None, str]]
    panels: frozenset[tuple[str | None, str, str]]
    """(machine, panel, item)."""

    @property
    def machines(self) -> frozenset[str]:
        """Return every machine that is named by one of its parts."""
        homes = {question.machine for question in self.questions}
        homes |= {machine for machine, _ in self.facts | self.keys | self.deadlines}
        homes |= {machine for machine, _ in self.states | self.instances}
        homes |= {machine for machine, _, _ in self.panels}
        return frozenset(home for home in homes if home is not None)


def leaves(guard: Guard) -> Iterator[Guard]:
    """Yield the tests of a guard, without ``and``, ``or`` and ``not``. Row tests come whole, their inside does not."""
    match guard:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield guard


def references(guard: Guard) -> References:
    """Return everything a guard reads, not looking into the facts it names."""
    tests = tuple(leaves(guard))
    by_key = [one for one in tests if isinstance(one, InstancesIn)]
    return References(
        questions=frozenset(_questions(tests)),
        columns=frozenset(
            (one.table, column.question)
            for one in tests
            if isinstance(one, Rows)
            for column in _questions(tuple(leaves(one.test)))
        ),
        facts=frozenset((one.machine, one.fact) for one in tests if isinstance(one, FactIs)),
        states=frozenset(
            (one.machine, state) for one in tests if isinstance(one, StateIn | InstancesIn) for state in one.states
        ),
        instances=frozenset((one.machine, key) for one in by_key for key in one.keys or ("",)),
        keys=frozenset((one.machine, key) for one in tests if isinstance(one, KeyIs) for key in one.keys),
        deadlines=frozenset((one.machine, one.deadline) for one in tests if isinstance(one, DeadlineIs)),
        panels=frozenset((one.machine, one.panel, one.item) for one in tests if isinstance(one, PanelIs)),
    )


def _questions(tests: tuple[Guard, ...]) -> Iterator[QuestionRef]:
    for one in tests:
        if isinstance(one, Answered | ValueIn | Includes | Compare):
            yield one.question
        elif isinstance(one, Rows):
            yield one.table
