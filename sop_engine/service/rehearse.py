"""Play a worked example through the same use cases as the web, and stop at the first difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sop_engine.engine.permission import opening_roles
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.service import open_case
from sop_engine.service.errors import NotFound
from sop_engine.service.rehearsal_acts import ACTS
from sop_engine.service.rehearsal_checks import expect
from sop_engine.service.rehearsal_stage import Difference, Stage
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Example, Line


@dataclass(frozen=True, slots=True)
class Played:
    """How an example went: the path of each proceeding, and the first difference, if any."""

    example: str
    case_id: str
    path: Mapping[str, tuple[str, ...]]
    documents: tuple[str, ...]
    refusals: int
    difference: str | None = None


def play(
    svc: Service,
    example: Example,
    *,
    parts: Mapping[str, tuple[Line, ...]],
    readers: dict[str, Reader],
    set_clock: Callable[[datetime], None],
    moved: timedelta = timedelta(),
) -> Played:
    """Play one example on a fresh case. ``readers`` are the people it names, already with accounts.

    ``moved`` plays it at another time, with the dates in its answers moved alike.
    """
    stage = Stage(svc, set_clock, readers, parts, moved=moved)
    zone = ZoneInfo(svc.current.calendar.time_zone)
    difference = None
    try:
        began = datetime.fromisoformat(example.at).replace(tzinfo=zone).astimezone(UTC)
        stage.began = began
        set_clock(began + moved)
        if example.opens:
            opener = _opener(svc, example, readers)
            machine, _, key = example.opens.partition(" ")
            outcome = open_case.open_case(svc, opener, machine=machine, key=key or None, form_token=stage.token())
            stage.case_id = outcome.case_id
        _play_lines(stage, example.lines)
        _no_silent_alarm(stage)
    except Difference as found:
        difference = str(found)
    return _played(stage, example, difference)


def _no_silent_alarm(stage: Stage) -> None:
    """An example may end with a safeguard broken only if it says so: write ``expect: {alarms: […]}``."""
    alarms = stage.case().alarms if stage.case_id else ()
    unexpected = [alarm for alarm in alarms if alarm not in stage.alarms_expected]
    if unexpected:
        raise Difference(f"at the end these safeguards stand broken: {', '.join(unexpected)}")


def _opener(svc: Service, example: Example, readers: Mapping[str, Reader]) -> Reader:
    machine = svc.current.machines.get((example.opens or "").partition(" ")[0])
    if machine is None:
        raise Difference(f"given: “{example.opens}” is no procedure")
    roles = opening_roles(machine)
    for name in example.people:
        if readers[name].roles & roles:
            return readers[name]
    raise Difference(f"given: nobody here may open {example.opens}")


def _played(stage: Stage, example: Example, difference: str | None) -> Played:
    if not stage.case_id:
        return Played(example.name, "", {}, (), stage.refusals, difference)
    case = stage.case()
    return Played(
        example=example.name,
        case_id=stage.case_id,
        path={p.id: p.visited for p in case.proceedings},
        documents=tuple(d.name for d in case.documents),
        refusals=stage.refusals,
        difference=difference,
    )


def _play_lines(stage: Stage, lines: tuple[Line, ...]) -> None:
    for number, line in enumerate(lines, start=1):
        try:
            play_line(stage, line)
        except REFUSALS as refused:
            raise Difference(f"{line.span} (step {number}): {told_of(refused)}") from None


REFUSALS = (Difference, NotOffered, InvalidAnswers, NotFound)
"""What can come of a line instead of what it says."""


def told_of(refused: Exception) -> str:
    """Return in words why a line did not go as it says."""
    match refused:
        case NotOffered():
            return "refused: " + " ".join(reason.text for reason in refused.reasons)
        case InvalidAnswers():
            return "answers to mend: " + "; ".join(f"{q}: {text}" for q, text in sorted(refused.problems.items()))
        case NotFound():
            return "this person cannot open the case"
    return str(refused)


def play_line(stage: Stage, line: Line) -> None:
    """Do what one line says. Raises Difference, or what the use case refuses with."""
    for verb, act in VERBS.items():
        if verb in line.values:
            act(stage, line)
            return
    raise Difference(f"found no act; write one of {', '.join(VERBS)}")


def _part(stage: Stage, line: Line) -> None:
    name = line.values["part"]
    if name not in stage.parts:
        raise Difference(f"there is no part “{name}”")
    before = stage.who
    given: Mapping[str, str] = line.values.get("people", {})
    stage.who = {alias: before.get(person, person) for alias, person in given.items()}
    _play_lines(stage, stage.parts[name])
    stage.who = before


VERBS: Mapping[str, Callable[[Stage, Line], None]] = {"part": _part, "expect": expect, **ACTS}
