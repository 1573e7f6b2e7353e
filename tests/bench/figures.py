"""How a figure is taken: variants in turn inside each round, the median over rounds; a noisy machine hits all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: ours beside a limit or peer of the same run."""

    name: str
    unit: str
    ours: float
    beside: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def in_turn(variants: Mapping[str, Callable[[], object]], *, rounds: int = 7, times: int = 20) -> dict[str, float]:
    """Return microseconds per call of each variant: median over rounds in which each ran ``times`` times."""
    for run in variants.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            began = time.perf_counter()
            for _ in range(times):
                run()
            taken[name].append((time.perf_counter() - began) / times * 1e6)
    return {name: round(statistics.median(values), 1) for name, values in taken.items()}
