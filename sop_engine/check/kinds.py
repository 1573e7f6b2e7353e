"""Which keys of a machine its guards can tell apart: one slot for each kind is enough to check its structure."""

from __future__ import annotations

from sop_engine.check.variables import Slot, slots_of
from sop_engine.definition.guard_places import guards_of, inlined, leaves
from sop_engine.definition.model import Definition
from sop_engine.guards.tree import KeyIs


def kinds_of(definition: Definition, machine: str) -> tuple[Slot, ...]:
    """Return the first slot of every set of keys that no guard of the machine tells apart; where none asks, one."""
    tests = {
        leaf.keys
        for placed in guards_of(definition)
        if placed.machine == machine
        for leaf in leaves(inlined(definition, placed.guard))
        if isinstance(leaf, KeyIs) and leaf.machine == machine
    }
    first: dict[frozenset[tuple[str, ...]], Slot] = {}
    for slot in slots_of(definition.machines[machine]):
        first.setdefault(frozenset(keys for keys in tests if slot.key in keys), slot)
    return tuple(first.values())
