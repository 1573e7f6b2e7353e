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
MOST_TRIED = 12
LARGEST_CONDITION = 2_000
LARGEST_MOMENT = 20_000
"""Nodes: what is larger is left out, which only leaves more to be looked at."""
LONGEST_WALK = 2.0
LONGEST_SEARCH = 4.0
RANK: dict[str, int] = {
    "did": 0, "shared": 0, "state": 1, "deadline": 2, "earlier": 2, "panel": 3,
    "latest": 4, "answer": 4, "rows": 4, "undo": 5,
}  # fmt: skip


def bad_states(prover: Prover, obligation: Obligation) -> Diagram:
    """Return the followed states at which the obligation fails: settled, with free variables that let it fail."""
    return prover.forget(prover.free_in(prover.bits), bad_moments(prover, obligation))


def bad_moments(prover: Prover, obligation: Obligation) -> Diagram:
    """Return the states at which the obligation fails, free variables still in."""
    bad = prover.manager.true if obligation.within else prover.diagram(obligation.bad)
    event = obligation.event
    reads = obligation.bad.support | (event.reads if event else frozenset())
    # Codes that stand for no value are left out at once: a bad end that only they reach is none.
    found = bad & prover.valid({*obligation.bad.support, *prover.free_in(reads)})
    for op in event.ops if event else ():
        # What it asks of the moment before it begins; looked at first, because it often settles the matter.
        if not isinstance(op, Only):
            break
        found &= prover.diagram(op.when)
    if found == prover.manager.false:
        return found
    found &= prover.nothing_before(4, reads)
    # Here exactly: two conditions that rest for opposite reasons do not rest together.
    for first in prover.part.first:
        happens = prover.diagram(first.guard)
        if happens.dag_size > LARGEST_CONDITION or found & happens == prover.manager.false:
            continue
        fewer = found & ~happens & prover.valid(prover.free_in(first.guard.support))
        if fewer.dag_size <= LARGEST_MOMENT:
            found = fewer
    possible = prover.manager.true
    # Backwards through the act: only moments at which it can really be done count.
    for op in reversed(event.ops if event else ()):
        possible = prover.before(op, possible)
    return found & possible


def to_follow(prover: Prover, obligation: Obligation, way: Sequence[TraceStep]) -> set[str]:
    """Return the free variables to be followed next; empty when the way uses none that could stop it."""
    candidates = _candidates(prover, obligation, way)
    needed = _must_change(prover, obligation, way)
    began = clock()
    for name in needed or candidates:
        if clock() - began > LONGEST_SEARCH:
            break
        if _survives(prover, obligation, way, {name}) is False:
            return {name}
    if needed:
        could = _could_have_followed(prover, way)
        for name in could[:MOST_TRIED]:
            if clock() - began > LONGEST_SEARCH:
                break
            if _survives(prover, obligation, way, {name}) is False:
                return {name}
        if could and clock() - began < LONGEST_SEARCH and _survives(prover, obligation, way, set(could)) is False:
            return _fewest(prover, obligation, way, could)
        return set(needed[:MOST_AT_ONCE])
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


def _must_change(prover: Prover, obligation: Obligation, way: Sequence[TraceStep]) -> list[str]:
    """Return free variables without a change of which the way would stop: facts and states before answers.

    At each step, as few as possible that could not all still have the value they begin with.
    """
    moments = [_before_step(prover, step) for step in way]
    moments.append(bad_moments(prover, obligation) & prover.cube(_followed(prover, way)))
    for rank in range(max(RANK.values()) + 1):
        found: dict[str, None] = {}
        for moment in moments:
            names = [n for n in _free_of(prover, moment) if _rank(prover, n) <= rank]
            found |= dict.fromkeys(_core(prover, moment, names))
        if found:
            return sorted(found, key=lambda name: (_rank(prover, name), name))
    return []


def _could_have_followed(prover: Prover, way: Sequence[TraceStep]) -> list[str]:
    """Return the free variables of what would have followed by itself, somewhere on the way, had they been so."""
    stands = [prover.cube({name: prover.start[name] for name in prover.part.followed})]
    stands += [prover.cube({name: step.after[name] for name in prover.part.followed}) for step in way]
    variables = prover.part.model.words.variables
    found: dict[str, int] = {}
    for first in prover.part.first:
        happens = prover.diagram(first.guard)
        often = sum(1 for here in stands if here & happens != prover.manager.false)
        for name in prover.free_in(first.guard.support) if often else ():
            if variables[name].kind in RANK and "~earlier" not in name:
                found[name] = found.get(name, 0) + often
    # What the way itself writes comes first: the way forgets what that would have set in motion.
    written = frozenset().union(*(step.event.writes for step in way))
    return sorted(found, key=lambda name: (name not in written, -found[name], name))


def _before_step(prover: Prover, step: TraceStep) -> Diagram:
    followed = prover.part.followed
    after = prover.cube({name: step.after[name] for name in followed})
    return prover.preimage(step.event, after) & prover.cube({name: step.before[name] for name in followed})


def _followed(prover: Prover, way: Sequence[TraceStep]) -> dict[str, str]:
    last = way[-1].after if way else prover.start
    return {name: last[name] for name in prover.part.followed}


def _free_of(prover: Prover, states: Diagram) -> list[str]:
    variables = prover.part.model.words.variables
    bits = set(prover.manager.support(states))
    free = [n for n in prover.free_in(prover.bits) if bits.intersection(prover.bits[n])]
    return sorted(n for n in free if variables[n].kind in RANK and "~earlier" not in n)


def _core(prover: Prover, moment: Diagram, names: list[str]) -> list[str]:
    """Return as few names as possible that cannot all have their first value at a moment; none where they can."""

    def is_possible(kept: list[str]) -> bool:
        return bool(moment & prover.cube({n: prover.start[n] for n in kept}) != prover.manager.false)

    if is_possible(names):
        return []
    for name in list(names):
        fewer = [other for other in names if other != name]
        if not is_possible(fewer):
            names = fewer
    return names


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
