"""What makes a set national: the values of a profile, each change of an overlay, each deviation, with where it stands.

``Definition.national`` holds these beside the changed procedures, so that a page, a paper or a story can always name
the line by which a country departs from the harmonised text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from sop_engine.guards.tree import NOWHERE, Span

if TYPE_CHECKING:
    from sop_engine.definition.model import Source

ProfileMark: TypeAlias = Literal["V", "V-old", "V-weak", "D", "G", "?"]
Verb: TypeAlias = Literal[
    "add", "and_also", "shorten_to", "lengthen_to", "rename_to", "replace_text", "set", "replace_body"
]

MARK_WORDS: Mapping[str, str] = {
    "V": "verified",
    "V-old": "verified on an old source",
    "V-weak": "stated by a weak source",
    "D": "derived from UNHCR statistics",
    "G": "not confirmed",
    "?": "not found",
}
"""What each mark of a profile means to a reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileValue:
    """One value of a profile for one stretch of time; ``values`` is empty while nobody knows it (mark ``?``)."""

    parameter: str
    values: tuple[str, ...]
    mark: ProfileMark
    source: tuple[Source, ...] = ()
    holds_from: str = ""
    until: str = ""
    note: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def is_set(self) -> bool:
        return bool(self.values)

    @property
    def words(self) -> str:
        """Return the value as one text; a question mark while it is not known."""
        return "; ".join(self.values) if self.values else "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessAnswer:
    """What a State answers about itself where its profile cannot tell."""

    answer: Literal["yes", "partly", "no"]
    note: str = ""
    source: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of an overlay: the rule it touches, the verb, what stood there and what stands there now."""

    name: str
    rule: str
    """Qualified: ``decision.deadlines.decide.length``, or ``common.roles.…``."""
    verb: Verb
    was: str
    now: str
    source: tuple[Source, ...] = ()
    holds_from: str = ""
    also: tuple[str, ...] = ()
    """Other rules that the verb touched: the acts that ask a question, the words of a promise."""
    deviation: str = ""
    """The deviation it belongs to; empty for a change within the harmonised rules."""
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A national rule that weakens a safeguard: it has a name, a legal reference and a day on which it ends."""

    name: str
    title: str
    says: str
    law: str
    """The legal reference in words."""
    weakens: tuple[str, ...]
    """Properties (P45) and hard rules (H6.2) that do not fully hold."""
    touches: tuple[str, ...]
    """Machines on whose pages and papers it is shown."""
    holds_from: str
    expires: str
    source: tuple[Source, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def is_over(self, day: str) -> bool:
        """Say whether it has expired on a day (year-month-day)."""
        return self.expires <= day

    @property
    def sentence(self) -> str:
        """Return the sentence for a banner, a page or the head of a paper."""
        return f"{self.title}. {self.says} Legal basis: {self.law}. This deviation ends on {self.expires}."


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalProfile:
    """The profile of one State: its values, its changes, and the days on which it was written."""

    iso3: str
    title: str
    edition: str
    values: Mapping[str, tuple[ProfileValue, ...]]
    """parameter → its parts, the oldest first; every parameter of the register is there."""
    changes: tuple[Change, ...] = ()
    readiness: Mapping[str, ReadinessAnswer] = field(default_factory=dict)
    transition: Mapping[str, str] = field(default_factory=dict)
    """Transitional rules of this edition: machine or ``machine.state`` → moves, finish or ``map to <state>``."""
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def value(self, parameter: str) -> ProfileValue | None:
        """Return the newest part of a value that is still in force, or None when the profile says nothing."""
        parts = [part for part in self.values.get(parameter, ()) if not part.until]
        return parts[-1] if parts else (self.values.get(parameter, ()) or (None,))[-1]

    @property
    def unset(self) -> tuple[ProfileValue, ...]:
        """Return the values nobody knows yet: each forces a local decision."""
        found = (self.value(name) for name in self.values)
        return tuple(value for value in found if value is not None and not value.is_set)

    def changed_by(self, path: str) -> tuple[Change, ...]:
        """Return the changes that touch a declaration or a key of it (``decision.deadlines.decide``)."""
        return tuple(
            change
            for change in self.changes
            if any(rule == path or rule.startswith(f"{path}.") for rule in (change.rule, *change.also))
        )
