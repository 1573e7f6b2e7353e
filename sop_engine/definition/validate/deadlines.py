"""Deadlines: a length that is a length, within what the sources allow, and never shorter than a safeguard promises."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.faults import Finding
from sop_engine.definition.model import Deadline, Definition, Safeguard
from sop_engine.definition.validate.findings import error, warning
from sop_engine.guards.tree import ALWAYS, Not


def deadlines(definition: Definition) -> Iterator[Finding]:
    """Find deadlines that are over at once, too long, too short, or never stop."""
    for machine in definition.machines.values():
        for deadline in machine.deadlines.values():
            yield from _lengths(deadline)
            yield from _range(deadline)
            if deadline.stops_when == Not(ALWAYS) and deadline.since is None:
                why = "it expires in every case, whatever is done"
                mend = "write stops_when, or since: and a date when time alone decides (a birthday)"
                yield warning(deadline.span, f'found no "stops_when" in "{deadline.name}"', why, mend)
        for safeguard in machine.safeguards.values():
            yield from _promise(definition, safeguard)
            if safeguard.length is not None and safeguard.length.amount < 1:
                found = f'found the length {safeguard.length} in "{safeguard.name}"'
                yield error(safeguard.span, found, "nothing takes no time", "write a length of at least 1")


def _lengths(deadline: Deadline) -> Iterator[Finding]:
    for length in (deadline.length, *(length for length, _guard in deadline.variants)):
        if length.amount < 1:
            found = f'found the length {length} in "{deadline.name}"'
            yield error(deadline.span, found, "it would be over before it starts", "write a length of at least 1")
    levels = [(level.to, level.after) for level in deadline.escalate]
    if len(set(levels)) < len(levels):
        found = f'found the same escalation twice in "{deadline.name}"'
        yield error(deadline.span, found, "one duty is enough", "remove one")


def _range(deadline: Deadline) -> Iterator[Finding]:
    shortest, longest = deadline.shortest, deadline.longest
    cited = ", ".join(str(source) for source in deadline.source)
    if shortest and longest and not shortest.is_at_most(longest):
        found = f'found the range {shortest} to {longest} in "{deadline.name}"'
        yield error(deadline.span, found, "no length lies in it", "swap the two")
    elif shortest and not shortest.is_at_most(deadline.length):
        found = f'found {deadline.length} in "{deadline.name}"'
        yield warning(deadline.span, found, f"the range starts at {shortest} ({cited})", "make it longer")
    elif longest and not deadline.length.is_at_most(longest):
        found = f'found {deadline.length} in "{deadline.name}"'
        yield warning(deadline.span, found, f"the range ends at {longest} ({cited})", "make it shorter")


def _promise(definition: Definition, safeguard: Safeguard) -> Iterator[Finding]:
    if safeguard.pattern != "at_least" or not safeguard.deadline or safeguard.length is None:
        return
    machine, name = safeguard.deadline.split(".", 1)
    deadline = definition.machines[machine].deadlines[name]
    for length in (deadline.length, *(length for length, _guard in deadline.variants)):
        if not safeguard.length.is_at_most(length):
            found = f'found {length} in the deadline "{safeguard.deadline}"'
            why = f'"{safeguard.name}" promises at least {safeguard.length}'
            yield error(safeguard.span, found, why, "make the deadline longer")
