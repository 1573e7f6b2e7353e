"""What the checker found, for people and for machines: lines, JSON, SARIF, one HTML page."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sop_engine.check.results import Result
from sop_engine.check.structure import Finding

ABSTRACTIONS = (
    "Days are not counted: a running deadline may end at any moment.",
    "A panel may come to any result while it sits; who votes how is not followed.",
    "Tests over the rows of a table are answered freely, each for itself.",
    "Officers are told apart only for separation of functions.",
    "A paper file brought in at a later state is vouched for by a supervisor and is outside the proof.",
    "A proof speaks of the declared procedure under the engine's rules, not of facts being true or people obeying.",
)


def as_json(
    results: Sequence[Result], structural: Sequence[Finding], *, profile: str, states: int, seconds: float
) -> dict[str, Any]:
    """Return the contract of ``sop check --json``; what no machine can prove stands apart from the results."""
    proofs = [result for result in results if result.verdict != "BY STRUCTURE"]
    return {
        "results": [_result(result, profile) for result in proofs],
        "structural": [
            {"property": r.of.id, "id": r.of.safeguard.property_id, "says": r.of.safeguard.says, "carried_by": r.why}
            for r in results
            if r.verdict == "BY STRUCTURE"
        ],
        "findings": [
            {"kind": f.kind, "severity": f.severity, "place": str(f.span), "text": f.text} for f in structural
        ],
        "abstractions": list(ABSTRACTIONS),
        "states": states,
        "seconds": round(seconds, 2),
    }


def _result(result: Result, profile: str) -> dict[str, Any]:
    safeguard = result.of.safeguard
    told: dict[str, Any] = {
        "property": result.of.id,
        "id": safeguard.property_id,
        "pattern": safeguard.pattern,
        "says": safeguard.says,
        "place": str(safeguard.span),
        "source": [str(source) for source in safeguard.source],
        "profile": profile,
        "verdict": result.verdict,
        "seconds": round(result.seconds, 2),
        "backend": result.backend,
        "states": result.states,
    }
    told |= {"why": result.why} if result.why else {}
    told |= {"assumes": result.assumes} if result.assumes else {}
    told |= {"second_opinion": result.second_opinion} if result.second_opinion else {}
    told |= {"story": list(result.story)} if result.story else {}
    return told


def lines(results: Sequence[Result], structural: Sequence[Finding]) -> list[str]:
    """Return the report as lines for a terminal, the worst last."""
    order = {"BY STRUCTURE": 0, "PROVED": 1, "NO VIOLATION UP TO k": 2, "UNKNOWN": 3, "VIOLATED": 4}
    told: list[str] = []
    for result in sorted(results, key=lambda r: order[r.verdict]):
        if result.verdict == "BY STRUCTURE":
            continue
        ids = f" ({result.of.safeguard.property_id})" if result.of.safeguard.property_id else ""
        told.append(f"{result.verdict:<20} {result.of.id}{ids}  {result.seconds:.1f} s, {result.backend}")
        if result.second_opinion:
            told.append(f"{'':<20} second opinion (Spacer): {result.second_opinion}")
        if result.assumes:
            told.append(f"{'':<20} assuming that {result.assumes}")
        if not result.is_green:
            told.append(f"{'':<20} {result.of.safeguard.says} [{', '.join(map(str, result.of.safeguard.source))}]")
            told += [f"{'':<20} {line}" for line in (result.why, *result.story) if line]
    told += [f"{finding.severity.upper():<20} {finding.span}: {finding.text}" for finding in structural]
    counts = Counter(result.verdict for result in results)
    told.append(", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())) + ".")
    return told


def sarif(results: Sequence[Result], structural: Sequence[Finding]) -> dict[str, Any]:
    """Return what is not green as SARIF, for tools that show findings beside the lines of a file."""
    level = {"VIOLATED": "error", "UNKNOWN": "warning", "NO VIOLATION UP TO k": "note"}
    found = [
        {
            "ruleId": result.of.id,
            "level": level[result.verdict],
            "message": {"text": " ".join((f"{result.verdict}: {result.of.safeguard.says}", result.why, *result.story))},
            "locations": [_location(result.of.safeguard.span)],
        }
        for result in results
        if result.verdict in level
    ]
    found += [
        {
            "ruleId": finding.kind,
            "level": finding.severity,
            "message": {"text": finding.text},
            "locations": [_location(finding.span)],
        }
        for finding in structural
    ]
    tool = {
        "driver": {"name": "sop check", "rules": [{"id": name} for name in sorted({str(f["ruleId"]) for f in found})]}
    }
    return {"version": "2.1.0", "runs": [{"tool": tool, "results": found}]}


def _location(span: Any) -> dict[str, Any]:
    region = {"startLine": max(1, span.line), "startColumn": max(1, span.column)}
    return {"physicalLocation": {"artifactLocation": {"uri": span.file or "workflows"}, "region": region}}


def page(results: Sequence[Result], structural: Sequence[Finding], *, title: str) -> str:
    """Return the report as one HTML page that needs nothing else."""
    rows = []
    for result in results:
        safeguard = result.of.safeguard
        notes = [result.why, f"Assuming that {result.assumes}." if result.assumes else "", *result.story]
        cells = (
            result.verdict.lower().capitalize(),
            safeguard.says,
            safeguard.property_id or safeguard.rule,
            "; ".join(map(str, safeguard.source)),
            " ".join(note for note in notes if note),
            f"{result.of.id} ({safeguard.span})",
        )
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    heads = ("Verdict", "Safeguard", "Rule", "Source", "Note", "Declared in")
    found = "".join(f"<li>{html.escape(f'{f.span}: {f.text}')}</li>" for f in structural) or "<li>None.</li>"
    limits = "".join(f"<li>{html.escape(text)}</li>" for text in ABSTRACTIONS)
    table = f"<table><tr>{''.join(f'<th>{head}' for head in heads)}</tr>{''.join(rows)}</table>"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
        "<style>body{font:16px sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
        "td,th{border-bottom:1px solid #b1b4b6;padding:.5rem;text-align:left;vertical-align:top}</style>"
        f"<h1>{html.escape(title)}</h1>{table}"
        f"<h2>Findings on the structure</h2><ul>{found}</ul>"
        f"<h2>What the proofs leave out</h2><ul>{limits}</ul></html>\n"
    )
