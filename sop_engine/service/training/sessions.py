"""Classes: a trainer opens one, adds trainees by pseudonym, hands out scenarios, pauses, and lets time pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sop_engine.periods import Length
from sop_engine.service import accounts
from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.rehearsal_acts import time_later
from sop_engine.service.service import Service
from sop_engine.service.sweep_deadlines import wake
from sop_engine.service.training.desk import at_attempt, pack_of, scenario_now
from sop_engine.service.views import Reader
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Participant, Seat, Session
from sop_engine.training.model import Room

PACES = ("own", "together")
LONGEST_JUMP = timedelta(days=366 * 3)

__all__ = ["Attempt", "Participant", "Seat", "Session"]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A class with its people and what they have in hand."""

    session: Session
    participants: tuple[Participant, ...]
    attempts: tuple[tuple[Attempt, tuple[Seat, ...]], ...]


def open_session(svc: Service, trainer: Reader, *, title: str, pace: str = "own", hints: bool = True) -> Session:
    """Open a class. Raises InvalidAnswers for a class without a title or of an unknown pace."""
    _only_in_sandbox(svc, trainer)
    wrong: dict[str, str] = {}
    if not title.strip() or len(title) > 120:
        wrong["title"] = "Enter a title of at most 120 characters."
    if pace not in PACES:
        wrong["pace"] = "Choose whether everybody goes at their own pace or all together."
    if wrong:
        raise InvalidAnswers(wrong)
    session = Session(svc.ids(), title.strip(), trainer.user, trainer.office, pace, hints, svc.clock())
    with svc.store.writing() as conn:
        rows.add_session(conn, session)
    return session


def list_sessions(svc: Service, trainer: Reader) -> tuple[Session, ...]:
    """Return every class of this sandbox, the newest first: trainers teach and score together."""
    _only_in_sandbox(svc, trainer)
    with svc.store.reading() as conn:
        return rows.list_sessions(conn)


def show_session(svc: Service, session_id: str) -> SessionView:
    """Return a class with its people and attempts. Raises NotFound."""
    with svc.store.reading() as conn:
        session = rows.find_session(conn, session_id)
        if session is None:
            raise NotFound
        found = rows.attempts(conn, session_id)
        seats = tuple((one, rows.seats(conn, one.id)) for one in found)
        return SessionView(session, rows.participants(conn, session_id), seats)


def add_trainee(
    svc: Service, trainer: Reader, session_id: str, *, pseudonym: str, password_hash: str | None
) -> Participant:
    """Add somebody to a class by pseudonym; who trained here before keeps the account, and so the progress.

    The password is kept for a new account only. Raises InvalidAnswers.
    """
    _only_in_sandbox(svc, trainer)
    session = _session(svc, session_id)
    name = " ".join(pseudonym.split())
    username = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not username or len(name) > 60:
        raise InvalidAnswers({"pseudonym": "Enter a pseudonym of letters or digits, at most 60 characters."})
    known = accounts.account_by_username(svc, username)
    if known is not None and "trainee" not in {role for role, _ in known.roles}:
        raise InvalidAnswers({"pseudonym": "This pseudonym is taken. Choose another."})
    account = known or accounts.add_account(
        svc,
        username=username,
        person_name=name,
        password_hash=password_hash,
        office=session.office_id,
        roles=["trainee"],
        by=trainer.user,
    )
    with svc.store.writing() as conn:
        here = next((p for p in rows.participants(conn, session_id) if p.account == account.id), None)
        one = here or Participant(session_id, account.id, name)
        rows.put_participant(conn, one)
    return one


def hand_out(svc: Service, trainer: Reader, session_id: str, *, pack: str, seats: Mapping[str, str]) -> Attempt:
    """Hand a scenario to a trainee or a team: role in the exercise → account of the trainee who sits there.

    Roles that nobody gets are played by the script. Each attempt is an office of its own, with an account a seat.
    Raises InvalidAnswers, NotFound.
    """
    _only_in_sandbox(svc, trainer)
    session = _session(svc, session_id)
    scenario = pack_of(svc, pack)
    with svc.store.reading() as conn:
        here = {one.account: one for one in rows.participants(conn, session_id)}
    given = {role: who for role, who in seats.items() if who}
    wrong: dict[str, str] = {}
    for role, who in given.items():
        if role not in scenario.team:
            wrong[role] = f"This scenario has no role {role}. Choose one of {', '.join(scenario.team)}."
        elif who not in here:
            wrong[role] = "Choose somebody of this class."
    if not given:
        wrong["seats"] = "Give at least one role to somebody."
    if wrong:
        raise InvalidAnswers(wrong)
    attempt_id = svc.ids()
    office = accounts.add_office(
        svc,
        code=f"T{attempt_id[:8].upper()}",
        name=f"Training: {scenario.title}",
        country="XXA",
        time_zone=svc.current.calendar.time_zone,
    )
    room = first_room(svc, pack)
    attempt = Attempt(
        id=attempt_id,
        session_id=session.id,
        pack=pack,
        office_id=office.id,
        case_id=None,
        status="handed",
        clock_offset=0,
        room=room_as_json(room),
        from_attempt=None,
        from_seq=None,
        handed_at=svc.clock(),
    )
    made: list[Seat] = []
    for role, people in scenario.team.items():
        trainee = given.get(role)
        title = f"{here[trainee].pseudonym} ({_words(role)})" if trainee else f"{_words(role).capitalize()} (script)"
        roles = frozenset(one for person in people for one in scenario.people[person])
        made.append(Seat(attempt_id, role, _seat_account(svc, attempt, role, title, roles, trainer), trainee))
    for person, person_roles in scenario.people.items():
        if not scenario.team_of(person):
            title = f"{person.capitalize()} (script)"
            account = _seat_account(svc, attempt, person, title, frozenset(person_roles), trainer)
            made.append(Seat(attempt_id, person, account, None))
    with svc.store.writing() as conn:
        rows.add_attempt(conn, attempt)
        for seat in made:
            rows.put_seat(conn, seat)
        busy = {one.id for one in rows.attempts(conn, session_id) if one.status == "running"}
        for role, who in given.items():
            # Who is in the middle of another exercise stays there until they choose this one.
            if here[who].attempt_id not in busy:
                rows.sit(conn, session.id, who, attempt_id=attempt_id, role=role)
    return attempt


def first_room(svc: Service, pack: str) -> Room:
    """Return the room as the trainee finds it: everybody of the story is in it, and nobody interprets yet."""
    cast = pack_of(svc, pack).cast.values()
    return Room(present=tuple(one.id for one in cast if one.role not in ("applicant", "interpreter")))


def room_as_json(room: Room) -> dict[str, object]:
    """Return a room as it is kept."""
    return {
        "present": list(room.present),
        "interpreter": room.interpreter,
        "officer_as_asked": room.officer_as_asked,
    }


def _seat_account(svc: Service, attempt: Attempt, role: str, title: str, roles: frozenset[str], trainer: Reader) -> str:
    made = accounts.add_account(
        svc,
        username=f"{role}.{attempt.id[:12]}",
        person_name=title,
        password_hash=None,
        office=attempt.office_id,
        roles=roles,
        by=trainer.user,
    )
    return made.id


def pause(svc: Service, trainer: Reader, session_id: str) -> None:
    """Stop the time of a class; nothing can be done in it meanwhile."""
    _only_in_sandbox(svc, trainer)
    if _session(svc, session_id).paused_at is None:
        _change(svc, session_id, paused_at=svc.clock())


def resume(svc: Service, trainer: Reader, session_id: str) -> None:
    """Let a class go on: for the story no time has passed."""
    _only_in_sandbox(svc, trainer)
    session = _session(svc, session_id)
    if session.paused_at is None:
        return
    stood = int((svc.clock() - session.paused_at).total_seconds())
    with svc.store.writing() as conn:
        for attempt in rows.attempts(conn, session_id):
            if attempt.status == "running":
                rows.move_clock(conn, attempt.id, -stood)
        rows.change_session(conn, session_id, paused_at=None)


def set_hints(svc: Service, trainer: Reader, session_id: str, *, hints: bool) -> None:
    """Show or hide what comes next on the pages of trainees."""
    _only_in_sandbox(svc, trainer)
    _session(svc, session_id)
    _change(svc, session_id, hints=hints)


def set_pace(svc: Service, trainer: Reader, session_id: str, *, pace: str) -> None:
    """Let everybody pass time alone (own), or only the trainer for all (together). Raises InvalidAnswers."""
    _only_in_sandbox(svc, trainer)
    _session(svc, session_id)
    if pace not in PACES:
        raise InvalidAnswers({"pace": "Choose own or together."})
    _change(svc, session_id, pace=pace)


def close_session(svc: Service, trainer: Reader, session_id: str) -> None:
    """End a class. What was done stays for the debrief."""
    _only_in_sandbox(svc, trainer)
    if _session(svc, session_id).closed_at is None:
        _change(svc, session_id, closed_at=svc.clock())


def travel(svc: Service, trainer: Reader, session_id: str, length: str) -> int:
    """Let time pass in every running attempt of a class, and everything that falls due by then happen.

    ``length`` is written as in the procedures: 14 days, 3 working days, 6 hours. Returns how many cases changed.
    Raises InvalidAnswers.
    """
    _only_in_sandbox(svc, trainer)
    session = _session(svc, session_id)
    if session.closed_at is not None:
        raise InvalidAnswers({"length": "This class is over."})
    with svc.store.reading() as conn:
        running = [one for one in rows.attempts(conn, session_id) if one.status == "running"]
    return sum(travel_attempt(svc, session, one, length) for one in running)


def travel_attempt(svc: Service, session: Session, attempt: Attempt, length: str) -> bool:
    """Let time pass in one attempt. Returns whether its case changed. Raises InvalidAnswers."""
    try:
        parsed = Length.parse(" ".join(length.split()))
        now = scenario_now(svc, session, attempt)
        later = time_later(parsed, now, svc.current.calendar)
    except (ValueError, OverflowError):
        raise InvalidAnswers({"length": "Write a length such as 14 days, 3 working days or 6 hours."}) from None
    if not timedelta() < later - now <= LONGEST_JUMP:
        raise InvalidAnswers({"length": "Let at least an hour and at most three years pass at once."})
    seconds = int((later - now).total_seconds())
    with svc.store.writing() as conn:
        rows.move_clock(conn, attempt.id, seconds)
    moved = replace(attempt, clock_offset=attempt.clock_offset + seconds)
    return wake_attempt(svc, session, moved)


def wake_attempt(svc: Service, session: Session, attempt: Attempt) -> bool:
    """Let everything that fell due in one attempt happen. Returns whether its case changed."""
    if attempt.case_id is None or attempt.status != "running":
        return False
    return wake(at_attempt(svc, session, attempt, by_script=True), attempt.case_id)


def sweep_training(svc: Service) -> int:
    """Let what fell due by the time of each story happen; paused classes stand still. Safe to repeat."""
    with svc.store.reading() as conn:
        running = rows.running_attempts(conn)
        sessions = {one.id: one for one in rows.list_sessions(conn)}
    going = [one for one in running if (s := sessions[one.session_id]).paused_at is None and s.closed_at is None]
    return sum(wake_attempt(svc, sessions[one.session_id], one) for one in going)


def begins_at(svc: Service, pack: str) -> datetime:
    """Return the instant at which the story of a pack begins."""
    written = datetime.fromisoformat(pack_of(svc, pack).at)
    return written.replace(tzinfo=ZoneInfo(svc.current.calendar.time_zone)).astimezone(UTC)


def _only_in_sandbox(svc: Service, trainer: Reader) -> None:
    """Raise NotFound outside a sandbox, and for who is no trainer: for them there is no such thing."""
    if not svc.is_training or "trainer" not in trainer.roles:
        raise NotFound


def _session(svc: Service, session_id: str) -> Session:
    with svc.store.reading() as conn:
        found = rows.find_session(conn, session_id)
    if found is None:
        raise NotFound
    return found


def _change(svc: Service, session_id: str, **values: object) -> None:
    with svc.store.writing() as conn:
        rows.change_session(conn, session_id, **values)


def _words(role: str) -> str:
    return role.replace("_", " ")
