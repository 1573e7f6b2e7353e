"""How a check says what it found."""

from __future__ import annotations

from sop_engine.definition.faults import Finding
from sop_engine.guards.tree import Span


def error(span: Span, found: str, why: str, mend: str) -> Finding:
    """Return a finding that forbids the use of the set."""
    return Finding(severity="error", span=span, found=found, why=why, mend=mend)


def warning(span: Span, found: str, why: str, mend: str) -> Finding:
    """Return a finding that asks for a second look."""
    return Finding(severity="warning", span=span, found=found, why=why, mend=mend)
