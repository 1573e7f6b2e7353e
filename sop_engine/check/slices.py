"""A slice of a model: the variables that are followed, the events that can change them; all other variables are free.

Freeing a variable adds behaviour and never takes any away, so what is proved of a slice is true of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from sop_engine.check.formula import Formula
from sop_engine.check.ir import EventKind, Model, ModelEvent, Only
from sop_engine.check.variables import undo_name

LARGEST_LEMMA = 8
"""Variables: what speaks of more costs more than it helps."""
AFTERTHOUGHTS: frozenset[EventKind] = frozenset({"correct", "take_back"})


@dataclass(frozen=True)
class Slice:
    """What is followed of a model. ``without`` names kinds of events that are assumed away (and reported)."""

    model: Model
    followed: frozenset[str]
    without: frozenset[EventKind] = frozenset()
    lemmas: tuple[ModelEvent, ...] = ()
    """What was proved of settled cases before, each as something that would have to happen first (and never can)."""

    @cached_property
    def events(self) -> tuple[ModelEvent, ...]:
        """Return the events that change something followed, those that follow by themselves first."""
        found: dict[int, ModelEvent] = {}
        for name in self.followed:
            for event in self.model.writers(name):
                if event.kind not in self.without:
                    found[id(event)] = event
        order = {id(event): number for number, event in enumerate(self.model.events)}
        return tuple(sorted(found.values(), key=lambda e: (e.tier, order[id(e)])))

    @cached_property
    def first(self) -> tuple[ModelEvent, ...]:
        """Return the events that nothing goes past: while one can happen, the case is not settled."""
        own = (event for event in self.events if 0 < event.tier < 4 and event.holds_up)
        return (*own, *self.used_lemmas.values())

    @cached_property
    def used_lemmas(self) -> dict[str, ModelEvent]:
        """Return the lemmas that speak of something followed, by the name of their property and place."""
        return {
            lemma.name: lemma
            for lemma in self.lemmas
            if len(lemma.guard.support) <= LARGEST_LEMMA and lemma.guard.support & self.followed
        }

    @cached_property
    def free(self) -> frozenset[str]:
        """Return the variables that are read and not followed."""
        read: set[str] = set()
        for event in self.events:
            read |= event.reads
        return frozenset(read - self.followed)

    def following(self, more: Iterable[str]) -> Slice:
        """Return the slice that also follows these variables (and what is needed to take their moves back)."""
        return replace(self, followed=with_companions(self.model, {*self.followed, *more}))


def with_companions(model: Model, names: Iterable[str]) -> frozenset[str]:
    """Add what gives the variables their sense: of an answer the state it is asked in, of a state its way back.

    What can never be followed is left out.
    """
    variables = model.words.variables
    found = {name for name in names if variables[name].kind != "free" and "~earlier" not in name}
    for name in list(found):
        variable = variables[name]
        if variable.kind in ("answer", "latest", "rows", "deadline", "panel"):
            found.add(variable.slot)
        if variable.kind == "latest":
            found.add(name.replace(":latest ", ":"))
    for name in list(found):
        if variables[name].kind == "state" and f"{name}:taken back to" in variables:
            found.add(f"{name}:taken back to")
    return frozenset(found)


def lemma(name: str, impossible: Formula) -> ModelEvent:
    """Return what is impossible in a settled case, as an event that holds everything else up and never happens."""
    return ModelEvent(name, "auto", (Only(impossible),))


def slice_for(
    model: Model,
    formulas: Iterable[Formula],
    without: frozenset[EventKind] = frozenset(),
    lemmas: tuple[ModelEvent, ...] = (),
) -> Slice:
    """Return the smallest slice that follows what these formulas speak of."""
    names: set[str] = set()
    for formula in formulas:
        names |= formula.support
    return Slice(model, with_companions(model, names), without, lemmas)


__all__ = ["AFTERTHOUGHTS", "Slice", "lemma", "slice_for", "undo_name", "with_companions"]
