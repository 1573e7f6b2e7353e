"""A second opinion on a proof, by another method: z3's Spacer on the slice that the decision diagrams proved.

Written apart from ``bdd.py`` on purpose: a mistake in one encoding shows as a difference. It runs in a process of its
own with a limit of time, and is never the only evidence for anything.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias

from sop_engine.check.bdd import MissingLibrary
from sop_engine.check.events import initial_state
from sop_engine.check.formula import Formula
from sop_engine.check.ir import Anything, ModelEvent, Only, Op, Put
from sop_engine.check.properties import Obligation
from sop_engine.check.results import Result
from sop_engine.check.slices import Slice

Opinion: TypeAlias = Literal["agrees", "differs", "no answer"]
SEED = 7


def second_opinions(result: Result, *, seconds: float) -> Opinion:
    """Return what Spacer says of a proved property: it agrees only if it agrees on every obligation."""
    found: Opinion = "agrees"
    for obligation, finding in result.proofs:
        if finding.part is None:
            continue
        told = second_opinion(finding.part, obligation, seconds=seconds)
        if told == "differs":
            return told
        found = told if told == "no answer" else found
    return found


def second_opinion(part: Slice, obligation: Obligation, *, seconds: float) -> Opinion:
    """Say whether Spacer finds the bad end unreachable too. Raises MissingLibrary."""
    ask = multiprocessing.get_context("fork")
    receiving, sending = ask.Pipe(duplex=False)
    process = ask.Process(target=_answer, args=(sending, part, obligation, seconds), daemon=True)
    process.start()
    sending.close()
    found: Opinion = "no answer"
    try:
        if receiving.poll(seconds + 5):
            told = receiving.recv()
            if told == "missing":
                raise MissingLibrary(
                    "A second opinion needs the extra “authoring”: pip install 'sop-engine[authoring]'."
                )
            found = told
    except EOFError:
        pass
    finally:
        process.kill()
        process.join()
    return found


def _answer(sending: Any, part: Slice, obligation: Obligation, seconds: float) -> None:
    try:
        sending.send(ask_spacer(part, obligation, seconds=seconds))
    except ImportError:
        sending.send("missing")


def ask_spacer(part: Slice, obligation: Obligation, *, seconds: float) -> Opinion:
    """Ask Spacer in this process."""
    import z3

    solver = z3.Fixedpoint()
    solver.set(engine="spacer", timeout=int(seconds * 1000))
    solver.set("spacer.random_seed", SEED)
    names = sorted(part.followed)
    encoder = _Encoder(part, z3)
    reached = z3.Function("reached", *([z3.IntSort()] * len(names)), z3.BoolSort())
    solver.register_relation(reached)
    start = initial_state(part.model)
    solver.add_rule(reached(*(encoder.number(name, start[name]) for name in names)))
    for event in part.events:
        now = encoder.fresh(names)
        conditions, after, used = encoder.through(event, now)
        rule = z3.Implies(z3.And(reached(*now.values()), *conditions), reached(*(after[name] for name in names)))
        solver.add_rule(z3.ForAll([*now.values(), *used], rule))
    now = encoder.fresh(names)
    conditions, used = encoder.bad(obligation, now)
    try:
        verdict = solver.query(z3.Exists([*now.values(), *used], z3.And(reached(*now.values()), *conditions)))
    except z3.Z3Exception:
        return "no answer"
    return "agrees" if verdict == z3.unsat else "differs" if verdict == z3.sat else "no answer"


class _Encoder:
    """Values are numbers: the place of a value in the list of its variable."""

    def __init__(self, part: Slice, z3: Any) -> None:
        self.part = part
        self.z3 = z3
        self.words = part.model.words.variables
        self.counted = 0

    def number(self, name: str, value: str) -> Any:
        return self.z3.IntVal(self.words[name].values.index(value))

    def fresh(self, names: Iterable[str]) -> dict[str, Any]:
        self.counted += 1
        return {name: self.z3.Int(f"{name} {self.counted}") for name in names}

    def within(self, values: Mapping[str, Any]) -> list[Any]:
        return [self.z3.And(value >= 0, value < len(self.words[name].values)) for name, value in values.items()]

    def formula(self, formula: Formula, values: Mapping[str, Any]) -> Any:
        match formula.kind:
            case "true" | "false":
                return self.z3.BoolVal(formula.kind == "true")
            case "literal":
                known = self.words[formula.variable].values
                wanted = [self.number(formula.variable, v) for v in formula.values if v in known]
                return self.z3.Or(*(values[formula.variable] == number for number in wanted))
            case "not":
                return self.z3.Not(self.formula(formula.parts[0], values))
            case kind:
                join: Callable[..., Any] = self.z3.And if kind == "and" else self.z3.Or
                return join(*(self.formula(one, values) for one in formula.parts))

    def through(self, event: ModelEvent, now: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """Return the conditions of an event, the values after it, and the further numbers that both speak of."""
        free = self.fresh(sorted((event.reads | event.writes) - self.part.followed))
        values = {**now, **free}
        conditions = [*self.within(free)]
        used = list(free.values())
        if event.tier > 1:
            more, numbers = self._settled(event.tier, event.reads, values)
            conditions += more
            used += numbers
        for op in event.ops:
            more, values, numbers = self._op(op, values)
            conditions += more
            used += numbers
        return conditions, values, used

    def _op(self, op: Op, values: dict[str, Any]) -> tuple[list[Any], dict[str, Any], list[Any]]:
        match op:
            case Only(when):
                return [self.formula(when, values)], values, []
            case Anything(variables, fitting):
                any_value = self.fresh(variables)
                after = {**values, **any_value}
                return [*self.within(any_value), self.formula(fitting, after)], after, list(any_value.values())
            case Put(written, when):
                condition = self.formula(when, values)
                after = dict(values)
                for name, value in written:
                    if name in values:
                        after[name] = self.z3.If(condition, self.number(name, value), values[name])
                return [], after, []

    def _settled(self, tier: int, reads: frozenset[str], values: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
        """Return that nothing of an earlier tier still has to happen; each condition with free values of its own."""
        conditions: list[Any] = []
        used: list[Any] = []
        for first in self.part.first:
            if first.tier >= tier:
                continue
            private = self.fresh(sorted(first.guard.support - self.part.followed - reads))
            missing = first.guard.support - self.part.followed - private.keys() - values.keys()
            private |= self.fresh(sorted(missing))
            conditions += self.within(private)
            conditions.append(self.z3.Not(self.formula(first.guard, {**values, **private})))
            used += private.values()
        return conditions, used

    def bad(self, obligation: Obligation, now: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
        """Return the conditions under which an obligation fails."""
        event = obligation.event
        reads = obligation.bad.support | (event.reads | event.writes if event else frozenset())
        free = self.fresh(sorted(reads - self.part.followed))
        values: dict[str, Any] = {**now, **free}
        conditions, used = self._settled(4, reads, values)
        conditions = [*self.within(free), *conditions]
        if not obligation.within:
            conditions.append(self.formula(obligation.bad, values))
        used = [*free.values(), *used]
        for op in event.ops if event else ():
            more, values, numbers = self._op(op, values)
            conditions += more
            used += numbers
        return conditions, used
