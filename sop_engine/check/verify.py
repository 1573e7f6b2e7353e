"""From a property to a verdict: the portfolio of proofs, each with its budget, and never a green that is not a proof.

A property is first read on the smallest slice: the variables it speaks of, everything else free. What is proved there is
proved of the whole. Where a way to the bad end is found, the free variables that it used are followed too, until the
proof holds, or the way is exact and can be replayed as a story, or the budget is gone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sop_engine.check.bdd import OutOfTime, Prover, TraceStep
from sop_engine.check.events import initial_state
from sop_engine.check.formula import FALSE, TRUE, Formula, negation
from sop_engine.check.ir import EventKind, Model, ModelEvent
from sop_engine.check.properties import Obligation
from sop_engine.check.slices import AFTERTHOUGHTS, Slice, slice_for

Verdict: TypeAlias = Literal["PROVED", "VIOLATED", "UNKNOWN"]
RANK: Mapping[str, int] = {
    "did": 0, "shared": 0, "state": 1, "deadline": 2, "earlier": 2, "panel": 3, "latest": 4, "answer": 4, "rows": 4, "undo": 5
}  # fmt: skip
"""Which free variables are followed first: what is shared and what is a state, before single answers."""
MOST_FOLLOWED = 400


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
    why: str = ""


def discharge(
    model: Model, obligation: Obligation, *, until: float, without: frozenset[EventKind] = frozenset()
) -> Finding:
    """Return whether the bad end of an obligation can be reached. ``until`` is a reading of the monotonic clock."""
    if obligation.bad is FALSE:
        return Finding("PROVED", backend="logic")
    start = initial_state(model)
    part = slice_for(model, [obligation.bad], without)
    last = Finding("UNKNOWN", why="out of time")
    while True:
        try:
            prover = Prover(part, start, until)
            bad = _bad(prover, obligation)
            if bad == prover.manager.false:
                return Finding("PROVED", 0, len(part.followed), "logic")
            reached = prover.reach(lambda states, bad=bad: states & bad != prover.manager.false)
            if reached.states & bad == prover.manager.false:
                return Finding("PROVED", reached.count, len(part.followed), prover.backend)
            way, end = prover.way_to(reached, bad)
        except OutOfTime:
            return Finding("UNKNOWN", last.states, len(part.followed), last.backend, why="out of time")
        more = _to_follow(part, obligation, way)
        last = Finding(
            "VIOLATED", reached.count, len(part.followed), prover.backend, tuple(way), end, obligation.event, not more
        )
        if not more or len(part.followed) > MOST_FOLLOWED:
            return last
        part = part.following(more)


def _bad(prover: Prover, obligation: Obligation) -> object:
    """Return the followed states at which the obligation fails: settled, with free variables that let it fail."""
    bad = prover.diagram(obligation.bad)
    if obligation.event is None:
        reads = obligation.bad.support
        found = bad & prover.nothing_before(4, reads)
        return prover._forget(prover.free_in(prover.bits), found & prover.valid(prover.free_in(reads)))
    event = obligation.event
    found = bad & prover.valid(prover.free_in(event.reads | event.writes | obligation.bad.support))
    found &= prover.nothing_before(4, event.reads | obligation.bad.support)
    # Backwards through the act: only moments at which it can really be done count.
    possible = prover.manager.true
    for op in reversed(event.ops):
        possible = prover.before(op, possible)
    return prover._forget(prover.free_in(prover.bits), found & possible)


def _to_follow(part: Slice, obligation: Obligation, way: list[TraceStep]) -> set[str]:
    """Return the free variables that the way used, those of the plainest kind."""
    used: set[str] = set(obligation.bad.support)
    if obligation.event is not None:
        used |= obligation.event.reads
    for step in way:
        used |= step.event.reads
    for event in part.first:
        used |= event.guard.support
    variables = part.model.words.variables
    free = {n for n in used - part.followed if variables[n].kind in RANK and "~earlier" not in n}
    if not free:
        return set()
    best = min(RANK[variables[name].kind] for name in free)
    return {name for name in free if RANK[variables[name].kind] == best}


def is_vacuous(model: Model, formula: Formula) -> bool:
    """Say whether a bad end is empty by itself, whatever the guards: then its proof would say nothing."""
    prover = Prover(Slice(model, frozenset(formula.support)), initial_state(model), time.monotonic() + 30)
    return bool(prover.diagram(formula) & prover.valid(formula.support) == prover.manager.false)


__all__ = ["AFTERTHOUGHTS", "TRUE", "Finding", "Verdict", "discharge", "is_vacuous", "negation"]
