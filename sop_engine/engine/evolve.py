"""A case is the fold of its audit events: the only place where a case changes.

It needs no definition: everything an event decided (which steps were sealed, which round starts) is written in the
event, so that an old log folds to the same case for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sop_engine.vocabulary import (
    AuditEvent,
    Ballot,
    Case,
    DeadlineRun,
    Duty,
    IssuedDocument,
    Move,
    Participation,
    Proceeding,
)


class UnknownAuditEvent(ValueError):
    """The log holds an entry of a kind that this program does not know; a newer program wrote it."""


def fold(case: Case, events: Iterable[AuditEvent]) -> Case:
    """Return the case after these entries of its log."""
    for event in events:
        case = evolve(case, event)
    return case


def evolve(case: Case, event: AuditEvent) -> Case:
    """Return the case after one entry of its log. Raises UnknownAuditEvent for a kind of a newer program."""
    change = _CHANGES.get(event.kind)
    if change is None:
        raise UnknownAuditEvent(
            f"Entry {event.seq} is of the unknown kind {event.kind}. Use the program version that wrote it."
        )
    changed = change(case, event)
    function = event.data.get("function")
    if function:
        done = Participation(function, event.by, event.proceeding)
        if done not in changed.participations:
            changed = replace(changed, participations=(*changed.participations, done))
    return replace(changed, seq=event.seq, last_at=event.at)


def instant(text: str) -> datetime:
    """Return the aware UTC instant written in an audit entry."""
    return datetime.fromisoformat(text)


def _case_opened(case: Case, event: AuditEvent) -> Case:
    data = event.data
    return replace(
        case,
        number=data["number"],
        office=data["office"],
        set_digest=data["set_digest"],
        opened_at=event.at,
        from_paper=bool(data.get("from_paper")),
    )


def _proceeding_opened(case: Case, event: AuditEvent) -> Case:
    data = event.data
    opened = Proceeding(
        id=event.proceeding,
        machine=data["machine"],
        key=data.get("key"),
        state=data["state"],
        opened_at=event.at,
        entered_at=event.at,
        visited=(data["state"],),
    )
    return replace(case, proceedings=(*case.proceedings, opened))


def _with(case: Case, proceeding_id: str, change: Callable[[Proceeding], Proceeding]) -> Case:
    return replace(case, proceedings=tuple(change(p) if p.id == proceeding_id else p for p in case.proceedings))


def _answers(proceeding: Proceeding, step: str, number: int, answers: Mapping[str, Any]) -> Proceeding:
    kept = {key: value for key, value in proceeding.answers.items() if key[0] != step or key[1] != number}
    kept.update({(step, number, question): value for question, value in answers.items()})
    return replace(proceeding, answers=kept, rounds={**proceeding.rounds, step: number})


def _step_answered(case: Case, event: AuditEvent) -> Case:
    # Without its personal values, which may have been destroyed, an entry still tells that the step was done.
    return _with(
        case,
        event.proceeding,
        lambda p: _answers(p, event.data["step"], event.data["round"], event.personal.get("answers", {})),
    )


def _transition_taken(case: Case, event: AuditEvent) -> Case:
    data = event.data

    def move(p: Proceeding) -> Proceeding:
        if data.get("asks"):
            p = _answers(p, data["asks"], data["asks_round"], event.personal.get("answers", {}))
            p = replace(p, sealed=p.sealed | {(data["asks"], data["asks_round"])})
        target = data.get("to")
        if target is None:
            return p
        last = Move(data["transition"], p.state, event.by, p.rounds, p.sealed)
        return replace(
            p,
            state=target,
            entered_at=event.at,
            visited=(*p.visited, target),
            sealed=p.sealed | {(step, number) for step, number in data.get("sealed", ())},
            rounds={**p.rounds, **data.get("rounds", {})},
            last_move=last,
        )

    return replace(
        _with(case, event.proceeding, move),
        taken=(*case.taken, (event.proceeding, data["transition"])),
    )


def _transition_rectified(case: Case, event: AuditEvent) -> Case:
    data = event.data

    def move_back(p: Proceeding) -> Proceeding:
        reopened = {(step, number) for step, number in data.get("unsealed", ())}
        closed = {(step, number) for step, number in data.get("sealed", ())}
        return replace(
            p,
            state=data["to"],
            entered_at=event.at,
            visited=(*p.visited, data["to"]),
            rounds={**p.rounds, **data.get("rounds", {})},
            sealed=(p.sealed - reopened) | closed,
            last_move=None,
        )

    taken = list(case.taken)
    undone = (event.proceeding, data["transition"])
    if undone in taken:
        # The last one of its kind: what was taken back was not done, for whoever asks whether it was.
        del taken[len(taken) - 1 - taken[::-1].index(undone)]
    return replace(_with(case, event.proceeding, move_back), taken=tuple(taken))


def _answer_corrected(case: Case, event: AuditEvent) -> Case:
    key = (event.data["step"], event.data["round"], event.data["question"])
    if "after" not in event.personal:
        return case
    return _with(case, event.proceeding, lambda p: replace(p, answers={**p.answers, key: event.personal["after"]}))


def _shared_fact_changed(case: Case, event: AuditEvent) -> Case:
    shared = dict(case.shared)
    if event.data["value"]:
        shared[event.data["fact"]] = True
    else:
        shared.pop(event.data["fact"], None)
    return replace(case, shared=shared, proceedings=tuple(_noted(p, event) for p in case.proceedings))


def _noted(p: Proceeding, event: AuditEvent) -> Proceeding:
    """Keep beside a move what it wrote, until somebody else writes it, so that a mis-click can be taken back whole."""
    last, fact = p.last_move, event.data["fact"]
    if last is None:
        return p
    if p.id == event.proceeding and last.transition == event.data.get("transition"):
        return replace(p, last_move=replace(last, shared_before={**last.shared_before, fact: not event.data["value"]}))
    if fact not in last.shared_before:
        return p
    kept = {name: before for name, before in last.shared_before.items() if name != fact}
    return replace(p, last_move=replace(last, shared_before=kept))


def _deadline_started(case: Case, event: AuditEvent) -> Case:
    data = event.data
    run = DeadlineRun(
        name=data["deadline"],
        proceeding=event.proceeding,
        started_at=event.at,
        counted_from=instant(data["counted_from"]),
        due_at=instant(data["due_at"]),
        length=data["length"],
    )
    runs = case.deadlines
    if data.get("recounted"):
        runs = tuple(r for r in runs if not _is_last(case, r, run))
    return replace(case, deadlines=(*runs, run))


def _is_last(case: Case, run: DeadlineRun, like: DeadlineRun) -> bool:
    if run.name != like.name or run.proceeding != like.proceeding:
        return False
    same = [r for r in case.deadlines if r.name == like.name and r.proceeding == like.proceeding]
    return run is same[-1]


def _last_run(change: Callable[[DeadlineRun, AuditEvent], DeadlineRun]) -> Callable[[Case, AuditEvent], Case]:
    def on_case(case: Case, event: AuditEvent) -> Case:
        runs = list(case.deadlines)
        for index in range(len(runs) - 1, -1, -1):
            if runs[index].name == event.data["deadline"] and runs[index].proceeding == event.proceeding:
                runs[index] = change(runs[index], event)
                break
        return replace(case, deadlines=tuple(runs))

    return on_case


def _stopped(run: DeadlineRun, event: AuditEvent) -> DeadlineRun:
    status = "met" if run.status == "running" else run.status
    return replace(run, status=status, ended_at=event.at, paused_at=None)


def _expired(run: DeadlineRun, event: AuditEvent) -> DeadlineRun:
    return replace(run, status="expired")


def _paused(run: DeadlineRun, event: AuditEvent) -> DeadlineRun:
    return replace(run, paused_at=event.at)


def _resumed(run: DeadlineRun, event: AuditEvent) -> DeadlineRun:
    due = instant(event.data["due_at"])
    if run.ended_at is not None:
        # What stopped it was taken back: it runs on as if it had not been stopped, and calls again if it is late.
        return replace(run, status="running", ended_at=None, due_at=due, escalated=0)
    return replace(run, paused_at=None, due_at=due)


def _escalated(run: DeadlineRun, event: AuditEvent) -> DeadlineRun:
    return replace(run, escalated=run.escalated + 1)


def _document_issued(case: Case, event: AuditEvent) -> Case:
    issued = IssuedDocument(
        name=event.data["document"],
        proceeding=event.proceeding,
        number=event.data["number"],
        issued_at=event.at,
        issued_by=event.by,
        seq=event.seq,
    )
    return replace(case, documents=(*case.documents, issued))


def _duty_raised(case: Case, event: AuditEvent) -> Case:
    data = event.data
    duty = Duty(data["duty"], data["role"], event.proceeding, event.at, data["text"])
    return replace(case, duties=(*(d for d in case.duties if d.name != duty.name), duty))


def _duty_finished(case: Case, event: AuditEvent) -> Case:
    return replace(
        case, duties=tuple(replace(d, done=True) if d.name == event.data["duty"] else d for d in case.duties)
    )


def _ballot(change: Callable[[Ballot, AuditEvent], Ballot]) -> Callable[[Case, AuditEvent], Case]:
    def on_case(case: Case, event: AuditEvent) -> Case:
        panel = event.data["panel"]

        def on_proceeding(p: Proceeding) -> Proceeding:
            return replace(p, ballots={**p.ballots, panel: change(p.ballots.get(panel, Ballot(panel)), event)})

        return _with(case, event.proceeding, on_proceeding)

    return on_case


def _seat_taken(ballot: Ballot, event: AuditEvent) -> Ballot:
    present = ballot.present if event.by in ballot.present else (*ballot.present, event.by)
    return replace(ballot, present=present, chair=event.by if event.data["as_chair"] else ballot.chair)


def _file_opened(ballot: Ballot, event: AuditEvent) -> Ballot:
    return replace(ballot, opened_file=ballot.opened_file | {event.by})


def _member_recused(ballot: Ballot, event: AuditEvent) -> Ballot:
    return replace(
        ballot,
        recused=ballot.recused if event.by in ballot.recused else (*ballot.recused, event.by),
        chair=None if ballot.chair == event.by else ballot.chair,
        votes={key: vote for key, vote in ballot.votes.items() if key[1] != event.by},
    )


def _vote_cast(ballot: Ballot, event: AuditEvent) -> Ballot:
    votes = {**ballot.votes, **{(q, event.by): v for q, v in event.personal.get("votes", {}).items()}}
    reasons = event.personal.get("reasons", "")
    dissents = {**ballot.dissents, event.by: reasons} if reasons else ballot.dissents
    return replace(ballot, votes=votes, dissents=dissents)


def _sitting_closed(ballot: Ballot, event: AuditEvent) -> Ballot:
    if event.data.get("anew"):
        return Ballot(ballot.panel, recused=ballot.recused)
    ties = dict(ballot.ties)
    for question in event.data["tied"]:
        ties[question] = ties.get(question, 0) + 1
    return Ballot(ballot.panel, recused=ballot.recused, opened_file=ballot.opened_file, ties=ties)


def _family_joined(case: Case, event: AuditEvent) -> Case:
    return replace(case, family=event.data["family"])


def _safeguard_alarmed(case: Case, event: AuditEvent) -> Case:
    return replace(case, alarms=(*case.alarms, event.data["safeguard"]))


def _alarm_cured(case: Case, event: AuditEvent) -> Case:
    return replace(case, alarms=tuple(a for a in case.alarms if a != event.data["safeguard"]))


def _edition_changed(case: Case, event: AuditEvent) -> Case:
    """Another edition holds from here on; states that it dissolved were mapped, and mis-clicks before it stay."""
    states = event.data["states"]

    def moved(p: Proceeding) -> Proceeding:
        state = states.get(p.id)
        if state is None:
            return replace(p, last_move=None)
        return replace(p, state=state, entered_at=event.at, visited=(*p.visited, state), last_move=None)

    found = tuple(moved(proceeding) for proceeding in case.proceedings)
    return replace(case, set_digest=event.data["set_digest"], proceedings=found)


_CHANGES: Mapping[str, Callable[[Case, AuditEvent], Case]] = {
    "CaseOpened": _case_opened,
    "ProceedingOpened": _proceeding_opened,
    "StepAnswered": _step_answered,
    "TransitionTaken": _transition_taken,
    "TransitionRectified": _transition_rectified,
    "AnswerCorrected": _answer_corrected,
    "SharedFactChanged": _shared_fact_changed,
    "DeadlineStarted": _deadline_started,
    "DeadlineStopped": _last_run(_stopped),
    "DeadlineExpired": _last_run(_expired),
    "DeadlinePaused": _last_run(_paused),
    "DeadlineResumed": _last_run(_resumed),
    "DeadlineEscalated": _last_run(_escalated),
    "DocumentIssued": _document_issued,
    "DutyRaised": _duty_raised,
    "DutyFinished": _duty_finished,
    "SeatTaken": _ballot(_seat_taken),
    "FileOpened": _ballot(_file_opened),
    "MemberRecused": _ballot(_member_recused),
    "VoteCast": _ballot(_vote_cast),
    "SittingClosed": _ballot(_sitting_closed),
    "FamilyJoined": _family_joined,
    "SafeguardAlarmed": _safeguard_alarmed,
    "AlarmCured": _alarm_cured,
    "EditionChanged": _edition_changed,
}
