"""A sandbox case turned into a pack: its path as it was gone, the rest left for a trainer to tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sop_engine.definition.model import Definition
from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import log_of
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.store import training as rows
from sop_engine.training.acts import Act, acts_of_log
from sop_engine.training.model import Pack
from sop_engine.training.skeleton import skeleton
from sop_engine.vocabulary import AuditEvent


def export_scenario(svc: Service, attempt_id: str, *, name: str) -> str:
    """Return the text of a pack whose path is what was done in an attempt. Raises NotFound, InvalidAnswers.

    Only a sandbox has attempts: nothing of a real case can become a pack.
    """
    if not svc.is_training:
        raise NotFound
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,60}", name):
        raise InvalidAnswers({"name": "Write a name of small letters, digits and underscores."})
    attempt, _ = attempt_and_session(svc, attempt_id)
    log = log_of(svc, attempt)
    if not log:
        raise NotFound
    pack = pack_of(svc, attempt.pack)
    with svc.store.reading() as conn:
        seats = {one.account: one.role for one in rows.seats(conn, attempt_id)}
    zone = ZoneInfo(svc.current.calendar.time_zone)
    began = log[0].at.astimezone(zone)
    return skeleton(
        name=name,
        title=f"After {pack.title}",
        mock_case=pack.mock_case,
        at=f"{began:%Y-%m-%d %H:%M}",
        people=pack.people,
        opens=pack.opens,
        steps=_steps(svc.current, pack, log, seats),
        told=pack.told,
        outcome=pack.outcomes[""].code,
    )


def _steps(
    definition: Definition, pack: Pack, log: tuple[AuditEvent, ...], seats: Mapping[str, str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    # A seat plays several people of the path; whoever of them works on the case goes on while the role allows it.
    at_work: dict[str, str] = {}
    given: Act | None = None
    if pack.opens:
        machine, _, key = pack.opens.partition(" ")
        given = Act("opens", machine, key or None)
    last: datetime = log[0].at
    for act, event in acts_of_log(log, every_vote=True):
        if act == given:
            given = None
            continue
        hours = int((event.at - last).total_seconds() // 3600)
        if hours:
            found.append({"wait": f"{hours} hours"})
            last = event.at
        at_work[event.by] = _person(definition, pack, act, event, seats.get(event.by, ""), at_work.get(event.by))
        found.append(_line(at_work[event.by], act, event))
    return found


def _line(person: str, act: Act, event: AuditEvent) -> dict[str, Any]:
    line: dict[str, Any] = {"by": person, act.verb: act.name}
    if act.key:
        line["key"] = act.key
    match event.kind:
        case "VoteCast":
            line["votes"] = f"{act.name}.{event.data['panel']}"
            line["with"] = dict(event.personal["votes"])
            if event.personal.get("reasons"):
                line["reasons"] = event.personal["reasons"]
        case "MemberRecused":
            line["recuses"] = f"{act.name}.{event.data['panel']}"
            line["reasons"] = event.personal.get("ground", "")
        case "FileOpened":
            line["opens_file"] = f"{act.name}.{event.data['panel']}"
        case "AnswerCorrected":
            line |= {"to": event.personal["after"], "reason": event.personal["reason"]}
        case "TransitionRectified":
            line["reason"] = event.personal.get("reason", "")
        case "ProceedingOpened" if act.verb == "enters_paper":
            line |= {"state": event.data["state"], "reason": event.personal.get("reason", "")}
        case _:
            answers = event.personal.get("answers")
            if answers:
                line["with"] = dict(answers)
    return line


def _person(definition: Definition, pack: Pack, act: Act, event: AuditEvent, role: str, at_work: str | None) -> str:
    """Return the person of the path who did it: of those whom the seat plays, one whose roles allow it."""
    people = pack.team.get(role, (role,) if role in pack.people else tuple(pack.people))
    allowed = _allowed(definition, act) or frozenset({event.role})
    if at_work in people and set(pack.people[at_work]) & allowed:
        return at_work
    fitting = [one for one in people if set(pack.people[one]) & allowed]
    return next((one for one in fitting if event.role in pack.people[one]), (fitting or list(people))[0])


def _allowed(definition: Definition, act: Act) -> frozenset[str]:
    """Return the roles that may do an act; nothing where the log alone says it."""
    machine_name, *rest = act.name.split(".")
    machine = definition.machines.get(machine_name)
    if machine is None or not rest:
        return frozenset()
    if act.verb == "does" and rest[0] in machine.transitions:
        return machine.transitions[rest[0]].by
    if act.verb == "answers" and rest[0] in machine.steps:
        return machine.steps[rest[0]].by
    return frozenset()
