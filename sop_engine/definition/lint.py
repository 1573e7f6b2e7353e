"""Everything that can be said against a set, whether or not it can be loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sop_engine.definition.build import build
from sop_engine.definition.declarations import read_declarations, read_rows, unreadable_companions
from sop_engine.definition.faults import Finding, place
from sop_engine.definition.guard_places import questions_of
from sop_engine.definition.model import Declared, Definition, Source
from sop_engine.definition.rows import row_findings
from sop_engine.definition.texts_check import plain_texts
from sop_engine.definition.translation_check import translations
from sop_engine.definition.validate import CHECKS, OF_THE_WHOLE, validate
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
    is_complete: bool
    """False while faults keep the checks of the whole set waiting."""

    @property
    def unconfirmed(self) -> tuple[Citation, ...]:
        """Return the citations that nobody confirmed on the text or an official excerpt."""
        return tuple(citation for citation in self.citations if citation.source.mark == "unconfirmed")


def lint(files: Mapping[str, str], catalogues: Mapping[str, str] = MappingProxyType({})) -> Report:
    """Return every finding on the texts of a set; ``catalogues`` are its translations, by path."""
    declarations = read_declarations(files)
    definition, faults = build(declarations)
    _, row_faults = read_rows(files)
    companions = unreadable_companions(files)
    errors = (*declarations.errors, *faults, *plain_texts(declarations), *row_faults, *companions)
    checks = CHECKS if errors else (*CHECKS, *OF_THE_WHOLE)
    rows = () if row_faults else row_findings(definition, files)
    spoken = translations(declarations, definition, catalogues)
    findings = (*(Finding.of(error) for error in errors), *validate(definition, checks), *rows, *spoken)
    findings_in_order = tuple(sorted(findings, key=lambda finding: place(finding.span)))
    return Report(findings_in_order, tuple(citations(definition)), is_complete=not errors)


def citations(definition: Definition) -> Iterator[Citation]:
    """Yield every place that cites a source."""
    for machine in definition.machines.values():
        sections: tuple[Mapping[str, Declared], ...] = (
            machine.steps,
            {f"{q.step}.{q.name}": q for q in questions_of(machine)},
            machine.facts,
            machine.states,
            machine.transitions,
            machine.panels,
            {f"{p.name}.{q.name}": q for p in machine.panels.values() for q in p.questions.values()},
            machine.deadlines,
            machine.documents,
            machine.safeguards,
        )
        for section in sections:
            for declared in section.values():
                yield from (Citation(declared.span, source) for source in declared.source)
    for shared in definition.shared.values():
        yield from (Citation(shared.span, source) for source in shared.source)
