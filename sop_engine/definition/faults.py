"""What can be wrong with a declaration, and how it is told: where, what was found, why it matters, what to write.

One fault is a ``DeclarationError``; the loader gathers those of all files and raises them together. A ``Finding`` is
what ``sop lint`` says of a set: an error, or a warning.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sop_engine.guards.tree import NOWHERE, Span

Severity: TypeAlias = Literal["error", "warning"]


class DeclarationError(Exception):
    """A declaration cannot be read as the language says."""

    def __init__(self, span: Span, found: str, why: str, mend: str) -> None:
        super().__init__(span, found, why, mend)
        self.span = span
        self.found = found
        self.why = why
        self.mend = mend

    def __str__(self) -> str:
        return sentence(self.span, self.found, self.why, self.mend)


class DeclarationErrors(Exception):
    """The set of procedures has faults; ``errors`` holds every one, in the order of files and lines."""

    def __init__(self, errors: Iterable[DeclarationError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: place(error.span)))
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class Unreadable(Exception):
    """A folder or file of procedures cannot be opened; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark of the lint on a set: an error forbids its use, a warning asks for a second look."""

    severity: Severity
    span: Span
    found: str
    why: str
    mend: str

    @classmethod
    def of(cls, error: DeclarationError) -> Finding:
        return cls(severity="error", span=error.span, found=error.found, why=error.why, mend=error.mend)

    def __str__(self) -> str:
        warning = "" if self.severity == "error" else "warning: "
        return sentence(self.span, warning + self.found, self.why, self.mend)


def sentence(span: Span, found: str, why: str, mend: str) -> str:
    """Return one line: ``file:line:column: found …: why; write …``."""
    where = "" if span == NOWHERE else f"{span}: "
    because = f": {why}" if why else ""
    instead = f"; {mend}" if mend else ""
    return f"{where}{found}{because}{instead}"


def place(span: Span) -> tuple[str, int, int]:
    """Return the order of a place: by file, line and column."""
    return (span.file, span.line, span.column)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean "x"?)`` when a known word resembles this one, else nothing."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f' (did you mean "{by_lower[near[0]]}"?)' if near else ""


def one_of(known: Iterable[str], *, most: int = 12) -> str:
    """Return a readable list of what may stand in a place."""
    words = list(known)
    if not words:
        return "nothing may stand here"
    if len(words) == 1:
        return f"write {words[0]}"
    shown = ", ".join(words[:most])
    return f"write one of {shown}" + (", …" if len(words) > most else "")


def unknown_name(span: Span, name: str, known: Iterable[str], kind: str) -> DeclarationError:
    """Return the fault of a name that nothing declares."""
    choices = sorted(known)
    mend = one_of(choices) + did_you_mean(name, choices)
    return DeclarationError(span, f'found the {kind} "{name}"', f"no such {kind} is declared", mend)
