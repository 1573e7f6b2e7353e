"""States beside one another: differences of two sets, the matrix of the region, the readiness of a State.

All views are frozen and hold sentences and names only, so that a page, a table and a paper show the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from sop_engine.definition.differences import KINDS, Difference, differences
from sop_engine.definition.model import Definition, Source
from sop_engine.definition.national import MARK_WORDS, ProfileValue
from sop_engine.definition.parameters import GROUPS, PARAMETERS, Group, Parameter, in_words
from sop_engine.engine.wording import Wording
from sop_engine.guards.in_words import in_words as guard_in_words
from sop_engine.guards.tree import Guard
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Region

HARMONISED = "harmonised"
MATRIX_GROUPS: tuple[Group, ...] = ("time_limits", "bodies", "remedies", "detention", "documents")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """How one set differs from another, by kind, and the values of the two profiles that differ."""

    this: str
    that: str
    this_title: str
    that_title: str
    by_kind: tuple[tuple[str, tuple[Difference, ...]], ...]
    values: tuple[tuple[str, str, str, str, str], ...] = ()
    """(title, this value, its source and mark, that value, its source and mark)."""
    this_digest: str = ""

    @property
    def count(self) -> int:
        return sum(len(found) for _, found in self.by_kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """What one State says about one parameter."""

    words: str
    mark: str = ""
    mark_words: str = ""
    source: str = ""
    since: str = ""
    note: str = ""
    meanwhile: str = ""
    """For a value nobody knows: what holds until somebody decides."""
    earlier: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        return self.mark not in ("", "?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    name: str
    title: str
    group: str
    harmonised: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixView:
    """Rows of parameters, columns of States."""

    states: tuple[tuple[str, str], ...]
    """(code, name)."""
    groups: tuple[tuple[str, tuple[RowView, ...]], ...]
    deviations: tuple[tuple[str, str, str, str, str], ...]
    """(State, title, weakens, law, last day)."""


def region_set(region: Region, code: str) -> Definition:
    """Return the set of a State or the harmonised one. Raises NotFound for a State without a profile, and
    for any where no profile is known."""
    if not region.states:
        raise NotFound
    if code.lower() == HARMONISED:
        return region.read(None)
    if code.upper() not in region.states:
        raise NotFound
    return region.read(code.upper())


def compare(region: Region, this: str, that: str = HARMONISED, *, say: Callable[[str], str] = str) -> ComparisonView:
    """Return how the set of one State differs from that of another, or from the harmonised one. Raises NotFound."""
    return compare_sets(region_set(region, this), region_set(region, that), say=say)


@lru_cache(maxsize=32)
def _differences(digests: tuple[str, str], sets: _Pair) -> tuple[Difference, ...]:
    return differences(sets.this, sets.that)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two sets, compared by their digests alone, which name their content."""

    this: Definition
    that: Definition

    def __hash__(self) -> int:
        return hash((self.this.digest, self.that.digest))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and hash(self) == hash(other)


def compare_sets(this: Definition, that: Definition, *, say: Callable[[str], str] = str) -> ComparisonView:
    """Return how one set differs from another, conditions in sentences beside their text."""
    own, other = Wording(this, say=say), Wording(that, say=say)
    found = tuple(
        replace(
            one, before_says=in_sentences(one.conditions[0], other), after_says=in_sentences(one.conditions[1], own)
        )
        if one.conditions
        else one
        for one in _differences((this.digest, that.digest), _Pair(this, that))
    )
    return ComparisonView(
        this=code_of(this),
        that=code_of(that),
        this_title=title_of(this),
        that_title=title_of(that),
        by_kind=tuple((kind, tuple(one for one in found if one.kind == kind)) for kind in KINDS),
        values=tuple(_values(this, that)) if this.national and that.national else (),
        this_digest=this.digest,
    )


def in_sentences(guard: Guard, wording: Wording) -> str:
    """Return a condition as a reader is told it."""
    return guard_in_words(guard, wording, wording.say)


def _values(this: Definition, that: Definition) -> Iterable[tuple[str, str, str, str, str]]:
    for parameter in PARAMETERS.values():
        own, other = cell(this, parameter), cell(that, parameter)
        if own.words != other.words:
            yield parameter.title, own.words, _reference(own), other.words, _reference(other)


def _reference(cell: CellView) -> str:
    return f"{cell.source} ({cell.mark})" if cell.is_set else cell.mark


def code_of(definition: Definition) -> str:
    return definition.national.iso3 if definition.national else HARMONISED


def title_of(definition: Definition) -> str:
    return definition.national.title if definition.national else "Harmonised procedures"


def matrix(region: Region, groups: tuple[Group, ...] = MATRIX_GROUPS) -> MatrixView:
    """Return what every State of the region says, row by row."""
    harmonised = region_set(region, HARMONISED)
    sets = [region.profile_of(code) for code in region.states]
    return MatrixView(
        states=tuple((code_of(one), title_of(one)) for one in sets),
        groups=tuple(
            (
                GROUPS[group],
                tuple(
                    RowView(
                        name=parameter.name,
                        title=parameter.title,
                        group=GROUPS[group],
                        harmonised=_harmonised(parameter, harmonised),
                        cells=tuple(cell(one, parameter) for one in sets),
                    )
                    for parameter in PARAMETERS.values()
                    if parameter.group == group
                ),
            )
            for group in groups
        ),
        deviations=tuple(
            (code_of(one), deviation.title, ", ".join(deviation.weakens), deviation.law, deviation.expires)
            for one in sets
            for deviation in one.deviations
        ),
    )


def _harmonised(parameter: Parameter, definition: Definition) -> str:
    machine, _, name = parameter.timer.partition(".")
    declared = definition.machines[machine].deadlines.get(name) if machine in definition.machines else None
    return str(declared.length) if declared else parameter.meanwhile


def cell(definition: Definition, parameter: Parameter) -> CellView:
    """Return what a State says about one parameter."""
    profile = definition.national
    value = profile.value(parameter.name) if profile else None
    if profile is None or value is None:
        return CellView(words="not told", meanwhile=parameter.meanwhile)
    parts = profile.values[parameter.name]
    return CellView(
        words=in_words(parameter.name, value.values) if value.is_set else "not known",
        mark=value.mark,
        mark_words=MARK_WORDS[value.mark],
        source=tags(value.source),
        since=value.holds_from,
        note=value.note,
        meanwhile="" if value.is_set else parameter.meanwhile,
        earlier=tuple(_earlier(part) for part in parts if part is not value),
    )


def _earlier(part: ProfileValue) -> str:
    until = f" until {part.until}" if part.until else ""
    since = f" from {part.holds_from}" if part.holds_from else ""
    return f"{in_words(part.parameter, part.values) or 'not known'}{since}{until} ({tags(part.source)}, {part.mark})"


def tags(sources: Iterable[Source]) -> str:
    """Return sources in short: national tags without their “whole”."""
    return ", ".join(str(source).removesuffix(" whole") for source in sources)


def matrix_csv(found: MatrixView) -> str:
    """Return the matrix as a table for a spreadsheet: one row a parameter and State, with source and mark."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(
        ["group", "parameter", "state", "value", "mark", "source", "from", "note", "meanwhile", "harmonised"]
    )
    for title, rows in found.groups:
        for row in rows:
            for (code, _), one in zip(found.states, row.cells, strict=True):
                fields = [one.words, one.mark, one.source, one.since, one.note, one.meanwhile, row.harmonised]
                write.writerow([title, row.name, code, *(_plain(field) for field in fields)])
    return out.getvalue()


def _plain(field: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{field}" if field[:1] in ("=", "+", "-", "@") else field
