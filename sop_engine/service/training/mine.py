"""What a trainee has in hand, and the points of an attempt from which it can be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sop_engine.service.errors import NotFound
from sop_engine.service.find_case import list_cases
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import keep_case, log_of
from sop_engine.service.training.desk import Desk, attempt_and_session
from sop_engine.service.views import Reader
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Session
from sop_engine.training.acts import acts_of_log
from sop_engine.training.grade import title_of
from sop_engine.training.model import Pack


@dataclass(frozen=True, slots=True)
class InHand:
    """One seat of one attempt of a trainee, with its scenario and class."""

    attempt: Attempt
    session: Session
    pack: Pack
    role: str


@dataclass(frozen=True, slots=True)
class Point:
    """An entry of the case of an attempt after which somebody may try again."""

    seq: int
    title: str
    at: datetime


def in_hand(svc: Service, account_id: str, *, language: str = "en") -> tuple[InHand, ...]:
    """Return everything that a trainee was handed, the newest first."""
    with svc.store.reading() as conn:
        found = rows.attempts_of(conn, account_id)
        sessions = {one.id: one for one in rows.list_sessions(conn)}
    return tuple(
        InHand(attempt, sessions[attempt.session_id], svc.library.packs[attempt.pack].in_language(language), role)
        for attempt, role in reversed(found)
        if attempt.session_id in sessions and attempt.pack in svc.library.packs
    )


def roles_of(svc: Service, account_id: str, attempt_id: str) -> tuple[str, ...]:
    """Return the roles in which a trainee sits at an attempt; none for an attempt of somebody else."""
    with svc.store.reading() as conn:
        return tuple(one.role for one in rows.seats(conn, attempt_id) if one.trainee == account_id)


def pseudonym_of(svc: Service, account_id: str) -> str:
    """Return the newest pseudonym of a trainee. Raises NotFound for who was never in a class."""
    with svc.store.reading() as conn:
        found = rows.participations_of(conn, account_id)
    if not found:
        raise NotFound
    return found[0].pseudonym


def team_of(svc: Service, attempt_id: str) -> tuple[tuple[str, str], ...]:
    """Return (pseudonym, role) of everybody who sits at an attempt. Raises NotFound."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    with svc.store.reading() as conn:
        names = {one.account: one.pseudonym for one in rows.participants(conn, attempt.session_id)}
        seats = rows.seats(conn, attempt_id)
    return tuple((names.get(one.trainee, ""), one.role) for one in seats if one.trainee is not None)


def points_of(svc: Service, attempt_id: str) -> tuple[Point, ...]:
    """Return the points from which an attempt can be tried again, the oldest first; titles are in English."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    log = log_of(svc, attempt)
    return tuple(Point(event.seq, title_of(svc.current, act.name), event.at) for act, event in acts_of_log(log))


def found_case(svc: Service, desk: Desk) -> str | None:
    """Return the case of an attempt; the one that the team opened itself is kept as its case from then on.

    Each attempt is an office of its own, so the case there is that of the attempt, whoever opened it.
    """
    if desk.attempt.case_id is not None or desk.attempt.status != "running":
        return desk.attempt.case_id
    everybody = Reader(
        user=desk.reader.user, name=desk.reader.name, roles=frozenset(svc.current.roles), office=desk.attempt.office_id
    )
    listed = list_cases(desk.service, everybody, page_size=1).rows
    if not listed:
        return None
    keep_case(svc, desk.attempt.id, listed[0].case_id)
    return listed[0].case_id
