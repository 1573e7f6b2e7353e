"""The safeguards of the definition, read on a settled case inside the step's own transaction.

They are proved before an edition is used; here they are read again. What is open is read in the worst case for the
person. A decision that would break one is refused; a fact about the person never is: it raises an alarm and a duty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.model import Definition, Safeguard, Transition
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.reading import CaseReading
from sop_engine.vocabulary import Case, Proceeding

ALARM_ROLE = "case_supervisor"
"""Who is called when a recorded fact leaves a safeguard broken."""


def safeguards(definition: Definition) -> Iterator[Safeguard]:
    """Return every safeguard of the set, machine by machine."""
    for machine in definition.machines.values():
        yield from machine.safeguards.values()


def violated(definition: Definition, case: Case, reading: CaseReading | None = None) -> tuple[Safeguard, ...]:
    """Return the safeguards that this settled case breaks, an open condition counting against safety."""
    return tuple(safeguard for safeguard, _ in broken(definition, case, reading or CaseReading(definition, case)))


Broken = tuple[Safeguard, frozenset[str]]
"""A safeguard, and where it is broken: proceedings, or the people who did what should have been others."""


def broken(definition: Definition, case: Case, reading: CaseReading) -> tuple[Broken, ...]:
    """Return the safeguards that this settled case breaks, each with where."""
    found: list[Broken] = []
    for machine, watched in _watched(definition).items():
        places = _places(machine, case)
        for safeguard in watched:
            where = _where_broken(safeguard, case, reading, places)
            if where:
                found.append((safeguard, where))
    return tuple(found)


_WATCHED: dict[str, Mapping[str, tuple[Safeguard, ...]]] = {}
_WATCHED_PATTERNS = ("never", "always", "different_people", "before")


def _watched(definition: Definition) -> Mapping[str, tuple[Safeguard, ...]]:
    """Return the safeguards that are read after every step, by machine.

    The other patterns are proved, asked before an act, or watched by deadlines.
    """
    found = _WATCHED.get(definition.digest)
    if found is None:
        found = _WATCHED[definition.digest] = {
            machine.name: tuple(s for s in machine.safeguards.values() if s.pattern in _WATCHED_PATTERNS)
            for machine in definition.machines.values()
        }
    return found


def _where_broken(
    safeguard: Safeguard, case: Case, reading: CaseReading, places: tuple[Proceeding, ...]
) -> frozenset[str]:
    match safeguard.pattern:
        case "never":
            return frozenset(p.id for p in places if reading.at(p).holds(safeguard.guard) is not False)
        case "always":
            return frozenset(p.id for p in places if reading.at(p).holds(safeguard.guard) is not True)
        case "different_people":
            return did_more_than_one(case, safeguard.functions)
        case _:
            all_places = case.instances(safeguard.machine)
            return frozenset(p.id for p in all_places if _entered_unprepared(safeguard, case, p))


def _places(machine: str, case: Case) -> tuple[Proceeding, ...]:
    """Return where the safeguards of a machine are read: its newest instance, or the newest of each key."""
    places = case.instances(machine)
    keyed = {place.key: place for place in places if place.key is not None}
    return tuple(keyed.values()) if keyed else places[-1:]


def did_more_than_one(case: Case, functions: tuple[str, ...]) -> frozenset[str]:
    """Return the people who did two of these functions in the same case."""
    done: dict[str, str] = {}
    found: set[str] = set()
    for participation in case.participations:
        if participation.function in functions:
            earlier = done.setdefault(participation.user, participation.function)
            if earlier != participation.function:
                found.add(participation.user)
    return frozenset(found)


def _entered_unprepared(safeguard: Safeguard, case: Case, proceeding: Proceeding) -> bool:
    if proceeding.state not in safeguard.enters:
        return False
    missing = set(safeguard.did)
    for place, transition in case.taken:
        # What an earlier round of the same procedure did prepares nothing in this one.
        if place != proceeding.id and transition.partition(".")[0] == proceeding.machine:
            continue
        if transition == safeguard.since:
            missing = set(safeguard.did)
        missing.discard(transition)
    return bool(missing)


_REQUIRED: dict[str, dict[str, tuple[Safeguard, ...]]] = {}


def required_before(definition: Definition, transition: Transition) -> tuple[Safeguard, ...]:
    """Return the safeguards that say what must be true when this transition is taken."""
    found = _REQUIRED.get(definition.digest)
    if found is None:
        found = {}
        for safeguard in safeguards(definition):
            if safeguard.pattern == "doing":
                found[safeguard.transition] = (*found.get(safeguard.transition, ()), safeguard)
        _REQUIRED[definition.digest] = found
    return found.get(transition.qualified, ())


def raise_alarms(ledger: Ledger, found: tuple[Broken, ...]) -> None:
    """Write an alarm for each safeguard newly broken by a fact, and strike those that are cured."""
    now = {safeguard.qualified: safeguard for safeguard, _ in found}
    for cured in [alarm for alarm in ledger.case.alarms if alarm not in now]:
        ledger.record("AlarmCured", data={"safeguard": cured})
        for duty in ledger.case.duties:
            if duty.name == f"alarm/{cured}" and not duty.done:
                ledger.record("DutyFinished", data={"duty": duty.name})
    for name, safeguard in now.items():
        if name not in ledger.case.alarms:
            ledger.record("SafeguardAlarmed", data={"safeguard": name})
            ledger.record("DutyRaised", data={"duty": f"alarm/{name}", "role": ALARM_ROLE, "text": safeguard.says})
