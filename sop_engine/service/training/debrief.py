"""The debrief of a class: every grading, what was missed by how many, how committees and trainers agree, progress."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sop_engine.service.service import Service
from sop_engine.service.training.desk import pack_of
from sop_engine.service.training.figures import figures_of, grading_as_json
from sop_engine.service.training.grading import grading_of, scores_of, trace
from sop_engine.service.training.sessions import show_session
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Session
from sop_engine.training.classes import Agreement, HeatCell, Spread, agreement, fleiss_kappa, heat, spreads
from sop_engine.training.grade import Grading
from sop_engine.training.trace import Trace


@dataclass(frozen=True, slots=True)
class AttemptDebrief:
    """One attempt in the debrief."""

    attempt: Attempt
    who: tuple[tuple[str, str], ...]
    """(pseudonym, role in the exercise)."""
    grading: Grading


@dataclass(frozen=True, slots=True)
class PackDebrief:
    """All attempts at one pack, side by side."""

    pack: str
    title: str
    attempts: int
    missed: tuple[HeatCell, ...]
    mistakes: tuple[HeatCell, ...]
    agreement: tuple[Agreement, ...]
    """On the outcome, and on each question of a panel that several committees voted on."""
    kappa: float | None
    """Fleiss' kappa of the committees over the questions that all of them decided."""


@dataclass(frozen=True, slots=True)
class ClassDebrief:
    """The debrief of a class."""

    session: Session
    attempts: tuple[AttemptDebrief, ...]
    packs: tuple[PackDebrief, ...]
    spread: tuple[Spread, ...]
    """Where two trainers or more scored the same criterion."""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One finished attempt of a trainee, for the progress over months."""

    on: datetime
    session_title: str
    pack_title: str
    level: str
    role: str
    points: int
    possible: int
    missed: int
    mistakes: int
    unsafe: int
    outcome_reached: bool


def debrief_session(svc: Service, session_id: str, *, language: str = "en") -> ClassDebrief:
    """Return the debrief of a class. Raises NotFound."""
    view = show_session(svc, session_id)
    names = {one.account: one.pseudonym for one in view.participants}
    found: list[AttemptDebrief] = []
    traces: dict[str, Trace] = {}
    points: dict[tuple[str, str], list[int]] = defaultdict(list)
    for attempt, seats in view.attempts:
        if attempt.status == "handed":
            continue
        who = tuple((names.get(s.trainee, ""), s.role) for s in seats if s.trainee is not None)
        found.append(AttemptDebrief(attempt, who, grading_of(svc, attempt.id, language=language)))
        traces[attempt.id] = trace(svc, attempt)
        for given in scores_of(svc, attempt.id):
            points[(attempt.id, given.criterion)].append(given.points)
    packs = tuple(
        _pack(svc, name, [one for one in found if one.attempt.pack == name], traces, language)
        for name in dict.fromkeys(one.attempt.pack for one in found)
    )
    return ClassDebrief(view.session, tuple(found), packs, spreads(points))


def _pack(svc: Service, name: str, found: list[AttemptDebrief], traces: dict[str, Trace], language: str) -> PackDebrief:
    pack = pack_of(svc, name, language)
    outcomes: list[str] = []
    votes: dict[str, list[str]] = defaultdict(list)
    for one in found:
        case = traces[one.attempt.id].case
        outcomes.append("as expected" if one.grading.outcome_reached else "otherwise")
        for proceeding in case.proceedings:
            for ballot in proceeding.ballots.values():
                decided: dict[str, list[str]] = defaultdict(list)
                for (question, _), vote in ballot.votes.items():
                    decided[question].append(vote)
                for question, given in decided.items():
                    result = "yes" if given.count("yes") * 2 > len(given) else "no"
                    votes[f"{proceeding.machine}: {question}"].append(result)
    # Kappa compares committees over questions that all of them decided.
    common = [given for given in votes.values() if len(given) == len(found)]
    return PackDebrief(
        pack=name,
        title=pack.title,
        attempts=len(found),
        missed=heat(
            [[m.id for m in one.grading.missed] for one in found], {i.id: i.text for i in pack.indicators.values()}
        ),
        mistakes=heat(
            [[m.id for m in one.grading.mistakes] for one in found], {m.id: m.text for m in pack.mistakes.values()}
        ),
        agreement=(agreement("outcome", outcomes), *(agreement(name, given) for name, given in votes.items())),
        kappa=fleiss_kappa(common),
    )


def debrief_as_json(found: ClassDebrief) -> dict[str, Any]:
    """Return the debrief as plain values. It says that it comes from a sandbox."""
    return {
        "instance": "training",
        "session": {
            "id": found.session.id,
            "title": found.session.title,
            "opened_at": found.session.opened_at.isoformat(),
            "closed_at": found.session.closed_at.isoformat() if found.session.closed_at else None,
        },
        "attempts": [
            {
                "attempt": one.attempt.id,
                "status": one.attempt.status,
                "from_attempt": one.attempt.from_attempt,
                "from_seq": one.attempt.from_seq,
                "who": [{"pseudonym": name, "role": role} for name, role in one.who],
                "grading": grading_as_json(one.grading),
            }
            for one in found.attempts
        ],
        "packs": [
            {
                "pack": one.pack,
                "title": one.title,
                "attempts": one.attempts,
                "missed": [_cell(cell) for cell in one.missed],
                "mistakes": [_cell(cell) for cell in one.mistakes],
                "agreement": [
                    {"question": a.question, "answers": dict(a.answers), "pairs_alike": a.pairs_alike}
                    for a in one.agreement
                ],
                "kappa": one.kappa,
            }
            for one in found.packs
        ],
        "spread": [
            {
                "attempt": one.attempt,
                "criterion": one.criterion,
                "points": list(one.points),
                "width": one.width,
                "deviation": one.deviation,
            }
            for one in found.spread
        ],
    }


def _cell(cell: HeatCell) -> dict[str, Any]:
    return {"id": cell.id, "text": cell.text, "count": cell.count, "of": cell.of}


CSV_COLUMNS = (
    "session", "pseudonym", "role", "pack", "level", "status", "outcome_reached", "points", "possible", "missed",
    "mistakes", "skipped", "added", "late", "refusals", "safeguards", "asked", "unsafe", "minutes",
)  # fmt: skip


def debrief_csv(found: ClassDebrief) -> str:
    """Return one line a seat of each attempt, for a spreadsheet; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in found.attempts:
        figures = figures_of(one.grading)
        counted = {name: len(figures[name]) for name in ("missed", "mistakes")}
        for pseudonym, role in one.who:
            line = {
                **figures,
                **counted,
                "session": found.session.title,
                "pseudonym": pseudonym,
                "role": role,
                "status": one.attempt.status,
                "outcome_reached": "yes" if figures["outcome_reached"] else "no",
            }
            writer.writerow([_cell_of_csv(line[name]) for name in CSV_COLUMNS])
    return out.getvalue()


def _cell_of_csv(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def progress_of(svc: Service, account_id: str, *, language: str = "en") -> tuple[ProgressRow, ...]:
    """Return what a trainee has finished, the oldest first, from all classes: progress over months, by pseudonym."""
    with svc.store.reading() as conn:
        found = rows.attempts_of(conn, account_id)
        titles = {one.id: one.title for one in rows.list_sessions(conn)}
    progress = []
    for attempt, role in found:
        figures = attempt.figures
        if attempt.finished_at is None or figures is None:
            continue
        known = svc.library.packs.get(attempt.pack)
        progress.append(
            ProgressRow(
                on=attempt.finished_at,
                session_title=titles.get(attempt.session_id, ""),
                pack_title=known.in_language(language).title if known else attempt.pack,
                level=figures["level"],
                role=role,
                points=figures["points"],
                possible=figures["possible"],
                missed=len(figures["missed"]),
                mistakes=len(figures["mistakes"]),
                unsafe=figures["unsafe"],
                outcome_reached=figures["outcome_reached"],
            )
        )
    return tuple(progress)
