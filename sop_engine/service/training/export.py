"""A sandbox case turned into a pack: its path as it was gone, the rest left for a trainer to tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
        steps=_steps(pack, log, seats),
        told=pack.told,
        outcome=pack.outcomes[""].code,
    )


def _steps(pack: Pack, log: tuple[AuditEvent, ...], seats: Mapping[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    given: Act | None = None
    if pack.opens:
        machine, _, key = pack.opens.partition(" ")
        given = Act("opens", machine, key or None)
    last: datetime = log[0].at
    for act, event in acts_of_log(log):
        if act == given:
            given = None
            continue
        hours = int((event.at - last).total_seconds() // 3600)
        if hours:
            found.append({"wait": f"{hours} hours"})
            last = event.at
        found.append(_line(pack, act, event, seats))
    return found


def _line(pack: Pack, act: Act, event: AuditEvent, seats: Mapping[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {"by": _person(pack, event, seats), act.verb: act.name}
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


def _person(pack: Pack, event: AuditEvent, seats: Mapping[str, str]) -> str:
    """Return the person of the path who did it: of those whom the seat plays, the one with the role."""
    role = seats.get(event.by, "")
    people = pack.team.get(role, (role,) if role in pack.people else tuple(pack.people))
    return next((one for one in people if event.role in pack.people[one]), people[0])
