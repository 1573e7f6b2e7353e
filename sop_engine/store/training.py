"""Classes and attempts of the sandbox in the store: rows in, rows out; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from sop_engine.store import training_tables as t
from sop_engine.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Session:
    """A class: who trains, at which pace, whether it is paused or over."""

    id: str
    title: str
    trainer: str
    office_id: str
    pace: str
    hints: bool
    opened_at: datetime
    paused_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A trainee in a class, by pseudonym, and where they work now."""

    session_id: str
    account: str
    pseudonym: str
    attempt_id: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One scenario in the hands of one team. ``status``: handed, running or finished."""

    id: str
    session_id: str
    pack: str
    office_id: str
    case_id: str | None
    status: str
    clock_offset: int
    room: Mapping[str, Any]
    from_attempt: str | None
    from_seq: int | None
    handed_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    figures: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One role of an attempt: the account that acts, and the trainee who sits there (None: the script plays)."""

    attempt_id: str
    role: str
    account: str
    trainee: str | None


@dataclass(frozen=True, slots=True)
class RefusalRow:
    id: str
    attempt_id: str
    verb: str
    name: str
    key: str | None
    codes: tuple[str, ...]
    told: str
    account: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    id: str
    attempt_id: str
    account: str
    asked: str
    reply: Mapping[str, Any]
    room: Mapping[str, Any]
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NewsRow:
    """Something a trainer dropped into an attempt: an inject of the pack, or own words."""

    id: str
    attempt_id: str
    inject: str
    words: Mapping[str, Any]
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    attempt_id: str
    criterion: str
    rater: str
    points: int
    note: str | None
    at: datetime


def add_session(conn: Connection, one: Session) -> None:
    conn.execute(insert(t.training_session), _values(one))


def find_session(conn: Connection, session_id: str) -> Session | None:
    row = conn.execute(select(t.training_session).where(t.training_session.c.id == session_id)).one_or_none()
    return None if row is None else Session(**row._mapping)


def list_sessions(conn: Connection, *, trainer: str | None = None) -> tuple[Session, ...]:
    """Return classes, the newest first: those of one trainer, or all."""
    wanted = select(t.training_session).order_by(t.training_session.c.opened_at.desc(), t.training_session.c.id)
    if trainer is not None:
        wanted = wanted.where(t.training_session.c.trainer == trainer)
    return tuple(Session(**row._mapping) for row in conn.execute(wanted))


def change_session(conn: Connection, session_id: str, **values: Any) -> None:
    conn.execute(update(t.training_session).where(t.training_session.c.id == session_id).values(**values))


def put_participant(conn: Connection, one: Participant) -> None:
    upsert(conn, t.training_participant, [_values(one)])


def participants(conn: Connection, session_id: str) -> tuple[Participant, ...]:
    wanted = select(t.training_participant).where(t.training_participant.c.session_id == session_id)
    ordered = wanted.order_by(t.training_participant.c.pseudonym)
    return tuple(Participant(**row._mapping) for row in conn.execute(ordered))


def participations_of(conn: Connection, account: str) -> tuple[Participant, ...]:
    """Return the classes a person is in, the newest first."""
    both = t.training_participant.join(
        t.training_session, t.training_participant.c.session_id == t.training_session.c.id
    )
    wanted = select(t.training_participant).select_from(both).where(t.training_participant.c.account == account)
    return tuple(
        Participant(**row._mapping) for row in conn.execute(wanted.order_by(t.training_session.c.opened_at.desc()))
    )


def sit(conn: Connection, session_id: str, account: str, *, attempt_id: str | None, role: str | None) -> None:
    """Note where somebody of a class works now; None for nowhere."""
    mine = t.training_participant.c
    wanted = update(t.training_participant).where(mine.session_id == session_id, mine.account == account)
    conn.execute(wanted.values(attempt_id=attempt_id, role=role))


def add_attempt(conn: Connection, one: Attempt) -> None:
    conn.execute(insert(t.training_attempt), _values(one))


def find_attempt(conn: Connection, attempt_id: str) -> Attempt | None:
    row = conn.execute(select(t.training_attempt).where(t.training_attempt.c.id == attempt_id)).one_or_none()
    return None if row is None else Attempt(**row._mapping)


def attempts(conn: Connection, session_id: str) -> tuple[Attempt, ...]:
    wanted = select(t.training_attempt).where(t.training_attempt.c.session_id == session_id)
    ordered = wanted.order_by(t.training_attempt.c.handed_at, t.training_attempt.c.id)
    return tuple(Attempt(**row._mapping) for row in conn.execute(ordered))


def running_attempts(conn: Connection) -> tuple[Attempt, ...]:
    wanted = select(t.training_attempt).where(t.training_attempt.c.status == "running")
    return tuple(Attempt(**row._mapping) for row in conn.execute(wanted))


def attempts_of(conn: Connection, trainee: str) -> tuple[tuple[Attempt, str], ...]:
    """Return every attempt a trainee sits at, with the role, the oldest first."""
    both = t.training_seat.join(t.training_attempt, t.training_seat.c.attempt_id == t.training_attempt.c.id)
    wanted = select(t.training_attempt, t.training_seat.c.role).select_from(both)
    mine = wanted.where(t.training_seat.c.trainee == trainee)
    found = conn.execute(mine.order_by(t.training_attempt.c.handed_at, t.training_attempt.c.id, t.training_seat.c.role))
    return tuple((Attempt(**{k: v for k, v in row._mapping.items() if k != "role"}), row.role) for row in found)


def change_attempt(conn: Connection, attempt_id: str, **values: Any) -> None:
    conn.execute(update(t.training_attempt).where(t.training_attempt.c.id == attempt_id).values(**values))


def move_clock(conn: Connection, attempt_id: str, seconds: int) -> None:
    """Move the scenario time of an attempt forward (or, after a pause, back to where it stood)."""
    mine = t.training_attempt.c
    moved = mine.clock_offset + seconds
    conn.execute(update(t.training_attempt).where(mine.id == attempt_id).values(clock_offset=moved))


def put_seat(conn: Connection, one: Seat) -> None:
    upsert(conn, t.training_seat, [_values(one)])


def seats(conn: Connection, attempt_id: str) -> tuple[Seat, ...]:
    wanted = select(t.training_seat).where(t.training_seat.c.attempt_id == attempt_id)
    return tuple(Seat(**row._mapping) for row in conn.execute(wanted.order_by(t.training_seat.c.role)))


def add_refusal(conn: Connection, one: RefusalRow) -> None:
    at = _behind(conn, t.training_refusal, one.attempt_id, one.at)
    conn.execute(insert(t.training_refusal), {**_values(one), "codes": list(one.codes), "at": at})


def refusals(conn: Connection, attempt_id: str) -> tuple[RefusalRow, ...]:
    wanted = select(t.training_refusal).where(t.training_refusal.c.attempt_id == attempt_id)
    found = conn.execute(wanted.order_by(t.training_refusal.c.at, t.training_refusal.c.id))
    return tuple(RefusalRow(**{**row._mapping, "codes": tuple(row.codes)}) for row in found)


def add_exchange(conn: Connection, one: ExchangeRow) -> None:
    at = _behind(conn, t.training_exchange, one.attempt_id, one.at)
    conn.execute(insert(t.training_exchange), {**_values(one), "at": at})


def exchanges(conn: Connection, attempt_id: str) -> tuple[ExchangeRow, ...]:
    wanted = select(t.training_exchange).where(t.training_exchange.c.attempt_id == attempt_id)
    found = conn.execute(wanted.order_by(t.training_exchange.c.at, t.training_exchange.c.id))
    return tuple(ExchangeRow(**row._mapping) for row in found)


def add_news(conn: Connection, one: NewsRow) -> None:
    conn.execute(
        insert(t.training_news), {**_values(one), "at": _behind(conn, t.training_news, one.attempt_id, one.at)}
    )


def news(conn: Connection, attempt_id: str) -> tuple[NewsRow, ...]:
    wanted = select(t.training_news).where(t.training_news.c.attempt_id == attempt_id)
    found = conn.execute(wanted.order_by(t.training_news.c.at, t.training_news.c.id))
    return tuple(NewsRow(**row._mapping) for row in found)


def put_score(conn: Connection, one: Score) -> None:
    upsert(conn, t.training_score, [_values(one)])


def scores(conn: Connection, attempt_id: str) -> tuple[Score, ...]:
    wanted = select(t.training_score).where(t.training_score.c.attempt_id == attempt_id)
    ordered = wanted.order_by(t.training_score.c.criterion, t.training_score.c.rater)
    return tuple(Score(**row._mapping) for row in conn.execute(ordered))


def _behind(conn: Connection, table: Table, attempt_id: str, at: datetime) -> datetime:
    """Return an instant behind everything of this kind in the attempt: what is told in order was written in order."""
    last = conn.execute(select(func.max(table.c.at)).where(table.c.attempt_id == attempt_id)).scalar_one()
    return at if last is None or at > last else last + timedelta(microseconds=1)


def _values(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
