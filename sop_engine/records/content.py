"""What a paper says, before anybody thinks of pages: headings, facts, tables, law, each word with its voice.

``compose`` and ``case_record`` make a ``Paper`` from a ``RecordInput``; ``layout`` and ``pdf`` arrange and draw it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias

from sop_engine.definition.model import Definition
from sop_engine.guards.tree import Guard
from sop_engine.records.diagram import Picture
from sop_engine.vocabulary import AuditEvent, Case, DeadlineStatus

Translate: TypeAlias = Callable[[str], str]
"""English text of the definition or of this product → the same in the language of the paper."""


class Voice(Enum):
    """Whose words these are; they look different on paper, so that nobody takes a note for a statement."""

    DEFINITION = "definition"
    OFFICER = "officer"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Text:
    """Some words and who said them."""

    words: str
    voice: Voice = Voice.DEFINITION


@dataclass(frozen=True, slots=True)
class Heading:
    words: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One label with its value; ``notes`` stand small under it: who answered, when, what stood there before."""

    label: str
    value: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under repeated column titles. ``empty`` is said when there is no row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """A line to sign on for each label; ``hint`` says what to write on it."""

    labels: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LawEntry:
    """One provision relied on; ``mark`` says in words how sure we are of its text."""

    provision: str
    instrument: str
    says: str
    mark: str


@dataclass(frozen=True, slots=True)
class Law:
    """The provisions relied on. ``columns`` are the titles of provision, words and mark."""

    entries: tuple[LawEntry, ...]
    columns: tuple[str, str, str] = ("Provision", "What it says", "Text")


NoticeKind: TypeAlias = Literal["care", "remedy", "restricted", "training", "deviation"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A boxed message that must not be overlooked."""

    kind: NoticeKind
    title: str
    text: Text


@dataclass(frozen=True, slots=True)
class QrCode:
    """An opaque case token as a square; never a name, never an address."""

    token: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class MachineReadableLines:
    """The lines of a travel document that machines read: every sign has the same room."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """The states of a procedure as a picture, with the present one marked."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Part: TypeAlias = (
    Heading
    | Paragraph
    | Facts
    | Table
    | Signatures
    | Law
    | Notice
    | QrCode
    | MachineReadableLines
    | Diagram
    | PageBreak
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Everything a printed paper says, with the words of its margins. No time of printing: same case, same bytes."""

    title: str
    reference: str
    """The number of the paper, which holds the case number, or the case number alone."""
    office: str
    recipient: str
    """For whom this copy is: ``Copy for the applicant``."""
    set_digest: str
    chain_head: str
    parts: tuple[Part, ...]
    language: str = "en"
    is_training: bool = False
    page_words: str = "Page {page} of {pages}"
    edition_words: str = "Edition {digest}"
    chain_words: str = "Chain head {head}"
    training_words: str = "Training: an invented case"
    on_file_words: str = " (original script on file)"
    voice_words: tuple[str, str] = ("The words of the person", "The words of an officer")
    transliterations: Mapping[str, str] = field(default_factory=dict)
    """Text in a script that no font of ours draws → its transliteration on file."""


@dataclass(frozen=True, slots=True)
class DeadlineWords:
    """One run of a deadline with its worked sentence: how it was counted, so that anybody can count it again."""

    name: str
    """Qualified: ``machine.deadline``."""
    proceeding: str
    status: DeadlineStatus
    due_at: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInput:
    """What the service hands over to make papers of a case. All is already read; nothing here reaches outside."""

    case: Case
    definition: Definition
    events: tuple[AuditEvent, ...]
    chain_head: str
    reading: Callable[[Guard, str], bool | None]
    """(guard, proceeding id) → true, false, or None when a question in it is still open."""
    names: Mapping[str, str] = field(default_factory=dict)
    """user → the name to print."""
    texts: Translate = str
    language: str = "en"
    deadlines: tuple[DeadlineWords, ...] = ()
    office_name: str = ""
    transliterations: Mapping[str, str] = field(default_factory=dict)
    """Text in a script that no font of ours draws → its transliteration on file."""
    case_token: str = ""
    """The opaque token in the square code; the case's id when empty."""
    is_training: bool = False
    deviations: tuple[str, ...] = ()
    """Sentences on national deviations in force; printed at the top of every paper they touch."""
