"""A definition: the set of procedures in force, typed and frozen. The loader makes it; everything else only reads it.

Guards inside are resolved: every name in them is known to exist and carries its machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.definition.national import Deviation, NationalProfile
from sop_engine.guards.tree import ALWAYS, NOWHERE, Guard, QuestionRef, Span
from sop_engine.periods import Calendar, Length

AnswerType: TypeAlias = Literal[
    "yes_no", "choice", "many", "number", "date", "moment", "text", "person", "file", "table"
]
Confidentiality: TypeAlias = Literal["procedure", "identity", "story", "sensitive", "restricted"]
StateKind: TypeAlias = Literal["work", "wait", "rest", "end"]
Mark: TypeAlias = Literal["text", "excerpt", "unconfirmed", "policy"]

ANY_STATE = "any"
NEW = "new"


@dataclass(frozen=True, slots=True)
class Source:
    """A provision of the law register, or ``policy``: a rule proposed here. The mark says how sure we are."""

    tag: str
    provision: str
    mark: Mark

    def __str__(self) -> str:
        return f"{self.tag} {self.provision}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What every declaration has: a name, a place in a file, and its sources."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    source: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Declared):
    """``name`` is the bare question name; ``step`` is empty for the column of a table."""

    step: str
    confidentiality: Confidentiality
    ask: str
    answer: AnswerType
    choices: Mapping[str, str] = field(default_factory=dict)
    list_name: str | None = None
    hint: str = ""
    why: str = ""
    lowest: int | None = None
    highest: int | None = None
    min_length: int = 0
    max_length: int = 4000
    multiline: bool = False
    partial: bool = False
    not_future: bool = False
    required: bool = True
    required_when: Guard | None = None
    shown_when: Guard | None = None
    may_be: tuple[str, ...] = ()
    asked_of_person: bool = False
    columns: Mapping[str, Question] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    """Row ids of the specification that this question carries."""
    refuse_if_only: tuple[str, ...] = ()
    counted_in: tuple[str, ...] = ()
    """A number over many files: states of this machine in which another file counts. The answer is never below that."""
    is_key: bool = False
    """A choice that only repeats what the instance was opened for: no other answer is offered or accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Declared):
    title: str
    by: frozenset[str]
    questions: Mapping[str, Question]
    why: str = ""
    say: str = ""
    help: str = ""
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Declared):
    when: Guard
    says: str
    if_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFact(Declared):
    """A fact of the case: a latch (never unset), a switch, or derived from other things."""

    kind: Literal["latch", "switch", "derived"]
    says: str
    if_not: str
    when: Guard = ALWAYS
    set_by: frozenset[str] = frozenset()
    """Qualified transitions, ``case.signal_fear``."""
    cleared_by: frozenset[str] = frozenset()
    set_when: Guard | None = None
    cleared_when: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Declared):
    title: str
    kind: StateKind
    steps: tuple[str, ...] = ()
    says: str = ""
    point: Literal["rule", "discretion"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Another machine that a transition opens."""

    machine: str
    key: str | None = None
    state: str | None = None
    when: Guard = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Declared):
    """One way out of one or more states. ``target`` is None when the state stays; ``from_states`` holds no ``any``."""

    machine: str
    from_states: tuple[str, ...]
    from_new: bool
    target: str | None
    title: str
    does: str
    by: frozenset[str]
    auto: bool = False
    when: Guard = ALWAYS
    asks: str | None = None
    requires: Guard = ALWAYS
    opens: tuple[Opening, ...] = ()
    issues: tuple[str, ...] = ()
    function: str | None = None
    needs_other_person_than: tuple[str, ...] = ()
    other_than_earlier_round: tuple[str, ...] = ()
    decided_by: str | None = None
    is_fact: bool = False
    is_adverse: bool = False
    is_irreversible: bool = False
    is_removal: bool = False
    trigger: str = ""
    """The row id of the specification."""

    @property
    def qualified(self) -> str:
        return f"{self.machine}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    to: str
    after: Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Declared):
    machine: str
    timer: str
    length: Length
    starts_when: Guard
    stops_when: Guard
    shortest: Length | None = None
    longest: Length | None = None
    since: tuple[str, str] | None = None
    """(step, question) to count from; None counts from the instant ``starts_when`` became true."""
    paused_when: Guard | None = None
    person_duty: bool = False
    duty: str = ""
    escalate: tuple[Escalation, ...] = ()
    variants: tuple[tuple[Length, Guard], ...] = ()
    """Shorter (or longer) lengths, each with the guard under which it applies; first that is true wins."""

    @property
    def qualified(self) -> str:
        return f"{self.machine}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelQuestion(Declared):
    """One yes-or-no question of a panel, in legal order. ``tie`` is the answer after ``tie_after`` earlier ties."""

    ask: str
    tie: Literal["yes", "no"]
    tie_after: int = 1
    when: Guard = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Declared):
    machine: str
    title: str = ""
    in_states: tuple[str, ...]
    listed_in: tuple[str, ...]
    chair: str
    members: frozenset[str]
    at_least: int
    majority_of_members: bool
    needs_chair: bool
    must_open_file: bool
    reasons_if_dissent: bool
    questions: Mapping[str, PanelQuestion]
    needs_other_person_than: tuple[str, ...] = ()
    function: str = "vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a document: ``kind`` and its argument as declared (text, or a tuple of names)."""

    kind: str
    argument: tuple[str, ...]
    when: Guard = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Declared):
    machine: str
    title: str
    confidentiality: Confidentiality
    recipients: tuple[str, ...]
    blocks: tuple[Block, ...]
    numbered: bool = True

    @property
    def qualified(self) -> str:
        return f"{self.machine}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard(Declared):
    """One rule in words with its source, and the pattern that states it for the machine.

    ``pattern`` is one of never, always, doing, before, within, different_people, at_least, always_possible,
    by_structure; the other fields are filled as the pattern needs. States (``enters``, ``states``) are
    bare names of this machine; transitions, deadlines and carriers are qualified with theirs.
    """

    machine: str
    says: str
    pattern: str
    rule: str = ""
    property_id: str = ""
    guard: Guard = ALWAYS
    """never, always: the condition. doing: what is required. within: from."""
    until: Guard = ALWAYS
    transition: str = ""
    """doing: the qualified transition."""
    enters: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    since: str = ""
    length: Length | None = None
    functions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    deadline: str = ""
    structure: str = ""
    carried_by: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        return f"{self.machine}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Declared):
    sop: str
    title: str
    purpose: str
    edition: str
    starts_in: str
    key_name: str | None = None
    key_values: tuple[str, ...] = ()
    many_per_case: bool = False
    one_running: bool = False
    steps: Mapping[str, Step] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    transitions: Mapping[str, Transition] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    panels: Mapping[str, Panel] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    safeguards: Mapping[str, Safeguard] = field(default_factory=dict)
    running_cases: Mapping[str, str] = field(default_factory=dict)
    """Transitional rules of this edition: a state of the edition before, or ``all`` → moves, finish or ``map to …``."""

    def exits(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave or stay in this state, in the order they are declared."""
        return tuple(t for t in self.transitions.values() if state in t.from_states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Declared):
    title: str
    does: str
    scope: Literal["office", "assigned", "docket", "none"]
    reads: frozenset[str]
    is_any_role: bool = True
    is_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    code: str
    label: str
    blocks_detention: bool = False
    is_priority: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList(Declared):
    title: str
    codes: Mapping[str, Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    tag: str
    number: str
    says: str
    status: Mark
    tier: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    tag: str
    name: str
    addresses: tuple[str, ...] = ()
    provisions: Mapping[str, Provision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The whole set in force: machines, shared facts, registers. ``digest`` names this exact content."""

    digest: str
    machines: Mapping[str, Machine]
    shared: Mapping[str, SharedFact]
    roles: Mapping[str, Role]
    functions: Mapping[str, str]
    """function → its title."""
    incompatible: tuple[tuple[str, str], ...]
    lists: Mapping[str, CodeList]
    law: Mapping[str, Instrument]
    calendar: Calendar
    identity: Mapping[str, tuple[QuestionRef, ...]] = field(default_factory=dict)
    """What the bar of a case shows (name, date_of_birth, age, language, nationality) → where it is answered, the first
    that has an answer counts."""
    flags: Mapping[str, str] = field(default_factory=dict)
    """Shared facts shown on every page of a case → severity: alarm, care or info."""
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Relative path → text of every declaration, so that the set can be stored and loaded again."""

    deviations: tuple[Deviation, ...] = ()
    """National rules that weaken a safeguard: shown wherever they matter."""
    national: NationalProfile | None = None
    """The profile of the State whose set this is; None for the harmonised set."""

    def transition(self, qualified: str) -> Transition:
        machine, name = qualified.split(".", 1)
        return self.machines[machine].transitions[name]
