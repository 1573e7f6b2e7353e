"""Procedures and States on paper: the handbook of a set, the matrix of the region, the comparison of two sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sop_engine.definition.model import Definition
from sop_engine.records.content import Heading, Paper, Paragraph, Part, Table, Text
from sop_engine.records.handbook import HandbookInput, handbook
from sop_engine.records.pdf import pdf
from sop_engine.service.compare import CellView, ComparisonView, MatrixView


def handbook_pdf(
    definition: Definition,
    *,
    verdicts: Mapping[str, str] | None = None,
    certificate: str = "",
    language: str = "en",
    is_training: bool = False,
) -> bytes:
    """Return the handbook of a set as PDF. Raises FontsMissing when the fonts were not made at set-up.

    ``is_training``, here as below: it is printed in the sandbox, and every page says so.
    """
    given = HandbookInput(definition=definition, verdicts=verdicts or {}, certificate=certificate, language=language)
    return pdf(replace(handbook(given), is_training=is_training))


def matrix_paper(found: MatrixView, *, is_training: bool = False) -> Paper:
    """Return the matrix of the region as a paper: one table a parameter, one row a State."""
    return Paper(
        title="How the States of the region do it",
        reference="Regional matrix",
        office="Harmonised procedures",
        recipient="For policy officers",
        set_digest="",
        chain_head="",
        parts=tuple(_matrix(found)),
        is_training=is_training,
    )


DIFFERENCE_WORDS: Mapping[str, str] = {
    "added": "Added",
    "removed": "Removed",
    "tightened": "Tightened: less passes, or an authority has less time",
    "weakened": "Weakened: more passes, or the person has less",
    "changed": "Changed",
}


def comparison_paper(found: ComparisonView) -> Paper:
    """Return how one set differs from another as a paper: every difference with both wordings, source and line."""
    return Paper(
        title=f"{found.this_title} against {found.that_title}",
        reference="Comparison of procedures",
        office="Harmonised procedures",
        recipient="For policy officers",
        set_digest=found.this_digest,
        chain_head="",
        parts=tuple(_comparison(found)),
    )


def comparison_pdf(found: ComparisonView, *, is_training: bool = False) -> bytes:
    """Return a comparison as PDF. Raises FontsMissing when the fonts were not made at set-up."""
    return pdf(replace(comparison_paper(found), is_training=is_training))


def _comparison(found: ComparisonView) -> Iterator[Part]:
    yield Paragraph(
        Text(f"{found.count} differences. Read as: what {found.this_title} has against {found.that_title}.")
    )
    for kind, several in found.by_kind:
        if not several:
            continue
        yield Heading(DIFFERENCE_WORDS[kind])
        lines = []
        for one in several:
            cited = ", ".join(f"{source} ({source.mark})" for source in one.source)
            deviation = f"\nDeviation: {one.deviation}" if one.deviation else ""
            told = f" ({one.relation})" if one.relation else ""
            lines.append(
                (
                    Text(f"{one.title}\n{one.place}, {one.what}{told}{deviation}"),
                    Text(one.before_says or one.before or "–"),
                    Text(one.after_says or one.after or "–"),
                    Text(f"{cited or 'no source'}\n{one.at}"),
                )
            )
        yield Table(("What", found.that_title, found.this_title, "Source and line"), tuple(lines))
    if found.values:
        yield Heading("Values that differ")
        values = tuple(
            (Text(title), Text(f"{other}\n{other_why}"), Text(f"{own}\n{why}"))
            for title, own, why, other, other_why in found.values
        )
        yield Table(("What", found.that_title, found.this_title), values)


def _matrix(found: MatrixView) -> Iterator[Part]:
    yield Paragraph(Text("Every value stands with its source and with how sure it is; what nobody found stays open."))
    for title, rows in found.groups:
        yield Heading(title)
        for row in rows:
            yield Heading(row.title, 2)
            if row.harmonised:
                yield Paragraph(Text(f"Harmonised: {row.harmonised}"))
            lines = tuple(
                (Text(name), Text(_words(cell)), Text(_how_sure(cell)))
                for (_, name), cell in zip(found.states, row.cells, strict=True)
            )
            yield Table(("State", "Rule", "How sure, and source"), lines)
    yield Heading("Deviations")
    deviations = tuple(tuple(Text(words) for words in one) for one in found.deviations)
    yield Table(("State", "Deviation", "From", "Legal basis", "Ends on"), deviations, "None.")


def _words(cell: CellView) -> str:
    since = f" (from {cell.since})" if cell.since else ""
    return "\n".join(filter(None, (f"{cell.words}{since}", cell.note)))


def _how_sure(cell: CellView) -> str:
    return f"{cell.mark_words}: {cell.source}" if cell.is_set else "Not known"
