"""Facts: none rests on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.faults import Finding
from sop_engine.definition.guard_places import leaves
from sop_engine.definition.model import Definition
from sop_engine.definition.validate.findings import error
from sop_engine.guards.tree import FactIs, Guard, Span

FactName = tuple[str | None, str]


def circles_of_facts(definition: Definition) -> Iterator[Finding]:
    """Find facts that rest on themselves."""
    spans: dict[FactName, Span] = {}
    reads: dict[FactName, tuple[FactName, ...]] = {}
    for machine in definition.machines.values():
        for fact in machine.facts.values():
            name = (machine.name, fact.name)
            spans[name], reads[name] = fact.span, _reads(fact.when)
    for shared in definition.shared.values():
        if shared.kind == "derived":
            spans[None, shared.name], reads[None, shared.name] = shared.span, _reads(shared.when)
    for circle in _circles(reads):
        told = " → ".join(f"{machine}.{fact}" if machine else fact for machine, fact in (*circle, circle[0]))
        why = "a fact that rests on itself is never true or false"
        yield error(spans[circle[0]], f"found a circle of facts, {told}", why, "break it")


def _reads(guard: Guard) -> tuple[FactName, ...]:
    return tuple((leaf.machine, leaf.fact) for leaf in leaves(guard) if isinstance(leaf, FactIs))


def _circles(reads: Mapping[FactName, tuple[FactName, ...]]) -> Iterator[tuple[FactName, ...]]:
    """Yield each circle once, found by a depth-first walk without recursion."""
    finished: set[FactName] = set()
    for start in reads:
        path: list[FactName] = []
        waiting: list[tuple[FactName, int]] = [(start, 0)]
        while waiting:
            name, at = waiting.pop()
            if at == 0:
                if name in finished:
                    continue
                if name in path:
                    yield tuple(path[path.index(name) :])
                    continue
                path.append(name)
            following = reads.get(name, ())
            if at < len(following):
                waiting.append((name, at + 1))
                waiting.append((following[at], 0))
            else:
                path.pop()
                finished.add(name)
