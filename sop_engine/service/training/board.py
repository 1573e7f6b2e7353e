"""The live board of a class: who is where, and what was missed until now. Nobody is stopped by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sop_engine.service.service import Service
from sop_engine.service.training.attempts import log_of
from sop_engine.service.training.desk import pack_of, scenario_now
from sop_engine.service.training.grading import grading_of
from sop_engine.service.training.others import Next, what_is_next
from sop_engine.service.training.sessions import show_session
from sop_engine.store import cases
from sop_engine.store.training import Attempt


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One attempt on the board."""

    attempt: Attempt
    pack_title: str
    who: tuple[tuple[str, str], ...]
    """(pseudonym, role in the exercise)."""
    done: int
    total: int
    """Acts of the expected path."""
    where: tuple[str, ...]
    """Titles of the states where proceedings stand."""
    skipped: tuple[str, ...]
    missed: tuple[str, ...]
    """Indicators whose place was passed without being noticed."""
    mistakes: tuple[str, ...]
    refusals: int
    safeguards: int
    unsafe: int
    minutes: int | None
    story_time: datetime
    next: Next
    seq: int
    """The newest entry of the case: a point to try again from."""


def board(svc: Service, session_id: str, *, language: str = "en") -> tuple[BoardRow, ...]:
    """Return the board of a class. Raises NotFound."""
    view = show_session(svc, session_id)
    names = {one.account: one.pseudonym for one in view.participants}
    found = []
    for attempt, seats in view.attempts:
        pack = pack_of(svc, attempt.pack, language)
        grading = grading_of(svc, attempt.id, language=language)
        reached = {act.name for act in grading.alignment.done}
        total = len(grading.alignment.done) + len(grading.skipped) + len(grading.not_reached)
        found.append(
            BoardRow(
                attempt=attempt,
                pack_title=pack.title,
                who=tuple((names.get(s.trainee, ""), s.role) for s in seats if s.trainee is not None),
                done=len(grading.alignment.done),
                total=total,
                where=_where(svc, attempt, language),
                skipped=tuple(one.title for one in grading.skipped),
                missed=tuple(one.text for one in grading.missed if ".".join(one.place.name.split(".")[:2]) in reached),
                mistakes=tuple(one.text for one in grading.mistakes),
                refusals=len(grading.refusals),
                safeguards=sum("safeguard" in refused.codes for _, refused in grading.refusals),
                unsafe=len(grading.conversation.conduct),
                minutes=grading.minutes,
                story_time=scenario_now(svc, view.session, attempt),
                next=what_is_next(svc, attempt.id) if attempt.status == "running" else Next("end"),
                seq=len(log_of(svc, attempt)),
            )
        )
    return tuple(found)


def _where(svc: Service, attempt: Attempt, language: str) -> tuple[str, ...]:
    if attempt.case_id is None:
        return ()
    say = svc.texts(language)
    with svc.store.reading() as conn:
        head = cases.find_head(conn, attempt.case_id)
        if head is None:
            return ()
        case = svc.load(conn, head)
        definition = svc.definition(conn, head.set_digest)
    found = []
    for proceeding in case.proceedings:
        machine = definition.machines[proceeding.machine]
        state = machine.states.get(proceeding.state)
        if state is not None and machine.name != "case" and state.kind in ("work", "wait"):
            found.append(f"{say(machine.title)}: {say(state.title)}")
    return tuple(found)
