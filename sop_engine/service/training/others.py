"""The colleagues whom nobody plays: the script does their part when it is their turn, through the same use cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from sop_engine.definition.lines import Line
from sop_engine.periods import Length
from sop_engine.service.accounts import add_account
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, Refusal
from sop_engine.service.rehearsal_acts import time_later
from sop_engine.service.rehearse import REFUSALS, play_line, told_of
from sop_engine.service.service import Service
from sop_engine.service.training.attempts import OUTSIDE, keep_case, log_of, stage_of
from sop_engine.service.training.desk import attempt_and_session, pack_of, scenario_now
from sop_engine.service.training.sessions import travel_attempt
from sop_engine.service.views import Reader
from sop_engine.store import training as rows
from sop_engine.store.training import Attempt, Session
from sop_engine.training.acts import Act, act_of_line, acts_of_log, path_of, play_lines
from sop_engine.training.grade import title_of
from sop_engine.training.model import Element, PathLine

NextKind: TypeAlias = Literal["yours", "wait", "refused", "end"]
MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Next:
    """What stands next on the expected path: something of a trainee, time to pass, or the end.

    ``title`` names the act or the length of time; show it to trainees only where hints are on.
    """

    kind: NextKind
    title: str = ""
    role: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class OthersActed:
    """What the colleagues did, by title, and what stands next."""

    played: tuple[str, ...]
    next: Next


def what_is_next(svc: Service, attempt_id: str) -> Next:
    """Return what stands next on the expected path, without doing anything."""
    attempt, session = attempt_and_session(svc, attempt_id)
    lines, pending = _next_lines(svc, session, attempt)
    return _of_line(svc, attempt, lines[0]) if lines else pending


def let_others_act(svc: Service, attempt_id: str) -> OthersActed:
    """Let the script do what comes next for the people whom nobody plays, until a trainee's turn comes.

    What the engine refuses them is told and stops them: the trainees did something else than the path. Raises NotFound
    and NotOffered.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    if attempt.status != "running" or session.closed_at is not None:
        raise NotOffered((Refusal("state", "This exercise does not run."),))
    if session.paused_at is not None:
        raise NotOffered((Refusal("state", "The trainer has paused the class. Wait until it goes on."),))
    played: list[str] = []
    while len(played) < MOST_AT_ONCE:
        title, following = _one_act(svc, attempt_id)
        if following is not None:
            return OthersActed(tuple(played), following)
        played.append(title)
    return OthersActed(tuple(played), what_is_next(svc, attempt_id))


def _one_act(svc: Service, attempt_id: str) -> tuple[str, Next | None]:
    """Play one act of a colleague and return its title, or say what stands in its place."""
    attempt, session = attempt_and_session(svc, attempt_id)
    lines, pending = _next_lines(svc, session, attempt)
    refusal: Next | None = None
    for line in lines:
        following = _of_line(svc, attempt, line)
        if following.kind == "yours":
            return "", following
        stage = stage_of(svc, session, attempt)
        try:
            play_line(stage, line.line)
        except REFUSALS as refused:
            # What the trainees went past may never be done; what comes after it still may.
            refusal = refusal or Next("refused", following.title, following.role, told_of(refused))
            continue
        if attempt.case_id is None and stage.case_id:
            keep_case(svc, attempt_id, stage.case_id)
        return following.title, None
    return "", refusal or pending


def pass_time(svc: Service, attempt_id: str) -> str:
    """Let the time pass for which the expected path waits now; returns its length.

    Raises NotOffered where the trainer keeps the time of the class, or where nothing is waited for.
    """
    attempt, session = attempt_and_session(svc, attempt_id)
    if session.pace != "own":
        raise NotOffered((Refusal("state", "In this class the trainer lets time pass for all."),))
    _, pending = _next_lines(svc, session, attempt)
    if pending.kind != "wait":
        raise NotOffered((Refusal("state", "Nothing is to be waited for now."),))
    travel_attempt(svc, session, attempt, pending.title)
    return pending.title


def _of_line(svc: Service, attempt: Attempt, line: PathLine) -> Next:
    pack = pack_of(svc, attempt.pack)
    act = act_of_line(line.line)
    title = title_of(svc.current, act.name) if act else str(line.line.values.get("sits", ""))
    role = pack.team_of(str(line.line.values.get("by", "")))
    with svc.store.reading() as conn:
        seated = {one.role for one in rows.seats(conn, attempt.id) if one.trainee is not None}
    return Next("yours" if role in seated else "refused", title, role)


def _next_lines(svc: Service, session: Session, attempt: Attempt) -> tuple[tuple[PathLine, ...], Next]:
    """Return the lines of the path that may be done now, and what stands there if there is none.

    They are: what is left of the stage that is being worked at, what colleagues left undone before it, and the first
    line behind it. A wait before that line comes first.
    """
    pack = pack_of(svc, attempt.pack)
    profile = svc.current.national.iso3 if svc.current.national else ""
    stages = _stages(path_of(pack, svc.library.parts, profile))
    lines = [line for _, line in stages]
    taken = acts_of_log(log_of(svc, attempt))
    left: Counter[Act] = Counter(act for act, _ in taken)
    done = [_take(left, act_of_line(line.line)) for line in lines]
    behind = max((number for number, is_done in enumerate(done) if is_done), default=-1)
    found = [
        lines[number]
        for number in range(behind)
        if _counts(lines[number])
        and not done[number]
        and (stages[number][0] == stages[behind][0] or _is_scripted(svc, attempt, lines[number]))
    ]
    for line in lines[behind + 1 :]:
        values = line.line.values
        if "wait" in values:
            length = str(values["wait"])
            since = taken[-1][1].at if taken else None
            now = scenario_now(svc, session, attempt)
            if since is None or _ends(svc, length, since) > now.timestamp() + 60:
                return tuple(found), Next("wait", length)
        elif act_of_line(line.line) is not None and not (line.is_optional and not _is_scripted(svc, attempt, line)):
            return (*found, line), Next("end")
    return tuple(found), Next("end")


def _stages(path: Iterable[Element]) -> list[tuple[int, PathLine]]:
    """Return the lines with the number of the stage they belong to: within one, the order is free."""
    found: list[tuple[int, PathLine]] = []
    number = 0
    was_answer = False
    for element in path:
        is_answer = isinstance(element, PathLine) and "answers" in element.line.values
        number += not (is_answer and was_answer)
        was_answer = is_answer
        found += [(number, line) for line in play_lines([element])]
    return found


def _ends(svc: Service, length: str, since: datetime) -> float:
    return time_later(Length.parse(length), since, svc.current.calendar).timestamp()


def _take(left: Counter[Act], act: Act | None) -> bool:
    if act is None or left[act] <= 0:
        return False
    left[act] -= 1
    return True


def _counts(line: PathLine) -> bool:
    return act_of_line(line.line) is not None and not line.is_optional


def _is_scripted(svc: Service, attempt: Attempt, line: PathLine) -> bool:
    return _of_line(svc, attempt, line).kind != "yours"


def _outsider(svc: Service, attempt: Attempt, like: Reader) -> Reader:
    """Return somebody outside the team with the same roles: a trainee answers for no act that is news to them."""
    with svc.store.reading() as conn:
        seat = next((one for one in rows.seats(conn, attempt.id) if one.role == OUTSIDE), None)
    if seat is not None:
        return replace(like, user=seat.account)
    made = add_account(
        svc,
        username=f"{OUTSIDE}.{attempt.id[:12]}",
        person_name="Somebody else (script)",
        password_hash=None,
        office=attempt.office_id,
        roles=sorted({role for people in pack_of(svc, attempt.pack).people.values() for role in people}),
        by="training",
    )
    with svc.store.writing() as conn:
        rows.put_seat(conn, rows.Seat(attempt.id, OUTSIDE, made.id, None))
    return replace(like, user=made.id)


def play_inject(svc: Service, session: Session, attempt: Attempt, lines: tuple[Line, ...]) -> str:
    """Play the acts of an inject, by somebody outside the team. Returns what the engine refused, or nothing."""
    stage = stage_of(svc, session, attempt)
    if lines:
        stage.readers = {who: _outsider(svc, attempt, reader) for who, reader in stage.readers.items()}
    for line in lines:
        try:
            play_line(stage, line)
        except (NotOffered, InvalidAnswers, NotFound) as refused:
            return told_of(refused)
    return ""
