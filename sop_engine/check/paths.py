"""Worked examples that take every transition once, played on the real engine while they are written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sop_engine.check.desk import Desk, Stuck
from sop_engine.check.formula import FALSE
from sop_engine.check.ir import Model
from sop_engine.check.variables import Slot, slots_of
from sop_engine.definition.model import Machine, Transition
from sop_engine.engine.permission import opening_roles, starts_by_an_act
from sop_engine.vocabulary import CASE_MACHINE

MOST_TRIES = 3
FIRST_DESK = "screening"
"""Where a person's file usually begins, if the set has it."""


@dataclass(frozen=True, slots=True)
class CoveringPath:
    """One example: the transitions it is the first to take, the people in it, its steps."""

    name: str
    covers: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    steps: tuple[dict[str, Any], ...]


def cover_transitions(model: Model) -> tuple[tuple[CoveringPath, ...], tuple[str, ...]]:
    """Return examples that take as many transitions as can be played, and the names of those that cannot."""
    covered: set[str] = set()
    found: list[CoveringPath] = []
    wanted = [
        (machine, t)
        for machine in model.definition.machines.values()
        for t in machine.transitions.values()
        if not t.auto
    ]
    for machine, transition in wanted:
        if transition.qualified in covered:
            continue
        for desk in _attempts(model, machine, transition):
            taken = dict.fromkeys(name for _, name in desk.case.taken)
            fresh = tuple(name for name in taken if name not in covered)
            covered |= set(taken)
            found.append(_path(desk, transition, fresh))
            break
    every = {t.qualified for machine in model.definition.machines.values() for t in machine.transitions.values()}
    return tuple(found), tuple(sorted(every - covered))


def cover_pairs(model: Model) -> tuple[tuple[CoveringPath, ...], tuple[str, ...]]:
    """Return examples that take pairs of acts one after the other within a procedure, and the pairs not played.

    A pair that is not played may be impossible, or only hard to play: it is named, never counted as covered.
    """
    found: list[CoveringPath] = []
    missing: list[str] = []
    for machine in model.definition.machines.values():
        for first in machine.transitions.values():
            if first.auto or first.target is None:
                continue
            seconds = [t for t in machine.exits(first.target) if not t.auto]
            desks = list(islice(_attempts(model, machine, first), MOST_TRIES)) if seconds else []
            for second in seconds:
                pair = f"{first.qualified}, then {second.name}"
                played = next((d for d in desks if _goes_on(d, machine, first, second)), None)
                if played is None:
                    missing.append(pair)
                    continue
                desk = played.copy()
                desk.do(_slot_of(desk, machine), second)
                path = _path(desk, second, (pair,))
                found.append(replace(path, name=f"Takes {pair}"))
    return tuple(found), tuple(missing)


def _goes_on(desk: Desk, machine: Machine, first: Transition, second: Transition) -> bool:
    """Say whether the second act can follow at once on a desk where the first was taken last."""
    place = desk.case.newest(machine.name, _slot_of(desk, machine).key)
    if place is None or place.state != first.target:
        return False
    try:
        desk.copy().do(_slot_of(desk, machine), second)
    except (Stuck, KeyError, StopIteration):
        return False
    return True


def _slot_of(desk: Desk, machine: Machine) -> Slot:
    newest = [place for place in desk.case.proceedings if place.machine == machine.name]
    return Slot(machine.name, newest[-1].key if newest else None)


def _attempts(model: Model, machine: Machine, transition: Transition) -> Iterator[Desk]:
    """Yield desks at which the transition was taken: walked to from the start, or from a paper file brought in."""
    for slot in _kinds_for(model, machine, transition)[:MOST_TRIES]:
        for way in (_walk, _from_paper):
            for source in transition.from_states[:MOST_TRIES] or ("",):
                desk = Desk(model)
                try:
                    _begin(desk, machine, is_own=way is _walk)
                    way(desk, machine, slot, source)
                    desk.do(slot, transition)
                except (Stuck, KeyError, StopIteration):
                    continue
                yield desk


def _kinds_for(model: Model, machine: Machine, transition: Transition) -> list[Slot]:
    """Return the keys for which the act is not closed whatever happens."""
    return [slot for slot in slots_of(machine) if model.reader.true(transition.when, slot) is not FALSE]


def _begin(desk: Desk, machine: Machine, *, is_own: bool) -> None:
    """Open the file of the person with the procedure itself, or, where it is to come from paper, with another one."""
    openable = [m for m in desk.model.definition.machines.values() if m.name != CASE_MACHINE and not m.key_values]
    openable = [m for m in openable if not starts_by_an_act(m) and opening_roles(m)]
    others = sorted((m for m in openable if m is not machine), key=lambda m: (m.name != FIRST_DESK, m.name))
    chosen = machine if is_own and machine in openable else others[0]
    desk.open(slots_of(chosen)[0], opening_roles(chosen))


def _walk(desk: Desk, machine: Machine, slot: Slot, source: str) -> None:
    """Open the procedure and walk to a state by the shortest way of its diagram."""
    running = desk.case.newest(machine.name, slot.key)
    if not source or (running is not None and running.state == source):
        return
    if running is None and not starts_by_an_act(machine):
        desk.open(slot, opening_roles(machine))
    for transition in _way(machine, source):
        place = desk.case.newest(machine.name, slot.key)
        if place is not None and place.state == transition.target:
            continue
        if not transition.auto:
            desk.do(slot, transition)
    place = desk.case.newest(machine.name, slot.key)
    if place is None or place.state != source:
        raise Stuck(f"the way to {source} was not found")


def _way(machine: Machine, source: str) -> list[Transition]:
    starts: list[tuple[str, list[Transition]]] = [(machine.starts_in, [])] if not starts_by_an_act(machine) else []
    starts += [(t.target or "", [t]) for t in machine.transitions.values() if t.from_new]
    queue: deque[tuple[str, list[Transition]]] = deque(starts)
    seen = {state for state, _ in queue}
    while queue:
        state, way = queue.popleft()
        if state == source:
            return way
        for t in machine.exits(state):
            if t.target and t.target not in seen:
                seen.add(t.target)
                queue.append((t.target, [*way, t]))
    raise Stuck(f"no way to {source}")


def _from_paper(desk: Desk, machine: Machine, slot: Slot, source: str) -> None:
    if machine.name == CASE_MACHINE or not source:
        raise Stuck("no paper file")
    desk.enter_from_paper(slot, source)


def _path(desk: Desk, transition: Transition, fresh: tuple[str, ...]) -> CoveringPath:
    people: Mapping[str, tuple[str, ...]] = {name: (role,) for name, role in desk.people.items()}
    lines = [*desk.lines, {"expect": {"alarms": list(desk.case.alarms)}}] if desk.case.alarms else desk.lines
    return CoveringPath(f"Takes {transition.qualified}", fresh, people, tuple(lines))


def as_examples(paths: tuple[CoveringPath, ...], *, at: str) -> dict[str, Any]:
    """Return paths as the content of an examples file."""
    return {
        "examples": {
            path.name: {
                "tells": f"Written by sop paths; the first to take {', '.join(path.covers)}.",
                "given": {"at": at, "people": {who: list(roles) for who, roles in path.people.items()}},
                "steps": list(path.steps),
            }
            for path in paths
        }
    }
