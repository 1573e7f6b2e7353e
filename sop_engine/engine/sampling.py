"""The draw of a quality cycle: a sample that nobody can choose and everybody can repeat.

Pure: the same files, the same seed and the same numbers give the same sample, in whatever order the files come. Chance
comes from a hash of the seed and of each file's name, so that no library's generator has to stay the same for years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Layer: TypeAlias = Literal["exclusion", "uasc", "detention", "rest"]
Result: TypeAlias = Literal["positive", "negative", "none"]
Stratum: TypeAlias = tuple[str, str, str]
"""(result, officer, group of nationalities)."""

LEAST = 5
"""The rest gives at least five files, and a nationality with fewer stands under ``other``."""
SHARE = 10
"""Per cent of the rest that are drawn at least."""
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """One file of work as the draw sees it: no name, no story."""

    case_id: str
    layer: Layer
    result: Result
    officer: str
    """Who did the work that is looked at; only to spread the sample, never shown."""
    nationality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFile:
    """One file of the sample under the pseudonym by which reviewers know it."""

    pseudonym: str
    file: SampleFile
    stratum: Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumCount:
    """How many files of the rest one stratum has, and how many of them were drawn."""

    stratum: Stratum
    files: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The sample with all that is needed to draw it again."""

    seed: str
    population_hash: str
    population: int
    drawn: tuple[DrawnFile, ...]
    strata: tuple[StratumCount, ...]


def draw(
    files: Iterable[SampleFile], *, seed: str, per_stratum: int = 1, share: int = SHARE, least: int = LEAST
) -> Sample:
    """Draw a sample: every exclusion, child alone and long detention; of the rest a share spread over the strata.

    Of the rest: ``per_stratum`` of each result, officer and group of nationalities; then more, until ``share`` per
    cent and ``least`` files are reached; then one positive and one negative, where there is one and none was drawn.
    """
    known = {file.case_id: file for file in files}
    ordered = sorted(known.values(), key=lambda file: _chance(seed, file.case_id))
    groups = groups_of(ordered)
    rest = [file for file in ordered if file.layer == "rest"]
    strata: dict[Stratum, list[SampleFile]] = {}
    for file in rest:
        strata.setdefault((file.result, file.officer, groups[file.case_id]), []).append(file)
    taken = {file.case_id for found in strata.values() for file in found[: max(0, per_stratum)]}
    wanted = min(len(rest), max(least, -(-len(rest) * share // 100)))
    for file in rest:
        if len(taken) >= wanted:
            break
        taken.add(file.case_id)
    taken |= {file.case_id for file in ordered if file.layer != "rest"}
    for result in ("positive", "negative"):
        having = [file.case_id for file in ordered if file.result == result]
        if having and not taken & set(having):
            taken.add(having[0])
    drawn = [file for file in ordered if file.case_id in taken]
    return Sample(
        seed=seed,
        population_hash=population_hash(known.values()),
        population=len(known),
        drawn=tuple(
            DrawnFile(
                pseudonym=pseudonym(seed, file.case_id),
                file=file,
                stratum=(file.result, file.officer, groups[file.case_id]),
            )
            for file in drawn
        ),
        strata=tuple(
            StratumCount(stratum=name, files=len(found), drawn=sum(file.case_id in taken for file in found))
            for name, found in sorted(strata.items())
        ),
    )


def groups_of(files: Iterable[SampleFile]) -> Mapping[str, str]:
    """Return file → group of nationalities: one alone would point at a person, so few go together."""
    listed = list(files)
    counted: dict[str, int] = {}
    for file in listed:
        counted[file.nationality] = counted.get(file.nationality, 0) + 1
    return {f.case_id: f.nationality if f.nationality and counted[f.nationality] >= LEAST else OTHER for f in listed}


def population_hash(files: Iterable[SampleFile]) -> str:
    """Return the hash of the list from which was drawn: whoever draws again knows that it is the same list."""
    lines = sorted("|".join((f.case_id, f.layer, f.result, f.officer, f.nationality)) for f in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def pseudonym(seed: str, case_id: str) -> str:
    """Return the name of a file in this cycle; in the next one it has another."""
    return f"Q-{_digest('pseudonym', seed, case_id)[:10]}"


def _chance(seed: str, case_id: str) -> tuple[str, str]:
    return _digest("draw", seed, case_id), case_id


def _digest(purpose: str, seed: str, case_id: str) -> str:
    return hashlib.sha256(f"{purpose}\n{len(seed)}\n{seed}\n{case_id}".encode()).hexdigest()
