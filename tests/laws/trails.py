"""Walks at random that all laws of the engine share: they take long to make and nothing to look at again."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_engine.definition.model import Definition
from sop_engine.vocabulary import AuditEvent, Case
from tests.instruments.walks import Walk, Walked

LONGEST = {"small": 60, "real": 40}
POOL = {"small": 60, "real": 24}
"""How many walks all laws share. SOP_LAWS_FROM=n takes others: for a night of hunting."""
FIRST_SEED = int(os.environ.get("SOP_LAWS_FROM", "0"))

Begin = Callable[[], tuple[Case, tuple[AuditEvent, ...], datetime]]


@dataclass(frozen=True)
class Trail:
    """The beginning of a walk: where it began, and what was sent since."""

    definition: Definition
    begin: Case
    begin_log: tuple[AuditEvent, ...]
    steps: tuple[Walked, ...]
    seed: int

    @property
    def case(self) -> Case:
        return self.steps[-1].after if self.steps else self.begin

    @property
    def at(self) -> datetime:
        return self.steps[-1].event.at

    @property
    def log(self) -> tuple[AuditEvent, ...]:
        return (*self.begin_log, *(event for step in self.steps for event in step.events))


@dataclass(frozen=True)
class Ground:
    """A set to walk through, and the cases a walk may begin with. All laws share the walks, which take long to make."""

    name: str
    definition: Definition
    begins: tuple[Begin, ...]
    made: dict[int, Trail] = field(default_factory=dict)

    def trail(self, seed: int, length: int) -> Trail:
        if seed not in self.made:
            walk = self._walk(seed)
            begin, log = walk.case, tuple(walk.log)
            self.made[seed] = Trail(self.definition, begin, log, tuple(walk.steps(LONGEST[self.name])), seed)
        whole = self.made[seed]
        return replace(whole, steps=whole.steps[:length])

    def _walk(self, seed: int) -> Walk:
        if not self.begins or seed % 3 == 0:
            return Walk(self.definition, seed)
        case, log, at = self.begins[seed % len(self.begins)]()
        return Walk(self.definition, seed, at, (case, log))


def on_trails(ground: Ground, law: Callable[[Trail], None]) -> None:
    """Hold a law on many walks through a set."""

    @settings(
        max_examples=POOL[ground.name] // 2,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(seed=st.integers(0, POOL[ground.name] - 1), length=st.integers(1, LONGEST[ground.name]))
    def holds(seed: int, length: int) -> None:
        law(ground.trail(FIRST_SEED + seed, length))

    holds()
