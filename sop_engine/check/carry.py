"""A proof made of one set, kept for another that is the same wherever the proof looks: a profile, a mutant.

What a proof rests on is small: the variables it follows, the events that write them, the lemmas it used. Where all of
these are the same, down to each condition, the proof is a proof of the other set too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sop_engine.check.formula import FALSE
from sop_engine.check.ir import Model, ModelEvent
from sop_engine.check.properties import Obligation, Property, obligations
from sop_engine.check.results import Known, Result
from sop_engine.check.slices import Slice
from sop_engine.check.verify import Finding

CARRIED = frozenset({"never", "always", "doing", "before"})
"""The patterns whose proofs are carried; all others are so quick that they are judged again."""


def kept(
    model: Model, properties: Iterable[Property], before: Mapping[str, Result], known: Known
) -> Iterator[tuple[Property, Result | None]]:
    """Yield each property with the proof that is kept for it, or None; what is kept is known from then on.

    Several rounds, since a proof that used another property is kept only once that one is.
    """
    waiting = list(properties)
    grown = True
    while grown and before:
        grown, left = False, []
        for one in waiting:
            old = before.get(one.id)
            found = carry_over(old, one, model, known) if old is not None else None
            if found is None:
                left.append(one)
                continue
            known.learn(found)
            grown = True
            yield one, found
        waiting = left
    for one in waiting:
        yield one, None


def carry_over(before: Result, one: Property, model: Model, known: Known) -> Result | None:
    """Return the result of a green property for another model, or None where it has to be proved again."""
    safeguard = one.safeguard
    if not before.is_green or safeguard.pattern not in CARRIED or before.of.safeguard.pattern != safeguard.pattern:
        return None
    owed = obligations(model, safeguard)
    old = {_name(o, number): (o, finding) for number, (o, finding) in enumerate(before.proofs)}
    if not owed:
        return None
    proofs: list[tuple[Obligation, Finding]] = []
    for number, obligation in enumerate(owed):
        found = old.get(_name(obligation, number))
        if found is None or not rests_on_the_same(*found, obligation, model, known.names):
            return None
        part = found[1].part
        proofs.append((obligation, replace(found[1], part=replace(part, model=model) if part else None)))
    return replace(before, of=one, seconds=0.0, proofs=tuple(proofs), finding=proofs[-1][1])


def _name(obligation: Obligation, number: int) -> str:
    return obligation.event.name if obligation.event else str(number)


def rests_on_the_same(
    before: Obligation, finding: Finding, now: Obligation, model: Model, proved: Mapping[str, ModelEvent]
) -> bool:
    """Say whether all that a proof looked at is the same in another model; ``proved`` are the lemmas that hold."""
    if before.bad is not now.bad or (before.event and before.event.ops) != (now.event and now.event.ops):
        return False
    if now.bad is FALSE:
        return True
    part = finding.part
    if part is None:
        return False
    used = part.used_lemmas
    if any(name not in proved or proved[name].ops != lemma.ops for name, lemma in used.items()):
        return False
    there = Slice(model, part.followed, part.without, part.lemmas)
    if not part.followed <= model.words.variables.keys() or _told(part.events) != _told(there.events):
        return False
    read = part.followed | part.free | now.bad.support | (now.event.reads if now.event else frozenset())
    here, other = part.model.words.variables, model.words.variables
    return all(name in other and here[name].values == other[name].values for name in read)


def _told(events: Iterable[ModelEvent]) -> list[tuple[object, ...]]:
    return [(event.name, event.tier, event.holds_up, event.ops) for event in events]
