"""A scenario pack as it is read: one invented case for trainees, with all that a trainer needs to hand it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.definition.lines import Line
from sop_engine.guards.tree import Span

Level: TypeAlias = Literal["basic", "intermediate", "advanced"]
Known: TypeAlias = Literal["told", "if_asked", "hidden"]
Manner: TypeAlias = Literal["open", "closed", "leading"]
Need: TypeAlias = Literal["alone", "trusted_interpreter", "open_question", "officer_as_asked"]
CastRole: TypeAlias = Literal["applicant", "interpreter", "guardian", "companion", "family", "representative", "other"]
LANGUAGES = ("en", "es", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing that can be seen in what a trainee did: an answer, an act, a refusal, a question asked.

    ``kind`` says what is looked at, ``name`` where; ``values`` and ``relation`` what it must be.
    """

    kind: str
    name: str
    relation: str = ""
    values: tuple[str, ...] = ()
    key: str | None = None
    about: str = ""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a trainee can do after the exercise."""

    name: str
    text: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """Somebody of the story. ``is_safe`` says whether the person can speak while this one listens or interprets."""

    id: str
    name: str
    role: CastRole
    text: str
    is_safe: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What can be spoken about in the conversation, and how the person answers when nothing new comes of it."""

    id: str
    title: str
    words: str
    """Words, with commas between, by which a written question is known to be about it."""
    otherwise: str
    if_led: str
    is_neutral: bool = False
    """Nothing that could harm the person if others hear it: language, comfort, the way here."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that a trainee can pick. ``unsafe`` says why it must not be asked."""

    id: str
    ask: str
    topic: str
    manner: Manner
    reveals: tuple[str, ...] = ()
    """The facts it can bring to light; empty: all of its topic."""
    unsafe: str = ""
    words: str = ""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFact:
    """One fact of the story: told to the trainee, said if asked, or hidden until it is safe to say."""

    id: str
    text: str
    known: Known
    topic: str = ""
    says: str = ""
    instead: str = ""
    """What the person says while it cannot be said."""
    needs: tuple[Need, ...] = ()
    after: tuple[str, ...] = ()
    """Facts that have to be out before this one can be."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """A paper to hand to the trainees."""

    id: str
    title: str
    text: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine:
    """One line of the expected path: an act on the case, or questions asked in the conversation."""

    line: Line
    id: str = ""
    is_optional: bool = False
    asks: tuple[str, ...] = ()
    room: Room | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Who is there when a question is asked, and through whom."""

    present: tuple[str, ...] = ()
    interpreter: str = ""
    officer_as_asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines whose order does not matter (``any_order``), or ways of which one is taken (``either``)."""

    kind: Literal["any_order", "either"]
    branches: tuple[tuple[PathLine, ...], ...]
    span: Span = field(compare=False)


Element: TypeAlias = PathLine | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What a good officer notices, where in the procedure it belongs, and how it shows that it was noticed."""

    id: str
    text: str
    step: str
    """``machine.step``, ``machine.step.question`` or ``machine.transition``."""
    noticed_when: tuple[Observation, ...]
    is_planted: bool = False
    why: str = ""
    source: tuple[str, ...] = ()
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the case ends when it is done well, under one set of procedures."""

    profile: str
    """Empty for the harmonised procedures."""
    code: str
    why: str
    shows: tuple[Observation, ...]
    instead_from: str = ""
    """The line from which on the path is another one under this profile."""
    steps: tuple[Element, ...] = ()
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """News that a trainer drops into a running session."""

    id: str
    title: str
    text: str
    acts: tuple[Line, ...] = ()
    room: Room | None = None
    expects: tuple[Observation, ...] = ()
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the scoring: automatic when it says what shows it, else scored by the trainer with a checklist."""

    id: str
    title: str
    points: int
    when: tuple[Observation, ...] = ()
    needs_all: bool = False
    checklist: tuple[str, ...] = ()
    span: Span = field(compare=False)

    @property
    def is_automatic(self) -> bool:
        return bool(self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A common mistake, and, where it leaves a trace, how it is made and how it shows."""

    id: str
    text: str
    leaves_trace: bool
    feedback: str
    step: str = ""
    source: tuple[str, ...] = ()
    at: str = ""
    """The line of the path (its id, or its act) before which it is made."""
    instead: bool = False
    script: tuple[PathLine, ...] = ()
    without: tuple[str, ...] = ()
    until: str = ""
    """Play on until this line (``end``: to the end of the path); empty: stop after the mistake."""
    shows: tuple[Observation, ...] = ()
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One scenario pack."""

    id: str
    mock_case: str
    level: Level
    title: str
    minutes: int
    languages: tuple[str, ...]
    source: tuple[str, ...]
    told: str
    note: str
    goals: Mapping[str, Goal]
    cast: Mapping[str, CastMember]
    topics: Mapping[str, Topic]
    questions: Mapping[str, Question]
    facts: Mapping[str, PersonFact]
    documents: Mapping[str, HandOut]
    at: str
    people: Mapping[str, tuple[str, ...]]
    opens: str | None
    team: Mapping[str, tuple[str, ...]]
    """Role in the exercise → the people of the path that one trainee plays."""
    path: tuple[Element, ...]
    tolerated: tuple[str, ...]
    """Acts that are no addition wherever they are done."""
    indicators: Mapping[str, Indicator]
    outcomes: Mapping[str, Outcome]
    """By profile; the harmonised one under the empty name."""
    injects: Mapping[str, Inject]
    rubric: Mapping[str, Criterion]
    mistakes: Mapping[str, Mistake]
    reasons: tuple[str, ...]
    file: str
    span: Span = field(compare=False)
    marks: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    """Where some of it stands: ``source``, ``cast``, ``goals.name``, ``team.role``, ``people.name``."""

    def mark(self, place: str) -> Span:
        """Return where a part of the pack stands, or where the pack begins."""
        return self.marks.get(place, self.span)

    def team_of(self, person: str) -> str:
        """Return the role in the exercise that plays a person of the path, or nothing when the script does."""
        return next((role for role, people in self.team.items() if person in people), "")
