"""What a page, a command line or a paper is given to show: frozen views, already filtered to what the reader may see.

Texts of the definition arrive translated; texts of people arrive as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sop_engine.definition.model import Question, Step, Transition
from sop_engine.vocabulary import Answer

ProceedingStatus = Literal["not_started", "in_progress", "incomplete", "waiting", "blocked", "done"]
StepStatus = Literal["not_started", "in_progress", "done", "sealed"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks or acts, from which office and in which language; made by the web layer or the command line."""

    user: str
    name: str
    roles: frozenset[str]
    office: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SourceView:
    text: str
    """``C51 33(1)``."""
    instrument: str
    says: str
    mark: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why an action is closed: a sentence, the rule that says so, and who can cure it."""

    text: str
    rule: tuple[SourceView, ...] = ()
    cured_by: tuple[str, ...] = ()
    """Role titles."""
    cure_step: tuple[str, str] | None = None
    """(proceeding id, step) to answer, when answering it may open the action."""


@dataclass(frozen=True, slots=True)
class ActionView:
    """One transition of one proceeding: open or closed, what it does in law, why it is closed."""

    proceeding: str
    transition: str
    title: str
    does: str
    is_open: bool
    reasons: tuple[ReasonView, ...]
    source: tuple[SourceView, ...]
    is_adverse: bool
    is_fact: bool
    asks: str | None
    by: tuple[str, ...]
    """Role titles."""
    is_mine: bool
    """The reader holds one of the roles."""
    told: tuple[str, ...] = ()
    """Titles of documents issued and procedures opened: who will be told, what will start."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One question with its answer in words; ``is_hidden`` when the reader does not hold its class."""

    question: Question
    step: str
    label: str
    value: Answer | None
    text: str
    is_hidden: bool = False
    answered_by: str = ""
    answered_at: datetime | None = None
    original: str = ""
    """The text before a correction, when it was corrected."""
    correction_reason: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    """Tables: rows of column name → words."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a proceeding, with what was answered so far."""

    proceeding: str
    machine: str
    step: Step
    title: str
    status: StepStatus
    round: int
    answers: tuple[AnswerView, ...]
    is_mine: bool
    by: tuple[str, ...]
    reasons: tuple[ReasonView, ...] = ()
    source: tuple[SourceView, ...] = ()
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class StateView:
    name: str
    title: str
    kind: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """A committee or panel in one proceeding. Voters' names only for a reader who holds the restricted class."""

    proceeding: str
    panel: str
    chair: str | None
    present: tuple[str, ...]
    recused: tuple[str, ...]
    opened_file: tuple[str, ...]
    quorum_met: bool
    quorum_says: str
    questions: tuple[tuple[str, str, str, int, int, tuple[tuple[str, str], ...]], ...]
    """(name, words, result, yes votes, no votes, ((member, vote), …))."""
    dissents: tuple[tuple[str, str], ...]
    may_sit: bool
    may_sit_reasons: tuple[ReasonView, ...]
    my_votes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    name: str
    title: str
    timer: str
    status: str
    due_at: datetime | None
    days_left: int | None
    worked: str
    """How it was counted, in one sentence."""
    proceeding: str
    source: tuple[SourceView, ...]
    at_expiry: str


@dataclass(frozen=True, slots=True)
class DutyView:
    name: str
    text: str
    role: str
    raised_at: datetime
    proceeding: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    name: str
    title: str
    number: str
    issued_at: datetime
    issued_by: str
    seq: int
    proceeding: str
    recipients: tuple[str, ...]
    may_print: bool
    may_issue: bool = False
    """The reader may issue it again, as the case stands now; only the newest of its kind offers it."""


@dataclass(frozen=True, slots=True)
class ProceedingView:
    id: str
    machine: str
    key: str | None
    title: str
    state: StateView
    status: ProceedingStatus
    status_text: str
    waiting_for: str
    opened_at: datetime
    steps: tuple[StepView, ...]
    actions: tuple[ActionView, ...]
    panel: PanelView | None
    may_rectify: bool
    older: bool = False
    """An older instance: a newer round of the same machine and key runs or ran."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    seq: int
    at: datetime
    by: str
    role: str
    title: str
    detail: str
    proceeding: str
    kind: str


@dataclass(frozen=True, slots=True)
class IdentityView:
    """The bar on every page of a case."""

    case_id: str
    number: str
    name: str
    age: str
    language: str
    flags: tuple[tuple[str, str], ...]
    """(text, severity: alarm, care, info)."""
    standing: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    identity: IdentityView
    seq: int
    proceedings: tuple[ProceedingView, ...]
    case_events: tuple[ActionView, ...]
    deadlines: tuple[DeadlineView, ...]
    duties: tuple[DutyView, ...]
    documents: tuple[DocumentView, ...]
    timeline: tuple[TimelineEntry, ...]
    people: tuple[tuple[str, str], ...]
    """(function title, names of those who did it)."""
    alarms: tuple[str, ...]
    openable: tuple[tuple[str, str | None, str], ...]
    """(machine, key, title) that the reader may open by hand."""
    family: tuple[tuple[str, str], ...] = ()
    may_link_family: bool = False


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of *my work*: no name, only number, initials, where it stands and what is due."""

    case_id: str
    number: str
    initials: str
    what: str
    where: str
    due_at: datetime | None
    due_title: str
    days_left: int | None
    is_overdue: bool
    flags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkView:
    due: tuple[WorkItem, ...]
    waiting_for_me: tuple[WorkItem, ...]
    drafts: tuple[WorkItem, ...]
    duties: tuple[WorkItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_id: str
    number: str
    initials: str
    where: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None
    due_title: str
    flags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseList:
    rows: tuple[CaseRow, ...]
    total: int
    total_text: str
    """Counted up to 1000, then ``1000+``."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class SopView:
    """One procedure in words, for its page."""

    machine: str
    title: str
    purpose: str
    edition: str
    states: tuple[StateView, ...]
    steps: tuple[Step, ...]
    transitions: tuple[tuple[Transition, str, str, tuple[str, ...], str, tuple[SourceView, ...]], ...]
    """(transition, from titles, to title, roles, condition in words, sources)."""
    safeguards: tuple[tuple[str, str, str, tuple[SourceView, ...]], ...]
    """(id, words, pattern, sources)."""
    deadlines: tuple[tuple[str, str, str, str, tuple[SourceView, ...]], ...]
    """(timer, title, length, at expiry, sources)."""
    law: tuple[SourceView, ...]
    here: str | None = None
    documents: tuple[tuple[str, str], ...] = ()
    deviations: tuple[str, ...] = ()
    """National rules that weaken a safeguard of this procedure."""


@dataclass(frozen=True, slots=True)
class StepPageView:
    """One step to answer: questions in order, prefilled, for one reader."""

    identity: IdentityView
    step: StepView
    seq: int
    values: Mapping[str, Answer]
    """Draft, else the answers on file, else the round before."""
    is_draft: bool
    prefilled_from_round: int | None
    shown: tuple[str, ...]
    """Questions shown now, in order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the case's new number of its last event, and the sentence to show."""

    case_id: str
    seq: int
    message: str
    repeated: bool = False
    opened: tuple[str, ...] = field(default=())
