"""Grading an attempt: the pure grading over its log, its refusals, its conversation, and what trainers scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import OUTSIDE, log_of
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.figures import figures_of
from sop_engine.service.training.talk import conversation
from sop_engine.service.views import Reader
from sop_engine.store import cases
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt
from sop_engine.training.acts import Act
from sop_engine.training.grade import Grading, grade
from sop_engine.training.trace import Refused, Trace, trace_of


@dataclass(frozen=True, slots=True)
class GivenScore:
    """What one trainer gave for one criterion."""

    criterion: str
    rater: str
    points: int
    note: str


def grading_of(svc: Service, attempt_id: str, *, language: str = "en") -> Grading:
    """Return how an attempt is graded as it stands now; nobody is stopped by it. Raises NotFound."""
    attempt, _ = attempt_and_session(svc, attempt_id)
    pack = pack_of(svc, attempt.pack, language)
    profile = svc.current.national.iso3 if svc.current.national else ""
    given = scores_of(svc, attempt_id)
    return grade(
        svc.current,
        pack,
        trace(svc, attempt),
        svc.library.parts,
        profile=profile,
        scores=mean_scores(given),
        minutes=minutes_of(svc, attempt),
    )


def trace(svc: Service, attempt: Attempt) -> Trace:
    """Return everything that an attempt left behind."""
    with svc.store.reading() as conn:
        head = cases.find_head(conn, attempt.case_id) if attempt.case_id else None
        refusals = rows.refusals(conn, attempt.id)
        injected = tuple(one.inject for one in rows.news(conn, attempt.id) if one.inject)
        outside = [seat.account for seat in rows.seats(conn, attempt.id) if seat.role == OUTSIDE]
    return trace_of(
        svc.current,
        attempt.case_id or "",
        head.office_id if head else "",
        log_of(svc, attempt),
        refusals=[Refused(Act(r.verb, r.name, r.key), r.codes, r.told, r.account, r.seq) for r in refusals],
        exchanges=conversation(svc, attempt.id),
        injected=injected,
        outside=outside,
    )


def minutes_of(svc: Service, attempt: Attempt) -> int | None:
    """Return how long an attempt took, or has taken until now, by the clock on the wall."""
    if attempt.started_at is None:
        return None
    return int(((attempt.finished_at or svc.clock()) - attempt.started_at).total_seconds() // 60)


def score(svc: Service, trainer: Reader, attempt_id: str, *, criterion: str, points: int, note: str = "") -> None:
    """Give points for a criterion that needs judgement; each trainer scores alone. Raises InvalidAnswers, NotFound."""
    if not svc.is_training or "trainer" not in trainer.roles:
        raise NotFound
    attempt, _ = attempt_and_session(svc, attempt_id)
    one = pack_of(svc, attempt.pack).rubric.get(criterion)
    if one is None or one.is_automatic:
        raise InvalidAnswers({"criterion": "Choose a criterion that a trainer scores."})
    if not 0 <= points <= one.points:
        raise InvalidAnswers({"points": f"Give from 0 to {one.points} points."})
    if len(note) > 1000:
        raise InvalidAnswers({"note": "Write at most 1000 characters."})
    with svc.store.writing() as conn:
        rows.put_score(conn, rows.Score(attempt_id, criterion, trainer.user, points, note.strip() or None, svc.clock()))
    if attempt.status == "finished":
        _keep_figures(svc, attempt_id)


def scores_of(svc: Service, attempt_id: str) -> tuple[GivenScore, ...]:
    """Return what trainers gave, by criterion and rater."""
    with svc.store.reading() as conn:
        return tuple(
            GivenScore(one.criterion, one.rater, one.points, one.note or "") for one in rows.scores(conn, attempt_id)
        )


def mean_scores(given: tuple[GivenScore, ...]) -> Mapping[str, int]:
    """Return the mean of the points of all raters, rounded to whole points, by criterion."""
    by_criterion: dict[str, list[int]] = defaultdict(list)
    for one in given:
        by_criterion[one.criterion].append(one.points)
    return {name: round(sum(points) / len(points)) for name, points in by_criterion.items()}


def finish(svc: Service, attempt_id: str, *, account_id: str | None = None) -> Grading:
    """End an attempt and keep its figures. A trainee may end their own; a trainer's page names no account.

    Ending twice changes nothing. Raises NotFound.
    """
    attempt, _ = attempt_and_session(svc, attempt_id)
    if account_id is not None:
        with svc.store.reading() as conn:
            if not any(seat.trainee == account_id for seat in rows.seats(conn, attempt_id)):
                raise NotFound
    if attempt.status == "running":
        with svc.store.writing() as conn:
            rows.change_attempt(conn, attempt_id, status="finished", finished_at=svc.clock())
        _keep_figures(svc, attempt_id)
    return grading_of(svc, attempt_id)


def _keep_figures(svc: Service, attempt_id: str) -> None:
    figures: dict[str, Any] = figures_of(grading_of(svc, attempt_id))
    with svc.store.writing() as conn:
        rows.change_attempt(conn, attempt_id, figures=figures)
