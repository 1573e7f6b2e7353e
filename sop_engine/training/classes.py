"""The figures of a class: what was missed by how many, how far committees agree, how far trainers are apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import pstdev


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One indicator or mistake of a pack: how many attempts missed it (or made it), of how many."""

    id: str
    text: str
    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far committees agree on one question: the share of pairs that answered alike (None: one committee)."""

    question: str
    answers: Mapping[str, int]
    pairs_alike: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far trainers are apart on one criterion of one attempt."""

    attempt: str
    criterion: str
    points: tuple[int, ...]

    @property
    def width(self) -> int:
        return max(self.points) - min(self.points)

    @property
    def deviation(self) -> float:
        return pstdev(self.points)


def heat(marks: Sequence[Iterable[str]], texts: Mapping[str, str]) -> tuple[HeatCell, ...]:
    """Return how many attempts hold each mark, the most frequent first; ``marks`` has one entry an attempt."""
    counted = Counter(mark for one in marks for mark in set(one))
    cells = [HeatCell(name, text, counted[name], len(marks)) for name, text in texts.items()]
    return tuple(sorted(cells, key=lambda cell: (-cell.count, list(texts).index(cell.id))))


def agreement(question: str, answers: Sequence[str]) -> Agreement:
    """Return how far committees agree on one question; one answer a committee."""
    counted = Counter(answers)
    total = len(answers)
    pairs = total * (total - 1)
    alike = sum(n * (n - 1) for n in counted.values()) / pairs if pairs else None
    return Agreement(question, dict(sorted(counted.items())), alike)


def fleiss_kappa(items: Sequence[Sequence[str]]) -> float | None:
    """Return Fleiss' kappa of raters over several items, each rated by the same number of raters.

    None where it says nothing: fewer than two raters, no items, or a single answer everywhere.
    """
    counts = {len(one) for one in items}
    if not items or counts != {next(iter(counts))} or next(iter(counts)) < 2:
        return None
    raters = next(iter(counts))
    tallies = [Counter(one) for one in items]
    agreed = sum(sum(n * n for n in tally.values()) - raters for tally in tallies) / (
        len(items) * raters * (raters - 1)
    )
    shares: dict[str, float] = defaultdict(float)
    for tally in tallies:
        for answer, n in tally.items():
            shares[answer] += n / (len(items) * raters)
    by_chance = sum(share * share for share in shares.values())
    return None if by_chance >= 1.0 else (agreed - by_chance) / (1.0 - by_chance)


def spreads(points: Mapping[tuple[str, str], Sequence[int]]) -> tuple[Spread, ...]:
    """Return the spread of each (attempt, criterion) that two trainers or more scored, the widest first."""
    found = [
        Spread(attempt, criterion, tuple(given)) for (attempt, criterion), given in points.items() if len(given) > 1
    ]
    return tuple(sorted(found, key=lambda one: (-one.width, one.attempt, one.criterion)))
