"""What became of a property, and what was learnt on the way that helps to prove others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.check.ir import ModelEvent
from sop_engine.check.properties import Obligation, Property
from sop_engine.check.slices import lemma
from sop_engine.check.verify import Finding
from sop_engine.vocabulary import Event

Word: TypeAlias = Literal["PROVED", "NO VIOLATION UP TO k", "VIOLATED", "UNKNOWN", "BY STRUCTURE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one property. Only PROVED is green."""

    of: Property
    verdict: Word
    backend: str
    seconds: float
    states: int = 0
    why: str = ""
    assumes: str = ""
    finding: Finding | None = None
    proofs: tuple[tuple[Obligation, Finding], ...] = ()
    """Each obligation with what became of it."""
    story: tuple[str, ...] = ()
    ends_in: Mapping[str, str] = field(default_factory=dict)
    """Where the story ends: machine → state."""
    second_opinion: str = ""
    """What another method said of a proof, where it was asked: agrees, or no answer."""
    events: tuple[Event, ...] = ()
    """The story as the engine was told it."""

    @property
    def is_green(self) -> bool:
        return self.verdict == "PROVED"


@dataclass
class Known:
    """What was proved so far: it may be used to prove more."""

    strong: list[ModelEvent] = field(default_factory=list)
    weak: list[ModelEvent] = field(default_factory=list)
    """Proved only without afterthoughts: good for proofs that make the same assumption."""

    def learn(self, result: Result) -> None:
        """Keep what a proof says of settled cases."""
        if not result.is_green or result.of.safeguard.pattern not in ("never", "always", "before"):
            return
        found = self.weak if result.assumes else self.strong
        found += [
            lemma(f"{result.of.id} {number}", owed.bad)
            for number, (owed, _) in enumerate(result.proofs)
            if owed.event is None
        ]

    @property
    def names(self) -> dict[str, ModelEvent]:
        return {known.name: known for known in (*self.strong, *self.weak)}

    def for_proof(self, *, is_weak: bool) -> tuple[ModelEvent, ...]:
        return (*self.strong, *self.weak) if is_weak else tuple(self.strong)
