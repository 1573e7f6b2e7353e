"""Plain search, state by state: slow, small, and written without the library, so that the two can check each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from sop_engine.check.budget import clock
from sop_engine.check.formula import Formula, holds
from sop_engine.check.ir import Anything, ModelEvent, Only, Op, Put
from sop_engine.check.slices import Slice

State = tuple[str, ...]


class TooMany(Exception):
    """The slice is too large for plain search, or has too many free variables in one condition."""


class Explorer:
    """All reachable states of a slice, one by one."""

    def __init__(
        self,
        part: Slice,
        start: Mapping[str, str],
        *,
        most: int = 2_000_000,
        choices: int = 20_000,
        until: float = 1e18,
    ) -> None:
        self.part = part
        self.names = tuple(sorted(part.followed))
        self.start = tuple(start[name] for name in self.names)
        self.most = most
        self.choices = choices
        self.until = until

    def reach(self) -> set[State]:
        """Return every reachable state. Raises TooMany."""
        found = {self.start}
        front = [self.start]
        while front:
            state = front.pop()
            for event in self.part.events:
                for after in self.after(event, dict(zip(self.names, state, strict=True))):
                    if after not in found:
                        found.add(after)
                        front.append(after)
            if len(found) > self.most or clock() > self.until:
                raise TooMany(f"more than {self.most:,} states, or out of time")
        return found

    def after(self, event: ModelEvent, state: Mapping[str, str]) -> set[State]:
        """Return the states after an event, whatever the free variables are."""
        free = sorted(event.reads - self.part.followed)
        results: set[State] = set()
        for full in self._with(state, free):
            if all(self._is_idle(first, full, free) for first in self.part.first if first.tier < event.tier) or (
                event.tier == 0
            ):
                for end in self._through(event.ops, full):
                    results.add(tuple(end[name] for name in self.names))
        return results

    def _is_idle(self, first: ModelEvent, state: Mapping[str, str], shared: Iterable[str]) -> bool:
        private = sorted(first.guard.support - self.part.followed - set(shared))
        return any(not holds(first.guard, full) for full in self._with(state, private))

    def _with(self, state: Mapping[str, str], names: list[str]) -> Iterator[dict[str, str]]:
        domains = [self.part.model.words.variables[name].values for name in names]
        size = 1
        for domain in domains:
            size *= len(domain)
        if size > self.choices:
            raise TooMany(f"{len(names)} free variables in one condition")
        for values in product(*domains):
            yield {**state, **dict(zip(names, values, strict=True))}

    def _through(self, ops: tuple[Op, ...], state: dict[str, str]) -> Iterator[dict[str, str]]:
        if not ops:
            yield state
            return
        op, rest = ops[0], ops[1:]
        match op:
            case Only(when):
                if holds(when, state):
                    yield from self._through(rest, state)
            case Anything(variables, fitting):
                needed = self.part.followed | _read_later(op, rest)
                kept = [name for name in variables if name in needed]
                for full in self._with(state, kept):
                    if holds(fitting, full):
                        yield from self._through(rest, full)
            case Put(values, when):
                needed = self.part.followed | _read_later(op, rest)
                changed = {name: value for name, value in values if name in needed}
                yield from self._through(rest, {**state, **changed} if holds(when, state) else state)


def _read_later(op: Op, rest: tuple[Op, ...]) -> frozenset[str]:
    formulas: list[Formula] = [op.fitting] if isinstance(op, Anything) else []
    formulas += [o.fitting if isinstance(o, Anything) else o.when for o in rest]
    return frozenset().union(*(formula.support for formula in formulas))
