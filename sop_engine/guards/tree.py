"""The typed tree of a guard: what the grammar makes of a text, and what is evaluated, explained and proved.

Every node knows where it stands (``span``); two nodes are equal when they mean the same, wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a declaration: file, line and column, both from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Span("", 0, 0)
KEY = "key"
"""The word by which a guard asks what its own instance was opened for."""

Comparison: TypeAlias = Literal["<", "<=", ">", ">="]
Quantity: TypeAlias = Literal["every", "some", "no", "at_least"]


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(default=NOWHERE, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Always(Node):
    """True: the guard that was left out."""


@dataclass(frozen=True, slots=True)
class And(Node):
    parts: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    parts: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    part: Guard


@dataclass(frozen=True, slots=True)
class FactIs(Node):
    """A fact of a machine, or a shared fact; after the type check, ``machine`` is None for shared ones only."""

    machine: str | None
    fact: str


@dataclass(frozen=True, slots=True)
class QuestionRef:
    """A question: ``machine`` is None before resolution and for the column of a table (whose ``step`` is empty too)."""

    machine: str | None
    step: str
    question: str
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Answered(Node):
    question: QuestionRef


@dataclass(frozen=True, slots=True)
class ValueIn(Node):
    """``is``, ``is not``, ``in``, ``not in`` over a yes_no, a choice, a number or a column."""

    question: QuestionRef
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """A set of choices includes at least one of the values."""

    question: QuestionRef
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    question: QuestionRef
    operator: Comparison
    number: int


@dataclass(frozen=True, slots=True)
class Rows(Node):
    """``every row of t (…)``, ``some row``, ``no row``, ``at least n rows``; inside, questions are columns."""

    quantity: Quantity
    table: QuestionRef
    test: Guard
    number: int = 1


@dataclass(frozen=True, slots=True)
class StateIn(Node):
    """The newest instance of a machine is in one of the states (``not_opened`` when it never ran)."""

    machine: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstancesIn(Node):
    """Instances by key: ``some referral of [asylum] in [sent]``; ``keys`` empty means any key."""

    quantity: Literal["every", "some", "no"]
    machine: str
    keys: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyIs(Node):
    """What the own instance was opened for: ``key is asylum``. After the type check ``machine`` is the own machine."""

    machine: str | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadlineIs(Node):
    machine: str | None
    deadline: str
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelIs(Node):
    machine: str | None
    panel: str
    item: str
    """``quorum`` or a question of the panel."""
    values: tuple[str, ...]


Guard: TypeAlias = (
    Always
    | And
    | Or
    | Not
    | FactIs
    | Answered
    | ValueIn
    | Includes
    | Compare
    | Rows
    | StateIn
    | InstancesIn
    | KeyIs
    | DeadlineIs
    | PanelIs
)

ALWAYS = Always()
