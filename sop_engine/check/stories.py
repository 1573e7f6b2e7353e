"""A way to the bad end, played on the real engine by invented officers: only what really happens is told as a story.

The safeguards themselves are switched off while it is played: they would refuse what the declarations leave open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sop_engine.check.bdd import TraceStep
from sop_engine.check.desk import Desk, Stuck
from sop_engine.check.events import build_model
from sop_engine.check.ir import Model
from sop_engine.check.properties import Obligation
from sop_engine.definition.model import Definition, Safeguard
from sop_engine.engine.apply import apply
from sop_engine.engine.monitors import broken
from sop_engine.engine.permission import opening_roles
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.guards.written import to_text
from sop_engine.vocabulary import Actor, Case, Event, PassTime, TakeTransition

LONGEST_ANSWER = 60


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, line by line, and the steps as a worked example writes them."""

    lines: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]
    ends_in: dict[str, str]
    """Machine → state of its newest instance at the end."""
    events: tuple[Event, ...]
    """What the engine was told."""


def without_safeguards(definition: Definition) -> Definition:
    """Return the set as its declarations alone make it: no safeguard is asked, none refuses."""
    machines = {name: replace(machine, safeguards={}) for name, machine in definition.machines.items()}
    return replace(definition, machines=machines, digest=f"{definition.digest}/bare")


def tell(model: Model, safeguard: Safeguard, obligation: Obligation, way: Sequence[TraceStep]) -> Story | None:
    """Play a way; return its story if it really ends where nothing may end, and None if it cannot be played so."""
    desk = Desk(_bare(model, safeguard), takes_paper=False)
    try:
        for step in way:
            _play(desk, step)
        if obligation.event is not None:
            _last_act(desk, safeguard, obligation)
        elif not _is_broken(desk.model.definition, desk.case, safeguard):
            return None
    except (Stuck, NotOffered, InvalidAnswers, StopIteration, KeyError):
        return None
    lines = tuple(_told(model.definition, desk, safeguard, obligation))
    ends_in = {place.machine: place.state for place in desk.case.proceedings}
    return Story(lines, tuple(desk.lines), ends_in, tuple(desk.events))


def beside(harmonised: Definition, events: Sequence[Event]) -> str:
    """Return what the harmonised procedures do with the same story: the act that they refuse, and why."""
    case, number = Desk(build_model(harmonised)).case, 0
    for event in events:
        number += not isinstance(event, PassTime)
        try:
            case, _ = apply(harmonised, case, event)
        except NotOffered as refused:
            return f"The harmonised procedure stops this at act {number}: {refused.reasons[0].text}"
        except InvalidAnswers as refused:
            return f"The harmonised procedure stops this at act {number}: {next(iter(refused.problems.values()))}"
        except LookupError:
            return f"The harmonised procedure knows no act {number} of this story."
    return "The harmonised procedure lets this happen too."


_BARE: dict[str, Model] = {}


def _bare(model: Model, safeguard: Safeguard) -> Model:
    found = _BARE.get(model.definition.digest)
    if found is None or found.definition.files is not model.definition.files:
        bare = without_safeguards(model.definition)
        known = tuple(s for machine in model.definition.machines.values() for s in machine.safeguards.values())
        _BARE.clear()
        found = _BARE[model.definition.digest] = build_model(bare, (*known, safeguard))
    return found


def _play(desk: Desk, step: TraceStep) -> None:
    event = step.event
    if event.kind in ("follow", "auto", "deadline") or event.slot is None:
        return
    slot = event.slot
    machine = desk.model.definition.machines[slot.machine]
    place = desk.case.newest(slot.machine, slot.key)
    known = {**step.before, **step.after}
    match event.kind:
        case "open":
            desk.open(slot, opening_roles(machine))
        case "act":
            transition = machine.transitions[event.subject]
            desk.do(slot, transition, deep=2, prefer=known)
        case "answer" if place is not None:
            declared = machine.steps[event.subject]
            names = desk.model.words.step_variables(slot, declared.name)
            desk.answer(place, declared, {name: known[name] for name in names if name in known})
        case "expire" if place is not None:
            desk.wait_for(f"{slot.machine}.{event.subject}", place)
        case "panel" if place is not None:
            results = {
                item: known[name]
                for item in machine.panels[event.subject].questions
                if (name := f"{slot.name}:panel {event.subject}.{item}") in known
            }
            desk.sit(place, event.subject, results)
        case _:
            raise Stuck(f"{event.name} is not played")


def _last_act(desk: Desk, safeguard: Safeguard, obligation: Obligation) -> None:
    """Do what must not be done. For separation: the same person who did the other function does it."""
    event = obligation.event
    if event is None or event.slot is None or event.kind != "act":
        raise Stuck("the last act is not played")
    transition = desk.model.definition.machines[event.slot.machine].transitions[event.subject]
    if safeguard.pattern != "different_people":
        place = desk.case.newest(event.slot.machine, event.slot.key)
        reading = CaseReading(desk.model.definition, desk.case, place)
        if not transition.asks and reading.holds(safeguard.guard) is True:
            raise Stuck("what is required holds")
        desk.do(event.slot, transition)
        place = desk.case.newest(event.slot.machine, event.slot.key)
        if transition.asks and CaseReading(desk.model.definition, desk.case, place).holds(safeguard.guard) is True:
            raise Stuck("what is required holds")
        return
    other = next(f for f in safeguard.functions if f"done {f}" in obligation.bad.support)
    user = next(p.user for p in desk.case.participations if p.function == other)
    place = desk.case.newest(event.slot.machine, event.slot.key)
    if place is None or transition.asks:
        raise Stuck("the last act is not played")
    actor = Actor(user, frozenset({desk.people[user], *transition.by}))
    desk.tell(TakeTransition(by=actor, at=desk.at, proceeding=place.id, transition=transition.name))
    desk.lines.append({"by": user, "does": transition.qualified})


def _is_broken(definition: Definition, case: Case, safeguard: Safeguard) -> bool:
    machine = definition.machines[safeguard.machine]
    watching = replace(machine, safeguards={safeguard.name: safeguard})
    watched = replace(
        definition,
        machines={**definition.machines, safeguard.machine: watching},
        digest=f"{definition.digest}/{safeguard.qualified}",
    )
    return bool(broken(watched, case, CaseReading(watched, case)))


def _told(definition: Definition, desk: Desk, safeguard: Safeguard, obligation: Obligation) -> list[str]:
    told = [f"Against: {safeguard.says} ({safeguard.span})"]
    for number, line in enumerate(desk.lines, start=1):
        told.append(f"{number}. {_sentence(definition, desk, line)}")
    states = ", ".join(f"{p.machine}{f' {p.key}' if p.key else ''} is {p.state}" for p in desk.case.proceedings)
    told.append(f"Now: {states}.")
    if obligation.event is not None and obligation.event.slot is not None:
        transition = definition.machines[obligation.event.slot.machine].transitions[obligation.event.subject]
        told.append(f"Left open by “{transition.qualified}” ({transition.span}).")
    elif safeguard.pattern in ("never", "always"):
        told.append(f"The rule that is broken: {safeguard.pattern} {to_text(safeguard.guard)}.")
    return told


def _sentence(definition: Definition, desk: Desk, line: dict[str, Any]) -> str:
    if "wait" in line:
        return f"{line['wait']} pass."
    who = str(line["by"])
    role = desk.people.get(who, "")
    title = definition.roles[role].title if role in definition.roles else role
    verb = next(key for key in line if key not in ("by", "key", "with", "reason", "state", "as", "reasons"))
    act = str(line[verb])
    key = f" ({line['key']})" if "key" in line else ""
    given = f", with {_answers(line['with'])}" if line.get("with") else ""
    match verb:
        case "does":
            transition = definition.transition(act)
            return (
                f"{who} ({title}) in {definition.machines[transition.machine].title}{key}: {transition.title}{given}."
            )
        case "answers":
            machine, step = act.split(".", 1)
            return f"{who} ({title}) answers “{definition.machines[machine].steps[step].title}”{key}{given}."
        case _:
            return f"{who} ({title}) {verb.replace('_', ' ')} {act}{key}{given}."


def _answers(answers: dict[str, Any]) -> str:
    """Return answers as words; what was only written to fill a page is left out."""
    told = []
    for name, value in answers.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        told.append(f"{name.replace('_', ' ')}: {text if len(text) <= LONGEST_ANSWER else '…'}")
    return "; ".join(told)
