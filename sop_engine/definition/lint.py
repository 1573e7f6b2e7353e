"""Everything that can be said against a set, whether or not it can be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sop_engine.definition.build import build
from sop_engine.definition.declarations import read_declarations, read_rows
from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Source
from sop_engine.guards.tree import Span


@dataclass(frozen=True, slots=True)
class Citation:
    """One place that cites one source."""

    span: Span
    source: Source


@dataclass(frozen=True, slots=True)
class Report:
    """What the lint found, and every citation with its mark."""

    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]

    @property
    def unconfirmed(self) -> tuple[Citation, ...]:
        """Return the citations that nobody confirmed on the text or an official excerpt."""
        return tuple(citation for citation in self.citations if citation.source.mark == "unconfirmed")


def lint(files: Mapping[str, str]) -> Report:
    """Return every finding on the texts of a set."""
    declarations = read_declarations(files)
    _definition, faults = build(declarations)
    _rows, row_faults = read_rows(files)
    return Report(tuple(Finding.of(error) for error in (*declarations.errors, *faults, *row_faults)), ())
