"""The safeguards of the definition, read on a settled case inside the step's own transaction.

They are proved before an edition is used; here they are read again. What is open is read in the worst case for the
person. A decision that would break one is refused; a fact about the person never is: it raises an alarm and a duty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
    reading = reading or CaseReading(definition, case)
    return tuple(
        safeguard
        for machine in definition.machines.values()
        for safeguard in machine.safeguards.values()
        if _is_violated(safeguard, case, reading)
    )


def _is_violated(safeguard: Safeguard, case: Case, reading: CaseReading) -> bool:
    match safeguard.pattern:
        case "never":
            return _anywhere(safeguard, case, reading, lambda place: place.holds(safeguard.guard) is not False)
        case "always":
            return _anywhere(safeguard, case, reading, lambda place: place.holds(safeguard.guard) is not True)
        case "different_people":
            return not different_people(case, safeguard.functions)
        case "before":
            return any(_entered_unprepared(safeguard, case, p) for p in case.instances(safeguard.machine))
        case _:
            return False


def _anywhere(safeguard: Safeguard, case: Case, reading: CaseReading, breaks: Callable[[CaseReading], bool]) -> bool:
    places = case.instances(safeguard.machine)
    if not places:
        return False
    keyed = {place.key: place for place in places if place.key is not None}
    read_at = list(keyed.values()) if keyed else [places[-1]]
    return any(breaks(reading.at(place)) for place in read_at)


def different_people(case: Case, functions: tuple[str, ...]) -> bool:
    """Say whether no person did two of these functions in the same case."""
    done: dict[str, str] = {}
    for participation in case.participations:
        if participation.function in functions:
            earlier = done.setdefault(participation.user, participation.function)
            if earlier != participation.function:
                return False
    return True


def _entered_unprepared(safeguard: Safeguard, case: Case, proceeding: Proceeding) -> bool:
    if proceeding.state not in safeguard.enters:
        return False
    missing = set(safeguard.did)
    for _, transition in case.taken:
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


def raise_alarms(ledger: Ledger, broken: tuple[Safeguard, ...]) -> None:
    """Write an alarm for each safeguard newly broken by a fact, and strike those that are cured."""
    now = {safeguard.qualified: safeguard for safeguard in broken}
    for cured in [alarm for alarm in ledger.case.alarms if alarm not in now]:
        ledger.record("AlarmCured", data={"safeguard": cured})
        for duty in ledger.case.duties:
            if duty.name == f"alarm/{cured}" and not duty.done:
                ledger.record("DutyFinished", data={"duty": duty.name})
    for name, safeguard in now.items():
        if name not in ledger.case.alarms:
            ledger.record("SafeguardAlarmed", data={"safeguard": name})
            ledger.record("DutyRaised", data={"duty": f"alarm/{name}", "role": ALARM_ROLE, "text": safeguard.says})
