"""From a property to a verdict: the portfolio of proofs, each with its budget, and never a green that is not a proof.

A property is first read on the smallest slice: the variables it speaks of, everything else free. What is proved there
is proved of the whole. Where a way to the bad end is found, the free variables that it used are followed too, until the
proof holds, or the way is exact and can be replayed as a story, or the budget is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from sop_engine.check.bdd import OutOfTime, Prover, TraceStep
from sop_engine.check.budget import clock
from sop_engine.check.events import initial_state
from sop_engine.check.formula import FALSE, Formula
from sop_engine.check.ir import EventKind, Model, ModelEvent
from sop_engine.check.properties import Obligation
from sop_engine.check.refine import bad_states, to_follow
from sop_engine.check.slices import Slice, slice_for

Verdict: TypeAlias = Literal["PROVED", "VIOLATED", "UNKNOWN"]
MOST_FOLLOWED = 400
OUT_OF_TIME = "out of time"


@dataclass(frozen=True)
class Finding:
    """What one obligation came to. ``way`` leads to the bad end, exact only if ``is_exact``."""

    verdict: Verdict
    states: int = 0
    followed: int = 0
    backend: str = ""
    way: tuple[TraceStep, ...] = ()
    end: Mapping[str, str] = field(default_factory=dict)
    at: ModelEvent | None = None
    is_exact: bool = False
    is_played: bool = False
    """Whether it happened on the real engine."""
    part: Slice | None = None
    """The slice on which it was found."""
    why: str = ""


def discharge(
    model: Model,
    obligation: Obligation,
    *,
    until: float,
    without: frozenset[EventKind] = frozenset(),
    following: frozenset[str] = frozenset(),
    lemmas: tuple[ModelEvent, ...] = (),
    is_played: Callable[[Finding], bool] = lambda _: False,
) -> Finding:
    """Return whether the bad end of an obligation can be reached. ``until`` is a reading of the processor clock.

    ``following`` names variables to be followed from the beginning, because they were needed before. ``lemmas`` were
    proved before. ``is_played`` says whether a way that was found happens on the real engine: then it is at its end.
    """
    if obligation.bad is FALSE:
        return Finding("PROVED", backend="logic")
    start = initial_state(model)
    part = slice_for(model, [obligation.bad], without, lemmas).following(following)
    last = Finding("UNKNOWN", why=OUT_OF_TIME)
    while True:
        try:
            prover = Prover(part, start, until)
            bad = bad_states(prover, obligation)
            if bad == prover.manager.false:
                return Finding("PROVED", last.states, len(part.followed), "logic", part=part)
            reached = prover.reach(bad)
            if reached.states & bad == prover.manager.false:
                return Finding("PROVED", reached.count, len(part.followed), prover.backend, part=part)
            way, end = prover.way_to(reached, bad)
            last = Finding(
                "VIOLATED", reached.count, len(part.followed), prover.backend, tuple(way), end, obligation.event
            )
            if is_played(last):
                return replace(last, is_played=True)
            more = to_follow(prover, obligation, way)
        except OutOfTime:
            return replace(last, verdict="UNKNOWN", followed=len(part.followed), why=OUT_OF_TIME)
        if not more or len(part.followed) > MOST_FOLLOWED:
            return replace(last, is_exact=not more)
        part = part.following(more)


def is_vacuous(model: Model, formula: Formula) -> bool:
    """Say whether a bad end is empty by itself, whatever the guards: then its proof would say nothing."""
    prover = Prover(Slice(model, frozenset(formula.support)), initial_state(model), clock() + 30)
    return bool(prover.diagram(formula) & prover.valid(formula.support) == prover.manager.false)
