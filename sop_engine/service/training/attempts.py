"""Attempts: starting one, ending it, and trying again from any point of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sop_engine.engine.evolve import fold
from sop_engine.engine.permission import opening_roles
from sop_engine.periods import Length
from sop_engine.service import open_case
from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.numbers import case_number
from sop_engine.service.project import project
from sop_engine.service.rehearsal_acts import time_later
from sop_engine.service.rehearsal_stage import Stage
from sop_engine.service.rehearse import REFUSALS, play_line
from sop_engine.service.service import Service
from sop_engine.service.sweep_deadlines import wake
from sop_engine.service.training.desk import (
    at_attempt,
    attempt_and_session,
    pack_of,
    reader_of_seat,
    scenario_now,
)
from sop_engine.service.training.sessions import begins_at, first_room, room_as_json
from sop_engine.service.views import Reader
from sop_engine.store import cases, offices
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Session
from sop_engine.training.acts import path_of, play_lines
from sop_engine.vocabulary import AuditEvent, Case

OUTSIDE = "somebody_else"
"""The seat of people outside the team, who bring news into the case."""


def start(svc: Service, attempt_id: str) -> Attempt:
    """Begin the story of an attempt: its time starts, and its case is opened where the pack says so.

    Starting twice changes nothing. Raises NotFound.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    if attempt.status != "handed":
        return attempt
    pack = pack_of(svc, attempt.pack)
    now = svc.clock()
    stands = session.paused_at or now
    offset = int((begins_at(svc, attempt.pack) - stands).total_seconds())
    running = replace(attempt, clock_offset=offset, status="running", started_at=now)
    with svc.store.writing() as conn:
        rows.change_attempt(conn, attempt_id, clock_offset=offset, status="running", started_at=now)
    if pack.opens:
        machine, _, key = pack.opens.partition(" ")
        roles = opening_roles(svc.current.machines[machine])
        people = readers(svc, running)
        opener = next((one for one in people.values() if one.roles & roles), None)
        if opener is None:
            raise NotFound
        inside = at_attempt(svc, session, running, by_script=True)
        opened = open_case.open_case(inside, opener, machine=machine, key=key or None, form_token=svc.ids())
        keep_case(svc, attempt_id, opened.case_id)
        running = replace(running, case_id=opened.case_id)
    return _what_came_before(svc, session, running)


def _what_came_before(svc: Service, session: Session, attempt: Attempt) -> Attempt:
    """Let the script play up to the first line of a trainee: what came before is on file when the team sits down."""
    pack = pack_of(svc, attempt.pack)
    profile = svc.current.national.iso3 if svc.current.national else ""
    with svc.store.reading() as conn:
        seated = {one.role for one in rows.seats(conn, attempt.id) if one.trainee is not None}
    now = attempt
    for line in play_lines(path_of(pack, svc.library.parts, profile)):
        values = line.line.values
        if "by" in values and pack.team_of(str(values["by"])) in seated:
            break
        if "wait" in values:
            now = _later(svc, session, now, str(values["wait"]))
        elif "expect" not in values and "cannot" not in values and not line.asks:
            stage = stage_of(svc, session, now)
            try:
                play_line(stage, line.line)
            except REFUSALS:
                # The rehearsal of the pack would have said so; the team goes on from here.
                break
            if now.case_id is None and stage.case_id:
                keep_case(svc, attempt.id, stage.case_id)
                now = replace(now, case_id=stage.case_id)
    return now


def _later(svc: Service, session: Session, attempt: Attempt, length: str) -> Attempt:
    stands = scenario_now(svc, session, attempt)
    seconds = int((time_later(Length.parse(length), stands, svc.current.calendar) - stands).total_seconds())
    with svc.store.writing() as conn:
        rows.move_clock(conn, attempt.id, seconds)
    moved = replace(attempt, clock_offset=attempt.clock_offset + seconds)
    if moved.case_id is not None:
        wake(at_attempt(svc, session, moved, by_script=True), moved.case_id)
    return moved


def keep_case(svc: Service, attempt_id: str, case_id: str) -> None:
    """Note which case is that of an attempt."""
    with svc.store.writing() as conn:
        rows.change_attempt(conn, attempt_id, case_id=case_id)


def readers(svc: Service, attempt: Attempt) -> dict[str, Reader]:
    """Return who plays each person of the path in this attempt: the seat of the role, or the script."""
    pack = pack_of(svc, attempt.pack)
    with svc.store.reading() as conn:
        seats = {one.role: one for one in rows.seats(conn, attempt.id)}
    found: dict[str, Reader] = {}
    for person in pack.people:
        seat = seats.get(pack.team_of(person) or person)
        if seat is not None:
            found[person] = reader_of_seat(svc, seat, attempt)
    return found


def stage_of(svc: Service, session: Session, attempt: Attempt) -> Stage:
    """Return a stage on which the script plays within an attempt; it never moves the clock itself."""

    def never(_: datetime) -> None:
        raise NotImplementedError("Time passes in an attempt by travel only.")

    stage = Stage(at_attempt(svc, session, attempt, by_script=True), never, readers(svc, attempt), svc.library.parts)
    stage.case_id = attempt.case_id or ""
    return stage


def people_at(svc: Service, attempt_id: str) -> tuple[tuple[str, str | None], ...]:
    """Return (role, trainee account) of the team's seats of an attempt; None where the script plays."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    team = pack_of(svc, attempt.pack).team
    with svc.store.reading() as conn:
        return tuple((one.role, one.trainee) for one in rows.seats(conn, attempt_id) if one.role in team)


def log_of(svc: Service, attempt: Attempt) -> tuple[AuditEvent, ...]:
    """Return the log of the case of an attempt."""
    if attempt.case_id is None:
        return ()
    with svc.store.reading() as conn:
        return cases.load_events(conn, attempt.case_id)


def retry(svc: Service, attempt_id: str, *, seq: int) -> Attempt:
    """Try again from a point: a new attempt of the same team begins with the case as it stood after entry ``seq``.

    The first attempt stays as it is. Raises NotFound, and InvalidAnswers for a point that the case does not have.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    log = log_of(svc, attempt)
    if not 1 <= seq <= len(log):
        raise InvalidAnswers({"seq": f"Choose a point from 1 to {len(log)}."})
    again = replace(
        attempt,
        id=svc.ids(),
        case_id=svc.ids(),
        status="running",
        from_attempt=attempt.id,
        from_seq=seq,
        handed_at=svc.clock(),
        started_at=svc.clock(),
        finished_at=None,
        figures=None,
        room=room_as_json(first_room(svc, attempt.pack)),
        clock_offset=_offset_after(svc, session, log[seq - 1].at),
    )
    _copy(svc, attempt, again, log[:seq], seq)
    return again


def _offset_after(svc: Service, session: Session, at: datetime) -> int:
    stands = session.paused_at or svc.clock()
    return int((at + timedelta(minutes=1) - stands).total_seconds())


def _copy(svc: Service, attempt: Attempt, again: Attempt, log: tuple[AuditEvent, ...], seq: int) -> None:
    with svc.store.writing() as conn:
        office = offices.find_office(conn, attempt.office_id)
        head = cases.find_head(conn, attempt.case_id or "")
        if office is None or head is None:
            raise NotFound
        serial = offices.next_number(conn, office.id)
        number = case_number(office_code=office.code, year=log[0].at.year, serial=serial)
        events = tuple(_renumbered(one, number) if one.kind == "CaseOpened" else one for one in log)
        definition = svc.definition(conn, head.set_digest)
        case = fold(Case(again.case_id or "", head.set_digest, office.id), events)
        cases.create_case(
            conn,
            case_id=case.id,
            number=number,
            office_id=office.id,
            set_digest=head.set_digest,
            opened_at=events[0].at,
            events=events,
            projection=project(definition, case),
        )
        rows.add_attempt(conn, again)
        for seat in rows.seats(conn, attempt.id):
            rows.put_seat(conn, replace(seat, attempt_id=again.id))
            if seat.trainee is not None:
                rows.sit(conn, attempt.session_id, seat.trainee, attempt_id=again.id, role=seat.role)
        _copy_around(svc, conn, attempt, again, seq)


def _copy_around(svc: Service, conn: Connection, attempt: Attempt, again: Attempt, seq: int) -> None:
    """Take along what the engine refused and what was said until then."""
    for refusal in rows.refusals(conn, attempt.id):
        if refusal.seq <= seq:
            rows.add_refusal(conn, replace(refusal, id=svc.ids(), attempt_id=again.id))
    for exchange in rows.exchanges(conn, attempt.id):
        if exchange.seq <= seq:
            rows.add_exchange(conn, replace(exchange, id=svc.ids(), attempt_id=again.id))


def _renumbered(event: AuditEvent, number: str) -> AuditEvent:
    return replace(event, data={**event.data, "number": number})


def scenario_time(svc: Service, attempt_id: str) -> datetime:
    """Return the time of the story in an attempt."""
    attempt, session = attempt_and_session(svc, attempt_id)
    return scenario_now(svc, session, attempt)
