"""Which free variables to follow next: those without which a way to the bad end would not exist.

A way that was found on a slice is walked again with candidates followed too. The fewest that make it impossible are
added to the slice (counterexample-guided refinement); if none do, the way may be real.
"""

from __future__ import annotations

from collections.abc import Sequence

from sop_engine.check.bdd import Diagram, OutOfTime, Prover, TraceStep
from sop_engine.check.budget import clock
from sop_engine.check.ir import ModelEvent, Only
from sop_engine.check.properties import Obligation

MOST_AT_ONCE = 6
LONGEST_WALK = 2.0
LONGEST_SEARCH = 4.0
RANK: dict[str, int] = {
    "did": 0, "shared": 0, "state": 1, "deadline": 2, "earlier": 2, "panel": 3,
    "latest": 4, "answer": 4, "rows": 4, "undo": 5,
}  # fmt: skip


def bad_states(prover: Prover, obligation: Obligation) -> Diagram:
    """Return the followed states at which the obligation fails: settled, with free variables that let it fail."""
    bad = prover.manager.true if obligation.within else prover.diagram(obligation.bad)
    event = obligation.event
    reads = obligation.bad.support | (event.reads if event else frozenset())
    found = bad & prover.valid(prover.free_in(reads))
    for op in event.ops if event else ():
        # What it asks of the moment before it begins; looked at first, because it often settles the matter.
        if not isinstance(op, Only):
            break
        found &= prover.diagram(op.when)
    if found == prover.manager.false:
        return found
    found &= prover.nothing_before(4, reads)
    possible = prover.manager.true
    # Backwards through the act: only moments at which it can really be done count.
    for op in reversed(event.ops if event else ()):
        possible = prover.before(op, possible)
    return prover.forget(prover.free_in(prover.bits), found & possible)


def to_follow(prover: Prover, obligation: Obligation, way: Sequence[TraceStep]) -> set[str]:
    """Return the free variables to be followed next; empty when the way uses none that could stop it."""
    candidates = _candidates(prover, obligation, way)
    began = clock()
    for name in candidates:
        if clock() - began > LONGEST_SEARCH:
            break
        if _survives(prover, obligation, way, {name}) is False:
            return {name}
    for rank in range(max(RANK.values()) + 1):
        upto = [name for name in candidates if _rank(prover, name) <= rank]
        if not upto or all(_rank(prover, name) < rank for name in upto):
            continue
        survives = _survives(prover, obligation, way, set(upto))
        if survives is False:
            return _fewest(prover, obligation, way, upto)
        if survives is None:
            return set(upto[:MOST_AT_ONCE])
    return set(candidates)


def _rank(prover: Prover, name: str) -> int:
    return RANK[prover.part.model.words.variables[name].kind]


def _candidates(prover: Prover, obligation: Obligation, way: Sequence[TraceStep]) -> list[str]:
    used: set[str] = set(obligation.bad.support)
    if obligation.event is not None:
        used |= obligation.event.reads
    for step in way:
        used |= step.event.reads
    for event in prover.part.first:
        if event.guard.support & used:
            used |= event.guard.support
    variables = prover.part.model.words.variables
    free = [n for n in used - prover.part.followed if variables[n].kind in RANK and "~earlier" not in n]
    return sorted(free, key=lambda name: (_rank(prover, name), name))


def _fewest(prover: Prover, obligation: Obligation, way: Sequence[TraceStep], names: list[str]) -> set[str]:
    """Return a smallest part of the candidates that still makes the way impossible (found by leaving some out)."""
    kept = list(reversed(names))
    size = max(1, len(kept) // 2)
    while size:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + size :]
            if fewer and _survives(prover, obligation, way, set(fewer)) is False:
                kept = fewer
            else:
                place += size
        size = 0 if size == 1 else max(1, size // 2)
    return set(kept)


def _survives(prover: Prover, obligation: Obligation, way: Sequence[TraceStep], more: set[str]) -> bool | None:
    """Walk the way again with these variables followed, which change between its steps. None: too long to say."""
    part = prover.part.following(more)
    until = min(prover.until, clock() + LONGEST_WALK)
    walker = Prover(part, prover.start, until, prover.share())
    between = [event for event in part.events if event.writes - prover.part.followed]
    now = {name: prover.start[name] for name in prover.part.followed}
    states = walker.manager.cube(walker.start_code())
    try:
        for step in way:
            states = _closure(walker, between, states, walker.cube(now))
            now = {name: step.after[name] for name in prover.part.followed}
            states = walker.image(step.event, states) & walker.cube(now)
            if states == walker.manager.false:
                return False
        states = _closure(walker, between, states, walker.cube(now))
    except OutOfTime:
        if clock() > prover.until:
            raise
        return None
    return bool(states & bad_states(walker, obligation) != walker.manager.false)


def _closure(walker: Prover, events: list[ModelEvent], states: Diagram, unchanged: Diagram) -> Diagram:
    fresh = True
    while fresh:
        fresh = False
        for event in events:
            if clock() > walker.until:
                raise OutOfTime
            new = walker.image(event, states) & unchanged & ~states
            if new != walker.manager.false:
                states |= new
                fresh = True
    return states
