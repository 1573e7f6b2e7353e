"""Proof by decision diagrams: the exact set of reachable states of a slice, with CUDD where it is installed.

Each event is applied to all states at once; new ones are added until nothing is new (chaining). No primed variables: an
event is a chain of restrictions and assignments. The order of variables is fixed: the state of a machine, then its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sop_engine.check.budget import clock
from sop_engine.check.formula import Formula
from sop_engine.check.ir import Anything, ModelEvent, Only, Op, Put
from sop_engine.check.slices import Slice

Diagram = Any
"""A node of the library; ``&``, ``|`` and ``~`` combine them."""


class OutOfTime(Exception):
    """The budget of one proof is used up; its result is UNKNOWN."""


class MissingLibrary(Exception):
    """The library for decision diagrams is not installed."""


def make_manager() -> tuple[Any, str]:
    """Return a fresh manager, and the name of the library it comes from."""
    try:
        from dd.cudd import BDD

        manager = BDD(memory_estimate=400 * 2**20)
        manager.configure(reordering=False)
        return manager, "bdd (CUDD)"
    except ImportError:
        pass
    try:
        from dd import autoref
    except ImportError as missing:
        told = "Proofs need the extra “authoring”: pip install 'sop-engine[authoring]' (it brings dd and z3)."
        raise MissingLibrary(told) from missing
    manager = autoref.BDD()
    manager.configure(reordering=False)
    return manager, "bdd (Python)"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One event of a counterexample: every variable that is known just before it, and just after."""

    event: ModelEvent
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass
class Reached:
    """The reachable states of a slice, and in which order they were found."""

    states: Diagram
    found: list[tuple[ModelEvent | None, Diagram]]
    count: int = 0
    seconds: float = 0.0


@dataclass
class Shared:
    """What provers of several slices have in common: one manager, one encoding."""

    manager: tuple[Any, str]
    bits: dict[str, tuple[str, ...]]
    formulas: dict[int, tuple[Formula, Diagram]]
    literals: dict[tuple[str, frozenset[str]], Diagram]
    rests: dict[tuple[int, frozenset[str]], Diagram]


@dataclass
class Prover:
    """Explores one slice. ``deadline`` is a reading of the processor clock, not a legal deadline."""

    part: Slice
    start: Mapping[str, str]
    until: float = field(default_factory=lambda: clock() + 3600)
    shared: Shared | None = None
    """The diagrams of a prover of another slice of the same model, to be used again."""

    def __post_init__(self) -> None:
        self.manager, self.backend = self.shared.manager if self.shared else make_manager()
        self.bits: dict[str, tuple[str, ...]] = self.shared.bits if self.shared else {}
        self._formulas: dict[int, tuple[Formula, Diagram]] = self.shared.formulas if self.shared else {}
        self._literals: dict[tuple[str, frozenset[str]], Diagram] = self.shared.literals if self.shared else {}
        self._rests: dict[tuple[int, frozenset[str]], Diagram] = self.shared.rests if self.shared else {}
        self._declare(sorted({*self.part.followed, *self.part.free}, key=self._order))
        self._idles: dict[int, Diagram] = {}
        self._readers: dict[str, list[tuple[int, ModelEvent]]] | None = None
        self._images: dict[int, tuple[Callable[[Diagram], Diagram], ...]] = {}

    def share(self) -> Shared:
        return Shared((self.manager, self.backend), self.bits, self._formulas, self._literals, self._rests)

    # --- encoding

    def _order(self, name: str) -> tuple[object, ...]:
        variable = self.part.model.words.variables[name]
        machines = list(self.part.model.definition.machines)
        machine = variable.slot.partition("[")[0].partition("~")[0]
        place = machines.index(machine) if machine in machines else -1
        return (place, variable.slot, variable.kind != "state", name.partition("?")[0].partition("#")[0], name)

    def _declare(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.bits:
                continue
            size = len(self.part.model.words.variables[name].values)
            bits = tuple(f"b{len(self.bits)}_{number}" for number in range(max(1, (size - 1).bit_length())))
            self.manager.declare(*bits)
            self.bits[name] = bits

    def literal(self, name: str, values: frozenset[str]) -> Diagram:
        """Return the states in which a variable has one of the values."""
        key = (name, values)
        found = self._literals.get(key)
        if found is None:
            self._declare([name])
            known = self.part.model.words.variables[name].values
            found = self.manager.false
            for value in values:
                if value in known:
                    found |= self.manager.cube(self._code(name, known.index(value)))
            self._literals[key] = found
        return found

    def _code(self, name: str, number: int) -> dict[str, bool]:
        return {bit: bool(number >> place & 1) for place, bit in enumerate(self.bits[name])}

    def diagram(self, formula: Formula) -> Diagram:
        """Return a formula as a diagram, worked out once."""
        found = self._formulas.get(id(formula))
        if found is not None:
            return found[1]
        match formula.kind:
            case "true":
                made = self.manager.true
            case "false":
                made = self.manager.false
            case "literal":
                made = self.literal(formula.variable, formula.values)
            case "not":
                made = ~self.diagram(formula.parts[0])
            case "and":
                made = self.manager.true
                for part in formula.parts:
                    made &= self.diagram(part)
            case _:
                made = self.manager.false
                for part in formula.parts:
                    made |= self.diagram(part)
        self._formulas[id(formula)] = (formula, made)
        return made

    def valid(self, names: Iterable[str]) -> Diagram:
        """Return that these variables have one of their values (codes that stand for none are left out)."""
        found = self.manager.true
        for name in names:
            values = self.part.model.words.variables[name].values
            if len(values) & (len(values) - 1):
                found &= self.literal(name, frozenset(values))
        return found

    def forget(self, names: Iterable[str], states: Diagram) -> Diagram:
        bits = [bit for name in names if name in self.bits for bit in self.bits[name]]
        return self.manager.exist(bits, states) if bits else states

    def free_in(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self.part.followed]

    # --- one event

    def image(self, event: ModelEvent, states: Diagram) -> Diagram:
        """Return the states after an event, from those states in which it can happen."""
        found = states
        for step in self._compiled(event):
            found = step(found)
            if found == self.manager.false:
                return found
        return found

    def _compiled(self, event: ModelEvent) -> tuple[Callable[[Diagram], Diagram], ...]:
        """Return an event as functions of a set of states, each forgetting free variables as soon as it can."""
        made = self._images.get(id(event))
        if made is None:
            made = self._images[id(event)] = tuple(self._compile(event))
        return made

    def _compile(self, event: ModelEvent) -> Iterable[Callable[[Diagram], Diagram]]:
        leading, rest = _split(event.ops)
        later: list[frozenset[str]] = [frozenset()]
        for op in reversed(rest):
            later.insert(0, later[0] | _reads(op))
        free = self.free_in(event.reads)
        start = self.held_up_not(event) & self.valid(free)
        for only in leading:
            start &= self.diagram(only.when)
        start = self.forget([name for name in free if name not in later[0]], start)
        yield lambda states: states & start
        for number, op in enumerate(rest):
            needed = later[number + 1]
            done = [name for name in free if name in later[number] and name not in needed]
            yield self._forward(op, frozenset(needed), done)

    def _forward(self, op: Op, needed: frozenset[str], done: list[str]) -> Callable[[Diagram], Diagram]:
        tracked = self.part.followed | needed
        match op:
            case Only(when):
                condition = self.diagram(when)
                return lambda states: self.forget(done, states & condition)
            case Anything(variables, fitting):
                fits = self.diagram(fitting)
                kept = [name for name in variables if name in self.bits]
                fits &= self.valid(kept)
                # What is free and not read again only has to be possible.
                gone = [n for n in kept if n not in tracked]
                fits = self.forget(gone, fits)
                last = [n for n in done if n not in gone]
                return lambda states: self.forget(last, self.forget(kept, states) & fits)
            case Put(values, when):
                condition = self.diagram(when)
                written = tuple((name, value) for name, value in values if name in tracked)
                names, cube = [name for name, _ in written], self.manager.cube(self._values_code(written))

                def put(states: Diagram) -> Diagram:
                    moved = self.forget(names, states & condition) & cube if names else states & condition
                    return self.forget(done, moved | (states & ~condition))

                return put

    def _values_code(self, values: Iterable[tuple[str, str]]) -> dict[str, bool]:
        known = self.part.model.words.variables
        code: dict[str, bool] = {}
        for name, value in values:
            self._declare([name])
            code |= self._code(name, known[name].values.index(value))
        return code

    def before(self, op: Op, states: Diagram) -> Diagram:
        """Return from which states an operation leads into ``states``."""
        match op:
            case Only(when):
                return states & self.diagram(when)
            case Anything(variables, fitting):
                fits = self.diagram(fitting)  # first of all: it makes known what the condition speaks of
                kept = [name for name in variables if name in self.bits]
                return self.forget(kept, states & fits & self.valid(kept))
            case Put(values, when):
                condition = self.diagram(when)
                code = self._values_code((name, value) for name, value in values if name in self.bits)
                moved = self.manager.let(code, states) if code else states
                return (condition & moved) | (states & ~condition)

    def preimage(self, event: ModelEvent, states: Diagram) -> Diagram:
        """Return the states from which an event leads into ``states`` (free variables still in)."""
        free = self.free_in(event.reads | event.writes)
        found = states
        for op in reversed(event.ops):
            found = self.before(op, found)
        return found & self.valid(free) & self.held_up_not(event)

    def held_up_not(self, event: ModelEvent) -> Diagram:
        """Return where nothing of an earlier tier still has to happen before this event."""
        if event.tier in (0, 1):
            return self.manager.true
        return self.nothing_before(event.tier, event.reads)

    def nothing_before(self, tier: int, reads: frozenset[str]) -> Diagram:
        """Return where no event of an earlier tier can happen; free variables that ``reads`` shares stay in."""
        found = self._idle(tier)
        for event in self._reading(tier, reads):
            found &= self._idle_one(event, reads)
        return found

    def _idle(self, tier: int) -> Diagram:
        """Return where no event of an earlier tier can happen, each with free variables that let it rest."""
        found = self._idles.get(tier)
        if found is None:
            found = self.manager.true
            for event in self.part.first:
                if event.tier < tier:
                    found &= self._idle_one(event, frozenset())
            self._idles[tier] = found
        return found

    def _reading(self, tier: int, reads: frozenset[str]) -> list[ModelEvent]:
        """Return the events of an earlier tier whose condition shares a free variable with ``reads``."""
        if self._readers is None:
            self._readers = {}
            for number, event in enumerate(self.part.first):
                for name in self.free_in(event.guard.support):
                    self._readers.setdefault(name, []).append((number, event))
        touched = {number: e for name in reads for number, e in self._readers.get(name, ()) if e.tier < tier}
        return [touched[number] for number in sorted(touched)]

    def _idle_one(self, event: ModelEvent, reads: frozenset[str]) -> Diagram:
        free = self.free_in(event.guard.support)
        private = frozenset(name for name in free if name not in reads)
        key = (id(event.guard), private)
        found = self._rests.get(key)
        if found is None:
            idle = ~self.diagram(event.guard) & self.valid(free)
            found = self._rests[key] = self.forget(private, idle)
        return found

    # --- all events

    def reach(self, target: Diagram | None = None) -> Reached:
        """Return every reachable state of the slice, or those found when one met the target. Raises OutOfTime."""
        began = clock()
        states = self.manager.cube(self.start_code())
        found: list[tuple[ModelEvent | None, Diagram]] = [(None, states)]
        fresh = True
        while fresh:
            fresh = False
            for event in self.part.events:
                front = states
                while front != self.manager.false:
                    if clock() > self.until:
                        raise OutOfTime
                    front = self.image(event, front) & ~states
                    if front != self.manager.false:
                        states |= front
                        found.append((event, front))
                        fresh = True
            if target is not None and states & target != self.manager.false:
                break
        return Reached(states, found, self.count(states), clock() - began)

    def layers(self, target: Diagram) -> Reached:
        """Return the reachable states layer by layer, until one meets the target: stories that are short."""
        began = clock()
        states = self.manager.cube(self.start_code())
        found: list[tuple[ModelEvent | None, Diagram]] = [(None, states)]
        front = states
        while front != self.manager.false and front & target == self.manager.false:
            following: list[tuple[ModelEvent, Diagram]] = []
            layer = self.manager.false
            for event in self.part.events:
                if clock() > self.until:
                    raise OutOfTime
                new = self.image(event, front) & ~states & ~layer
                if new != self.manager.false:
                    layer |= new
                    following.append((event, new))
            found += following
            states |= layer
            front = layer
        return Reached(states, found, 0, clock() - began)

    def count(self, states: Diagram) -> int:
        """Return how many states of the followed variables a set holds."""
        bits = sum(len(self.bits[name]) for name in self.part.followed)
        return int(self.manager.count(states, nvars=bits)) if bits else 1

    def start_code(self) -> dict[str, bool]:
        code: dict[str, bool] = {}
        for name in self.part.followed:
            values = self.part.model.words.variables[name].values
            code |= self._code(name, values.index(self.start[name]))
        return code

    # --- a way there

    def decode(self, states: Diagram, names: Iterable[str]) -> dict[str, str]:
        """Return one state of a set, as values of these variables."""
        picked = self.manager.pick(states)
        found: dict[str, str] = {}
        for name in names:
            number = sum(1 << place for place, bit in enumerate(self.bits[name]) if picked.get(bit, False))
            values = self.part.model.words.variables[name].values
            found[name] = values[number] if number < len(values) else values[0]
        return found

    def cube(self, state: Mapping[str, str]) -> Diagram:
        """Return exactly this state."""
        code: dict[str, bool] = {}
        for name, value in state.items():
            code |= self._code(name, self.part.model.words.variables[name].values.index(value))
        return self.manager.cube(code)

    def way_to(self, reached: Reached, bad: Diagram) -> tuple[list[TraceStep], dict[str, str]]:
        """Return a way from the start into ``bad``, and the state at its end with the free variables that matter."""
        place = next(i for i, (_, new) in enumerate(reached.found) if new & bad != self.manager.false)
        everything = list(self.bits)
        last = self.decode(reached.found[place][1] & bad, everything)
        steps: list[TraceStep] = []
        now = {name: last[name] for name in self.part.followed}
        while place > 0:
            event, _ = reached.found[place]
            assert event is not None  # noqa: S101 - only the start has none
            before = self.preimage(event, self.cube(now))
            earlier = next(i for i, (_, new) in enumerate(reached.found) if new & before != self.manager.false)
            state = self.decode(reached.found[earlier][1] & before, everything)
            relevant = {*self.part.followed, *event.reads}
            steps.append(TraceStep(event, {n: v for n, v in state.items() if n in relevant}, now))
            now = {name: state[name] for name in self.part.followed}
            place = earlier
        return list(reversed(steps)), last


def _split(ops: tuple[Op, ...]) -> tuple[list[Only], list[Op]]:
    leading: list[Only] = []
    for number, op in enumerate(ops):
        if not isinstance(op, Only):
            return leading, list(ops[number:])
        leading.append(op)
    return leading, []


def _reads(op: Op) -> frozenset[str]:
    return op.fitting.support if isinstance(op, Anything) else op.when.support
