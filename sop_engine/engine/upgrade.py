"""Moving a running case to a new edition: whether it may, why not, and the one audited act that does it.

A case keeps the edition it was opened under. It may move when everything it stands on exists in the new one as well.
Where a state was dissolved, the new edition says to which state it maps; where a rule that protects the person grew
weaker, or a panel sits, the case finishes under the old text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sop_engine.definition.differences import differences
from sop_engine.definition.model import Definition, Machine
from sop_engine.engine.deadlines import deadlines_of
from sop_engine.engine.evolve import evolve
from sop_engine.vocabulary import Actor, AuditEvent, Case, Proceeding

Sort: TypeAlias = Literal["moves", "needs_mapping", "must_finish"]
EDITION_CHANGED = "EditionChanged"
FINISH, MOVES, MAP_TO = "finish", "moves", "map to "
ALL_STATES = "all"
"""In the transitional rules of a machine: every state without a rule of its own."""


class NotMovable(ValueError):
    """A case cannot move to the edition; the message holds the reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """How one case stands to a new edition: sorted, with the reasons in sentences."""

    sort: Sort
    reasons: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Proceeding → the state it moves to, where its own state is gone."""
    is_ready: bool = False
    """It can be applied now: it moves unchanged, or every mapping it needs is declared."""


def weakened_machines(old: Definition, new: Definition) -> Mapping[str, tuple[str, ...]]:
    """Return machine → what the new edition weakens in it."""
    found: dict[str, list[str]] = {}
    for one in differences(new, old):
        if one.kind == "weakened":
            for place in one.place.split(", "):
                found.setdefault(place.split(".")[0], []).append(f"{one.title}, {one.what}")
    return {machine: tuple(told) for machine, told in found.items()}


def plan(case: Case, old: Definition, new: Definition, weakened: Mapping[str, tuple[str, ...]]) -> Upgrade:
    """Sort one case: it moves unchanged, needs a mapping, or must finish under the old text."""
    rules = new.national.transition if new.national else {}
    must, missing = [], []
    mapping: dict[str, str] = {}
    for proceeding in case.proceedings:
        machine = new.machines.get(proceeding.machine)
        if machine is None:
            must.append(f"The procedure {proceeding.machine} runs, and the new edition has none.")
            continue
        declared = old.machines[proceeding.machine].states.get(proceeding.state)
        is_over = declared is not None and declared.kind == "end"
        rule = _rule(rules, machine, proceeding.state)
        if not is_over:
            must += _must_finish(proceeding, machine, rule, weakened)
        if rule.startswith(MAP_TO):
            mapping[proceeding.id] = rule.removeprefix(MAP_TO)
        elif proceeding.state not in machine.states:
            missing.append(f"{machine.title}: the state “{proceeding.state}” is gone, and no rule maps it.")
        elif declared is not None and machine.states[proceeding.state].kind != declared.kind:
            missing.append(f"{machine.title}: the state “{proceeding.state}” became another kind, and no rule maps it.")
        missing += _unreadable(proceeding, machine)
    must += _running_limits(case, new)
    if must:
        return Upgrade(sort="must_finish", reasons=tuple(dict.fromkeys(must)))
    if missing:
        return Upgrade(sort="needs_mapping", reasons=tuple(dict.fromkeys(missing)), mapping=mapping)
    if mapping:
        told = tuple(f"{place} moves to “{state}”, as the new edition says." for place, state in mapping.items())
        return Upgrade(sort="needs_mapping", reasons=told, mapping=mapping, is_ready=True)
    return Upgrade(sort="moves", reasons=("Everything it stands on is the same.",), is_ready=True)


def _rule(national: Mapping[str, str], machine: Machine, state: str) -> str:
    """Return the transitional rule for a state: what the State says of it goes before the harmonised edition."""
    return (
        national.get(f"{machine.name}.{state}")
        or national.get(machine.name)
        or machine.running_cases.get(state)
        or machine.running_cases.get(ALL_STATES, "")
    )


def _must_finish(
    proceeding: Proceeding, machine: Machine, rule: str, weakened: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    if rule == FINISH:
        yield f"{machine.title}: the new edition says that what runs finishes under the old text."
    for ballot in proceeding.ballots.values():
        panel = machine.panels.get(ballot.panel)
        if (ballot.present or ballot.votes) and (panel is None or proceeding.state in panel.in_states):
            yield f"{machine.title}: the panel {ballot.panel} sits."
    if rule != MOVES:
        for told in weakened.get(machine.name, ()):
            yield f"{machine.title}: the new edition is weaker ({told}); a running case keeps the stronger rule."


def _unreadable(proceeding: Proceeding, machine: Machine) -> Iterator[str]:
    """Answers that the new edition could not read."""
    for (step, _, name), answer in proceeding.answers.items():
        question = machine.steps[step].questions.get(name) if step in machine.steps else None
        if question is None:
            yield f"{machine.title}: the answer to {step}.{name} is on file, and the new edition does not ask it."
        elif question.answer == "choice" and answer not in (*question.choices, *question.may_be):
            yield f"{machine.title}: the answer given to {step}.{name} is no choice of the new edition."


def _running_limits(case: Case, new: Definition) -> Iterator[str]:
    for run in case.deadlines:
        machine, _, name = run.name.partition(".")
        # With those that watch a safeguard: they run like any other.
        declared = deadlines_of(new, machine) if machine in new.machines else {}
        if run.ended_at is None and name not in declared:
            yield f"The time limit {run.name} runs, and the new edition has none of that name."


def move(
    case: Case, found: Upgrade, *, to: str, by: Actor, role: str, at: datetime, reason: str
) -> tuple[Case, AuditEvent]:
    """Return the case under the new edition, and the entry of its log. Raises NotMovable."""
    if not found.is_ready:
        raise NotMovable(" ".join(found.reasons))
    before = {place: case.proceeding(place).state for place in found.mapping}
    data = {"set_digest": to, "was": case.set_digest, "states": dict(found.mapping), "states_before": before}
    return _record(case, data, by=by, role=role, at=at, reason=reason)


def revert(case: Case, last: AuditEvent, *, by: Actor, role: str, at: datetime, reason: str) -> tuple[Case, AuditEvent]:
    """Take a case back to the edition it came from, as long as nothing else has happened. Raises NotMovable."""
    if last.kind != EDITION_CHANGED:
        raise NotMovable("Something happened in the case since it moved; it stays under the new edition.")
    data = {
        "set_digest": last.data["was"],
        "was": last.data["set_digest"],
        "states": dict(last.data["states_before"]),
        "states_before": dict(last.data["states"]),
        "reverted": True,
    }
    return _record(case, data, by=by, role=role, at=at, reason=reason)


def _record(
    case: Case, data: Mapping[str, object], *, by: Actor, role: str, at: datetime, reason: str
) -> tuple[Case, AuditEvent]:
    event = AuditEvent(
        seq=case.seq + 1,
        kind=EDITION_CHANGED,
        at=max(at, case.last_at) if case.last_at else at,
        by=by.user,
        role=role,
        proceeding="",
        data=dict(data),
        personal={"reason": reason},
    )
    return evolve(case, event), event
