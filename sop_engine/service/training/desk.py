"""A desk of the sandbox: one seat of one attempt, with its own clock, its own office and a memory for refusals.

The ordinary use cases and pages work at a desk as they work in an office; they never learn that it is an exercise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.training.rehearse_pack import refused_of
from sop_engine.service.views import Reader
from sop_engine.store import accounts, cases
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Seat, Session
from sop_engine.training.acts import act_of_event
from sop_engine.training.model import Pack
from sop_engine.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a trainee works now. ``service`` has the time of the scenario; ``reader`` is the seat, not the trainee."""

    service: Service
    reader: Reader
    attempt: Attempt
    session: Session
    role: str
    pack: Pack

    @property
    def hints(self) -> bool:
        return self.session.hints

    @property
    def is_paused(self) -> bool:
        return self.session.paused_at is not None


def desk_of(svc: Service, account_id: str, *, language: str = "en") -> Desk | None:
    """Return the desk at which a trainee sat down last, in a class that is not over, or None."""
    with svc.store.reading() as conn:
        for mine in rows.participations_of(conn, account_id):
            session = rows.find_session(conn, mine.session_id)
            if session is None or session.closed_at is not None or mine.attempt_id is None or mine.role is None:
                continue
            attempt = rows.find_attempt(conn, mine.attempt_id)
            seat = next((s for s in rows.seats(conn, mine.attempt_id) if s.role == mine.role), None)
            if attempt is None or seat is None or seat.trainee != account_id:
                continue
            if attempt.pack in svc.library.packs:
                return Desk(
                    service=at_attempt(svc, session, attempt),
                    reader=reader_of_seat(svc, seat, attempt, language=language),
                    attempt=attempt,
                    session=session,
                    role=seat.role,
                    pack=pack_of(svc, attempt.pack, language),
                )
    return None


def sit_down(svc: Service, account_id: str, attempt_id: str, role: str) -> None:
    """Choose the seat to work at. Raises NotFound for a seat of somebody else."""
    with svc.store.writing() as conn:
        attempt = rows.find_attempt(conn, attempt_id)
        seat = next((s for s in rows.seats(conn, attempt_id) if s.role == role), None)
        if attempt is None or seat is None or seat.trainee != account_id:
            raise NotFound
        # Nobody works at two desks: in another class that is still open they have stood up.
        for elsewhere in rows.participations_of(conn, account_id):
            if elsewhere.session_id != attempt.session_id:
                rows.sit(conn, elsewhere.session_id, account_id, attempt_id=None, role=None)
        rows.sit(conn, attempt.session_id, account_id, attempt_id=attempt_id, role=role)


def pack_of(svc: Service, name: str, language: str = "en") -> Pack:
    """Return a pack of the library in a language. Raises NotFound."""
    found = svc.library.packs.get(name)
    if found is None:
        raise NotFound
    return found.in_language(language)


def scenario_now(svc: Service, session: Session, attempt: Attempt) -> datetime:
    """Return the time of the scenario: it begins with the story, and stands still while the class is paused."""
    stands = attempt.finished_at or session.closed_at or session.paused_at or svc.clock()
    return stands + timedelta(seconds=attempt.clock_offset)


def at_attempt(svc: Service, session: Session, attempt: Attempt, *, by_script: bool = False) -> Service:
    """Return the use cases' surroundings within an attempt: its time, and a memory for what the engine refuses."""
    hold = ""
    if attempt.status == "finished" or session.closed_at is not None:
        hold = "This exercise is over. Nothing more can be done in it."
    elif session.paused_at is not None and not by_script:
        hold = "The trainer has paused the class. Wait until it goes on."

    def clock() -> datetime:
        return scenario_now(svc, session, attempt)

    def refused(case_id: str, event: Event, reason: NotOffered | InvalidAnswers) -> None:
        remember_refusal(svc, attempt, case_id, event, reason)

    return replace(svc, clock=clock, hold=hold, refused=None if by_script else refused)


def remember_refusal(
    svc: Service, attempt: Attempt, case_id: str, event: Event, reason: NotOffered | InvalidAnswers
) -> None:
    """Keep what the engine refused: the grading shows which safeguard had to step in."""
    with svc.store.writing() as conn:
        head = cases.find_head(conn, case_id)
        if head is None or attempt.case_id not in (None, case_id):
            return
        act = act_of_event(svc.load(conn, head), event)
        if act is None:
            return
        found = refused_of(act, reason, by=event.by.user, seq=head.seq)
        rows.add_refusal(
            conn,
            rows.RefusalRow(
                id=svc.ids(),
                attempt_id=attempt.id,
                verb=act.verb,
                name=act.name,
                key=act.key,
                codes=found.codes,
                told=found.told[:2000],
                account=found.by,
                seq=found.seq,
                at=svc.clock(),
            ),
        )


def reader_of_seat(svc: Service, seat: Seat, attempt: Attempt, *, language: str = "en") -> Reader:
    """Return who acts from a seat: an account of the seat with the roles of the people it plays."""
    with svc.store.reading() as conn:
        found = accounts.find_account(conn, seat.account)
    if found is None:
        raise NotFound
    office = attempt.office_id
    roles = found.roles_in(office) or frozenset(role for role, _ in found.roles)
    return Reader(user=found.id, name=found.person_name, roles=roles, office=office, language=language)


def attempt_and_session(svc: Service, attempt_id: str) -> tuple[Attempt, Session]:
    """Return an attempt with its class. Raises NotFound."""
    with svc.store.reading() as conn:
        attempt = rows.find_attempt(conn, attempt_id)
        session = rows.find_session(conn, attempt.session_id) if attempt else None
    if attempt is None or session is None:
        raise NotFound
    return attempt, session
