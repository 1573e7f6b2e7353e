"""Reading one declaration: typed access to its keys, which gathers what is wrong and goes on.

The schema has already been checked; an ``Entry`` therefore treats a value of the wrong kind as left out, so that one
fault is reported once and everything else of the set is still read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sop_engine.definition.faults import DeclarationError, unknown_name
from sop_engine.definition.model import Instrument, Source
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.definition.sources import parse_source
from sop_engine.guards.grammar import GuardSyntaxError, parse
from sop_engine.guards.tree import ALWAYS, NOWHERE, And, Guard, Span
from sop_engine.guards.types import GuardTypeError, Names, QuestionNames, resolve
from sop_engine.periods import Length, NotALength

Columns: TypeAlias = Mapping[str, QuestionNames] | None


@dataclass(frozen=True, slots=True)
class Context:
    """What every declaration of a set may refer to, and where faults are gathered."""

    names: Names
    law: Mapping[str, Instrument]
    errors: list[DeclarationError] = field(default_factory=list)

    def refuse(self, span: Span, found: str, why: str, mend: str) -> None:
        self.errors.append(DeclarationError(span, found, why, mend))


@dataclass(frozen=True, slots=True)
class Entry:
    """One declaration: its raw mapping, its own name and machine, and what it is called in messages."""

    raw: RawMap
    context: Context
    machine: str = ""
    name: str = ""
    span: Span = NOWHERE
    """Where the name of the declaration stands."""

    def has(self, key: str) -> bool:
        return key in self.raw.entries

    def span_of(self, key: str) -> Span:
        return self.raw.key_spans.get(key, self.span)

    def scalar(self, key: str) -> RawText | None:
        found = self.raw.entries.get(key)
        return found if isinstance(found, RawText) and found.text.strip() else None

    def scalars(self, key: str) -> tuple[RawText, ...]:
        """Return the scalars of a list, or of the single value that stands for a list of one."""
        return tuple(item for item in _items(self.raw.entries.get(key)) if isinstance(item, RawText) and item.text)

    def text(self, key: str, default: str = "") -> str:
        found = self.scalar(key)
        return default if found is None else found.text.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item.text.strip() for item in self.scalars(key))

    def yes(self, key: str, default: str = "no") -> bool:
        return self.text(key, default) == "yes"

    def number(self, key: str) -> int | None:
        text = self.text(key)
        try:
            return int(text) if text else None
        except ValueError:
            return None

    def length(self, key: str) -> Length | None:
        found = self.scalar(key)
        if found is None:
            return None
        try:
            return Length.parse(found.text.strip())
        except NotALength:
            return None

    def record(self, key: str) -> Entry | None:
        """Return the record under a key, or None when there is none."""
        found = self.raw.entries.get(key)
        return self._inner(found, key, self.span_of(key)) if isinstance(found, RawMap) else None

    def records(self, key: str) -> tuple[Entry, ...]:
        """Return the records of a list."""
        items = _items(self.raw.entries.get(key))
        return tuple(self._inner(item, key, item.span) for item in items if isinstance(item, RawMap))

    def named(self, key: str) -> Mapping[str, Entry]:
        """Return the named records of a section, by name."""
        found = self.raw.entries.get(key)
        if not isinstance(found, RawMap):
            return {}
        return {
            name: self._inner(value, name, found.key_spans[name])
            for name, value in found.entries.items()
            if isinstance(value, RawMap)
        }

    def known(self, key: str, known: Iterable[str], kind: str) -> str | None:
        """Return the name under a key if it is one of the known ones; an unknown name is a fault."""
        names = self.all_known(key, known, kind)
        return names[0] if names else None

    def all_known(self, key: str, known: Iterable[str], kind: str) -> tuple[str, ...]:
        """Return the names under a key that are known; each unknown one is a fault."""
        choices = list(known)
        found = []
        for item in self.scalars(key):
            if item.text in choices:
                found.append(item.text)
            else:
                self.unknown(item.span, item.text, choices, kind)
        return tuple(found)

    def unknown(self, span: Span, name: str, known: Iterable[str], kind: str) -> None:
        """Report a name that nothing declares."""
        self.context.errors.append(unknown_name(span, name, known, kind))

    def guard(self, key: str, default: Guard = ALWAYS, *, columns: Columns = None) -> Guard:
        """Return the guard under a key, resolved; a guard that cannot be read is a fault and stands as always true."""
        found = self.scalar(key)
        if found is None:
            return default
        parts = [self.resolved(part.written or part.text, part.span, columns=columns) for part in (found, *found.also)]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def optional_guard(self, key: str, *, columns: Columns = None) -> Guard | None:
        return self.guard(key, columns=columns) if self.scalar(key) is not None else None

    def resolved(self, text: str, at: Span, *, columns: Columns = None) -> Guard:
        """Return the guard of a text that starts at a place; ``columns`` are those of the table it stands in."""
        try:
            return resolve(parse(text, at=at), machine=self.machine, names=self.context.names, columns=columns)
        except GuardSyntaxError as error:
            self.context.refuse(error.span, error.problem, "", "")
        except GuardTypeError as error:
            for problem in error.problems:
                self.context.refuse(problem.span, problem.text, "", "")
        return ALWAYS

    def sources(self) -> tuple[Source, ...]:
        """Return the sources as the law register knows them; an unknown one is a fault."""
        found = []
        for item in self.scalars("source"):
            try:
                found.append(parse_source(item.text.strip(), law=self.context.law, at=item.span))
            except DeclarationError as error:
                self.context.errors.append(error)
        return tuple(found)

    def _inner(self, raw: RawMap, name: str, span: Span) -> Entry:
        return Entry(raw, self.context, self.machine, name, span)


def _items(raw: Raw | None) -> tuple[Raw, ...]:
    if raw is None:
        return ()
    return raw.items if isinstance(raw, RawList) else (raw,)
