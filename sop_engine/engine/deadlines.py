"""Legal deadlines of a case: they start, pause, stop and expire.

Expiry raises duties; it never does anything adverse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sop_engine.definition.model import Deadline, Definition, Escalation
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.monitors import ALARM_ROLE
from sop_engine.periods import Calendar, Length, due_at, start_of
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, SYSTEM, Case, DeadlineRun, Proceeding

_DEADLINES: dict[tuple[str, str], Mapping[str, Deadline]] = {}


def deadlines_of(definition: Definition, machine: str) -> Mapping[str, Deadline]:
    """Return the deadlines of a machine, its ``within`` safeguards among them as the deadlines that watch them."""
    key = (definition.digest, machine)
    found = _DEADLINES.get(key)
    if found is None:
        declared = definition.machines[machine]
        watching = {
            f"safeguard_{safeguard.name}": Deadline(
                name=f"safeguard_{safeguard.name}",
                machine=machine,
                timer="",
                length=safeguard.length,
                starts_when=safeguard.guard,
                stops_when=safeguard.until,
                duty=safeguard.says,
                escalate=(Escalation(to=ALARM_ROLE, after=Length(0, "hours")),),
                source=safeguard.source,
            )
            for safeguard in declared.safeguards.values()
            if safeguard.pattern == "within" and safeguard.length is not None
        }
        found = _DEADLINES[key] = {**declared.deadlines, **watching}
    return found


def calls_somebody(deadline: Deadline) -> bool:
    """Say whether the end of a deadline is anybody's work; a birthday only opens and closes doors."""
    return any(level.to != SYSTEM for level in deadline.escalate)


def next_wake(definition: Definition, run: DeadlineRun) -> datetime | None:
    """Return when the passing of time next changes something about a run: it falls due, or an escalation does."""
    if run.ended_at is not None or run.paused_at is not None:
        return None
    machine, name = run.name.split(".", 1)
    declared = deadlines_of(definition, machine).get(name)
    if declared is None:
        return None
    if run.status == "running":
        return run.due_at
    return _escalates_at(definition, run, declared) if run.escalated < len(declared.escalate) else None


def next_instant(definition: Definition, case: Case) -> datetime | None:
    """Return the next instant at which the passing of time changes something in a case."""
    wakes = (next_wake(definition, run) for run in case.deadlines)
    return min((instant for instant in wakes if instant is not None), default=None)


def _unfinished(definition: Definition, case: Case) -> Iterator[tuple[DeadlineRun, Deadline]]:
    for run in case.deadlines:
        if run.ended_at is None:
            machine, name = run.name.split(".", 1)
            declared = deadlines_of(definition, machine).get(name)
            if declared is not None:
                yield run, declared


def _escalates_at(definition: Definition, run: DeadlineRun, deadline: Deadline) -> datetime:
    after = deadline.escalate[run.escalated].after
    if after.amount == 0:
        return run.due_at
    if after.unit == "hours":
        return due_at(after, counted_from=run.due_at, calendar=definition.calendar)
    # 24:00 belongs to the day that ends: whole days after it count from there.
    return due_at(after, counted_from=run.due_at - _INSTANT, calendar=definition.calendar)


_INSTANT = timedelta(microseconds=1)


def expire(ledger: Ledger) -> bool:
    """Let what fell due first by now expire; raise the duties. Returns whether anything changed.

    One instant at a time: what follows from one deadline may stop the next, however late anybody looks.
    """
    changed = False
    due = [
        run for run, _ in _unfinished(ledger.definition, ledger.case)
        if run.status == "running" and run.paused_at is None and run.due_at <= ledger.at
    ]  # fmt: skip
    first = min((run.due_at for run in due), default=None)
    for run in due:
        if run.due_at == first:
            _expire(ledger, run.name, run.proceeding, run.due_at)
            changed = True
    for run, deadline in list(_unfinished(ledger.definition, ledger.case)):
        changed |= _escalate(ledger, run, deadline)
    return changed


def _expire(ledger: Ledger, name: str, proceeding: str, due: datetime) -> None:
    ledger.record("DeadlineExpired", proceeding=proceeding, data={"deadline": name, "due_at": due.isoformat()})


def _escalate(ledger: Ledger, run: DeadlineRun, deadline: Deadline) -> bool:
    changed = False
    while (
        run.status == "expired"
        and run.escalated < len(deadline.escalate)
        and _escalates_at(ledger.definition, run, deadline) <= ledger.at
    ):
        level = run.escalated
        ledger.record("DeadlineEscalated", proceeding=run.proceeding, data={"deadline": run.name, "level": level})
        if deadline.escalate[level].to != SYSTEM:
            ledger.record(
                "DutyRaised",
                proceeding=run.proceeding,
                data={
                    "duty": duty_name(run, level),
                    "role": deadline.escalate[level].to,
                    "text": deadline.duty,
                },
            )
        changed = True
        run = next(r for r in reversed(ledger.case.deadlines) if r.name == run.name and r.proceeding == run.proceeding)
    return changed


def duty_name(run: DeadlineRun, level: int) -> str:
    """Return the name of the duty that one level of escalation raises."""
    return f"{run.name}/{run.proceeding}/{level}"


def follow(ledger: Ledger) -> bool:
    """Start, pause, resume and stop deadlines as their guards now read. Returns whether anything changed."""
    changed = False
    for proceeding in ledger.case.proceedings:
        for deadline in deadlines_of(ledger.definition, proceeding.machine).values():
            changed |= _follow_one(ledger, deadline, proceeding)
    return changed


def _follow_one(ledger: Ledger, deadline: Deadline, proceeding: Proceeding) -> bool:
    run = ledger.reading().last_run(proceeding, deadline.name)
    if run is None or run.ended_at is not None:
        starts = ledger.holds(deadline.starts_when, proceeding) is True
        counted_from = _counted_from(ledger, deadline, proceeding) if starts else None
        if counted_from is None or ledger.holds(deadline.stops_when, proceeding) is True:
            return False
        return _start(ledger, deadline, proceeding, counted_from)
    if ledger.holds(deadline.stops_when, proceeding) is True:
        ledger.record("DeadlineStopped", proceeding=proceeding.id, data={"deadline": run.name})
        _finish_duties(ledger, run)
        return True
    return _recount(ledger, deadline, proceeding, run) or _pause_or_resume(ledger, deadline, proceeding, run)


def _recount(ledger: Ledger, deadline: Deadline, proceeding: Proceeding, run: DeadlineRun) -> bool:
    """Count a run anew when the day it counts from was corrected, or while it runs an other length came to apply."""
    counted_from = run.counted_from
    if deadline.since is not None:
        counted_from = _counted_from(ledger, deadline, proceeding) or run.counted_from
    length = _length(ledger, deadline, proceeding) if deadline.variants and run.status == "running" else None
    if counted_from == run.counted_from and (length is None or str(length) == run.length):
        return False
    _finish_duties(ledger, run)
    calendar = ledger.definition.calendar
    counted = due_at(
        Length.parse(run.length),
        counted_from=run.counted_from,
        calendar=calendar,
        skip_closures=deadline.person_duty,
    )
    stood_still = run.due_at - counted
    if run.paused_at is not None:
        stood_still += ledger.at - run.paused_at
    return _start(ledger, deadline, proceeding, counted_from, stood_still=stood_still, recounted=True)


def _moved(due: datetime, by: timedelta, length: Length, calendar: Calendar) -> datetime:
    """Return when a deadline falls due that stood still for a while: whole days still end at 24:00."""
    if not by or length.unit == "hours":
        return due + by
    day = calendar.local(due + by - _INSTANT).date()
    while length.unit == "working days" and not calendar.is_working_day(day):
        day += timedelta(days=1)
    return calendar.end_of(day)


def _counted_from(ledger: Ledger, deadline: Deadline, proceeding: Proceeding) -> datetime | None:
    if deadline.since is None:
        return ledger.at
    answer = proceeding.latest_answer(*deadline.since)
    if not isinstance(answer, str) or answer in NOT_AN_ANSWER_OF_SUBSTANCE:
        return None
    return start_of(answer, ledger.definition.calendar)


def _length(ledger: Ledger, deadline: Deadline, proceeding: Proceeding) -> Length:
    for length, guard in deadline.variants:
        if ledger.holds(guard, proceeding) is True:
            return length
    return deadline.length


def _start(
    ledger: Ledger,
    deadline: Deadline,
    proceeding: Proceeding,
    counted_from: datetime,
    *,
    stood_still: timedelta = timedelta(),
    recounted: bool = False,
) -> bool:
    calendar = ledger.definition.calendar
    length = _length(ledger, deadline, proceeding)
    counted = due_at(length, counted_from=counted_from, calendar=calendar, skip_closures=deadline.person_duty)
    due = _moved(counted, stood_still, length, calendar)
    ledger.record(
        "DeadlineStarted",
        proceeding=proceeding.id,
        data={
            "deadline": deadline.qualified,
            "counted_from": counted_from.isoformat(),
            "due_at": due.isoformat(),
            "length": str(length),
            **({"recounted": True} if recounted else {}),
        },
    )
    if due <= ledger.at:
        # Counted from a day long past: it was never running for anybody.
        _expire(ledger, deadline.qualified, proceeding.id, due)
    return True


def _pause_or_resume(ledger: Ledger, deadline: Deadline, proceeding: Proceeding, run: DeadlineRun) -> bool:
    if deadline.paused_when is None or run.status != "running":
        return False
    paused = ledger.holds(deadline.paused_when, proceeding) is True
    if paused and run.paused_at is None:
        ledger.record("DeadlinePaused", proceeding=proceeding.id, data={"deadline": run.name})
        return True
    if not paused and run.paused_at is not None:
        due = _moved(run.due_at, ledger.at - run.paused_at, Length.parse(run.length), ledger.definition.calendar)
        ledger.record(
            "DeadlineResumed", proceeding=proceeding.id, data={"deadline": run.name, "due_at": due.isoformat()}
        )
        return True
    return False


def run_on(ledger: Ledger, stopped_at: datetime) -> None:
    """Let the deadlines run on that were stopped at an instant by an act which was taken back."""
    places = {p.id: p for p in ledger.case.proceedings}
    for run in ledger.case.deadlines:
        place = places[run.proceeding]
        deadline = deadlines_of(ledger.definition, place.machine).get(run.name.split(".", 1)[1])
        if deadline is None or run.ended_at != stopped_at:
            continue
        if ledger.reading().last_run(place, deadline.name) != run:
            continue
        if ledger.holds(deadline.stops_when, place) is not True:
            data = {"deadline": run.name, "due_at": run.due_at.isoformat()}
            ledger.record("DeadlineResumed", proceeding=run.proceeding, data=data)


def _finish_duties(ledger: Ledger, run: DeadlineRun) -> None:
    names = {duty_name(run, level) for level in range(run.escalated)}
    for duty in ledger.case.duties:
        if duty.name in names and not duty.done:
            ledger.record("DutyFinished", proceeding=run.proceeding, data={"duty": duty.name})
