"""The words every other module uses: a case, its proceedings, what happens to it, and what is kept.

Frozen values of the standard library only. Answers travel as plain JSON values:

=========  ==========================================================================================
type       value
=========  ==========================================================================================
yes_no     ``"yes"``, ``"no"``
choice     the code, ``"rescue_at_sea"``
many       list of codes, sorted as declared
number     int
date       ``"1990"``, ``"1990-04"`` or ``"1990-04-23"``
moment     UTC, ``"2026-03-02T14:05Z"``
text       str
person     ``{"name": str, "relation": str, "contact": str}``
file       ``{"name": str, "media_type": str, "sha256": str, "size": int}``
table      list of ``{column: value}``
any        ``"unknown"`` or ``"prefers_not_to_say"`` where the question offers it
=========  ==========================================================================================

Instants are aware datetimes in UTC. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Answer: TypeAlias = str | int | list[Any] | dict[str, Any]
AnswerKey: TypeAlias = tuple[str, int, str]
"""(step, round, question name) within one proceeding."""

UNKNOWN = "unknown"
PREFERS_NOT_TO_SAY = "prefers_not_to_say"
NOT_AN_ANSWER_OF_SUBSTANCE = frozenset({UNKNOWN, PREFERS_NOT_TO_SAY})
NOT_OPENED = "not_opened"
CASE_MACHINE = "case"
SYSTEM = "system"

DeadlineStatus: TypeAlias = Literal["not_started", "running", "met", "expired"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the service in one of the roles they hold, or the system itself."""

    user: str
    roles: frozenset[str]

    @property
    def is_system(self) -> bool:
        return self.user == SYSTEM


THE_SYSTEM = Actor(SYSTEM, frozenset({SYSTEM}))


@dataclass(frozen=True, slots=True)
class Participation:
    """One person did one function of the procedure in one proceeding; the base of separation of duties."""

    function: str
    user: str
    proceeding: str


@dataclass(frozen=True, slots=True)
class DeadlineRun:
    """One run of a deadline. ``due_at`` moves only when the run was paused (``paused_at`` set meanwhile)."""

    name: str
    """Qualified: ``machine.deadline``."""
    proceeding: str
    started_at: datetime
    counted_from: datetime
    due_at: datetime
    length: str
    status: DeadlineStatus = "running"
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    escalated: int = 0


@dataclass(frozen=True, slots=True)
class Ballot:
    """The state of a panel in one proceeding: who sits, who stepped back, what was voted."""

    panel: str
    present: tuple[str, ...] = ()
    chair: str | None = None
    recused: tuple[str, ...] = ()
    opened_file: frozenset[str] = frozenset()
    votes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(question, user) → ``"yes"`` or ``"no"``."""
    dissents: Mapping[str, str] = field(default_factory=dict)
    """user → reasons of a dissent (restricted: names of voters)."""
    ties: Mapping[str, int] = field(default_factory=dict)
    """question → number of earlier sittings that ended in a tie."""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A paper that was issued: what, from which proceeding, by which event."""

    name: str
    """Qualified: ``machine.document``."""
    proceeding: str
    number: str
    issued_at: datetime
    issued_by: str
    seq: int


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a role has to do, raised by an expired deadline, an alarm or an arriving fact."""

    name: str
    role: str
    proceeding: str
    raised_at: datetime
    text: str
    """A text of the definition, never of the person."""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """The last change of state of a proceeding, with what is needed to take it back as a mis-click."""

    transition: str
    """Qualified: ``machine.transition``."""
    from_state: str
    by: str
    rounds_before: Mapping[str, int]
    sealed_before: frozenset[tuple[str, int]]
    shared_before: Mapping[str, bool] = field(default_factory=dict)
    """Switches and latches of the case that this move itself wrote, with their value before."""


@dataclass(frozen=True, slots=True)
class Proceeding:
    """One run of one machine on a case."""

    id: str
    """``machine-n`` or ``machine-key-n``, unique in the case."""
    machine: str
    key: str | None
    state: str
    opened_at: datetime
    entered_at: datetime
    rounds: Mapping[str, int] = field(default_factory=dict)
    """step → its current round (1 when first answered or first open)."""
    sealed: frozenset[tuple[str, int]] = frozenset()
    answers: Mapping[AnswerKey, Answer] = field(default_factory=dict)
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    visited: tuple[str, ...] = ()
    """States entered so far, in order, the present one last."""
    last_move: Move | None = None

    def current_round(self, step: str) -> int:
        return self.rounds.get(step, 1)

    def answer(self, step: str, question: str) -> Answer | None:
        """Return the answer of the current round, or None while it is unanswered."""
        return self.answers.get((step, self.current_round(step), question))

    def latest_answer(self, step: str, question: str) -> Answer | None:
        """Return the answer of the newest round that has one."""
        for number in range(self.current_round(step), 0, -1):
            found = self.answers.get((step, number, question))
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True)
class Case:
    """One person's file: several proceedings in parallel, the shared facts, who did what.

    A case is the fold of its audit events; nothing else changes it. ``seq`` is the number of the last one.
    """

    id: str
    set_digest: str
    office: str
    number: str = ""
    opened_at: datetime | None = None
    seq: int = 0
    last_at: datetime | None = None
    proceedings: tuple[Proceeding, ...] = ()
    shared: Mapping[str, bool] = field(default_factory=dict)
    """Latches and switches that are set; absent means not set."""
    participations: tuple[Participation, ...] = ()
    deadlines: tuple[DeadlineRun, ...] = ()
    documents: tuple[IssuedDocument, ...] = ()
    duties: tuple[Duty, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    """(proceeding, qualified transition) of every transition taken, in order."""
    alarms: tuple[str, ...] = ()
    """Qualified safeguards that a recorded fact violated and nobody has cured yet."""
    from_paper: bool = False
    family: str | None = None
    """The opaque name of the family group; members are cases of their own."""

    def proceeding(self, proceeding_id: str) -> Proceeding:
        """Return the proceeding with this id. Raises KeyError when the case has none."""
        for found in self.proceedings:
            if found.id == proceeding_id:
                return found
        raise KeyError(proceeding_id)

    def instances(self, machine: str) -> tuple[Proceeding, ...]:
        return tuple(p for p in self.proceedings if p.machine == machine)

    def newest(self, machine: str, key: str | None = None) -> Proceeding | None:
        """Return the newest instance of a machine (of one key, if given), or None when it never ran."""
        for found in reversed(self.proceedings):
            if found.machine == machine and (key is None or found.key == key):
                return found
        return None


# What somebody asks the engine to do. ``at`` is the UTC instant it happened.


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProceeding(Event):
    """Start a machine on the case by hand.

    A machine that starts by a transition is started by ``TakeTransition`` on ``new …``.
    """

    machine: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep(Event):
    """Record the answers of one step (all its questions at once; a later call replaces them until sealed)."""

    proceeding: str
    step: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTransition(Event):
    """Take one transition; ``answers`` are those of the step that the transition asks.

    ``proceeding`` is an id of the case, or ``"new machine"`` / ``"new machine key"`` for a transition that starts
    an instance.
    """

    proceeding: str
    transition: str
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendPanel(Event):
    """A member takes a seat in the panel of a proceeding, as chair or as member."""

    proceeding: str
    panel: str
    as_chair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile(Event):
    """A member of a panel opens the file (a condition of voting)."""

    proceeding: str
    panel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recuse(Event):
    """A member steps back from a panel, naming the ground."""

    proceeding: str
    panel: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote(Event):
    """A member votes on some or all questions of a panel."""

    proceeding: str
    panel: str
    votes: Mapping[str, str]
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectAnswer(Event):
    """Correct a sealed answer, with a reason; the original stays beside it."""

    proceeding: str
    step: str
    question: str
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectify(Event):
    """Undo the last transition of a proceeding as a mis-click, by another officer, with a reason."""

    proceeding: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterFromPaper(Event):
    """Bring in a running paper file: a proceeding starts in its present state, vouched for by the actor."""

    machine: str
    state: str
    key: str | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDocument(Event):
    """Issue a document again by hand (first issues follow from transitions)."""

    proceeding: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishDuty(Event):
    """A duty was done."""

    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFamily(Event):
    """The person belongs to a family whose members have cases of their own."""

    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime(Event):
    """The clock reached ``at``: deadlines that fell due expire. Safe to repeat."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One entry of the append-only log of a case.

    ``kind`` is past tense (``TransitionTaken``). ``data`` holds names of the definition and instants, nothing personal;
    ``personal`` holds answers and reasons, and is stored encrypted. Both are JSON values.
    """

    seq: int
    kind: str
    at: datetime
    by: str
    role: str
    proceeding: str
    data: Mapping[str, Any]
    personal: Mapping[str, Any] = field(default_factory=dict)
