"""The acts of a worked example, each done through the same use case as on the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sop_engine.definition.local_decisions import is_local
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.periods import Calendar, Length, due_at
from sop_engine.service import committee, open_case, sweep_deadlines, take_step
from sop_engine.service.import_paper_file import import_paper_file
from sop_engine.service.rehearsal_stage import Difference, Stage
from sop_engine.service.typed import typed
from sop_engine.service.worked_examples import Line
from sop_engine.vocabulary import Ballot, Proceeding


def _wait(stage: Stage, line: Line) -> None:
    later = time_later(Length.parse(line.values["wait"]), stage.svc.clock(), stage.svc.current.calendar)
    stage.set_clock(later)
    sweep_deadlines.sweep(stage.svc)


def time_later(length: Length, now: datetime, calendar: Calendar) -> datetime:
    """Return the instant after a length of time went by: hours exactly, days as a deadline counts them."""
    last = due_at(length, counted_from=now, calendar=calendar)
    if length.unit == "hours":
        return last
    # Whole days, as a deadline counts them: it is the same hour of the day after the last of them.
    days = (calendar.local(last).date() - calendar.local(now).date()).days
    return datetime.fromtimestamp(now.timestamp() + days * 86400, tz=UTC)


def _names(stage: Stage, path: str, parts: int) -> tuple[str, ...]:
    names = tuple(path.split("."))
    if len(names) != parts or names[0] not in stage.svc.current.machines:
        raise Difference(f"“{path}” names no {'machine and its part' if parts > 1 else 'machine'}")
    return names


DECIDED_FOR_THE_REHEARSAL = "Decided for the rehearsal"


def _decided_locally(act: Callable[[Stage, Line], None]) -> Callable[[Stage, Line], None]:
    """Answer for an example what only a gap in the profile of a State asks: the example was written for every State."""

    def tried_twice(stage: Stage, line: Line) -> None:
        try:
            act(stage, line)
        except InvalidAnswers as asked:
            gaps = [question for question in asked.problems if is_local(question)]
            if not gaps or len(gaps) < len(asked.problems):
                raise
            given = {**line.values.get("with", {}), **dict.fromkeys(gaps, DECIDED_FOR_THE_REHEARSAL)}
            act(stage, Line({**line.values, "with": given}, line.span))

    return tried_twice


def _step(stage: Stage, line: Line) -> None:
    machine, step = _names(stage, line.values["answers"], 2)
    declared = stage.svc.current.machines[machine].steps.get(step)
    if declared is None:
        raise Difference(f"{machine} has no step “{step}”")
    place = stage.place(machine, line.values.get("key"))
    take_step.answer_step(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=place.id,
        step=step,
        answers=stage.answers(declared, line.values.get("with", {})),
        seq=None,
        form_token=stage.token(),
    )


def _take(stage: Stage, line: Line, verb: str = "does") -> None:
    machine, name = _names(stage, line.values[verb], 2)
    declared = stage.svc.current.machines[machine].transitions.get(name)
    if declared is None:
        raise Difference(f"{machine} has no transition “{name}”")
    key = line.values.get("key")
    case = stage.case()
    newest = case.newest(machine, key)
    starts = declared.from_new and (newest is None or newest.state not in declared.from_states)
    proceeding = f"new {machine}" + (f" {key}" if key else "") if starts else stage.place(machine, key).id
    written = line.values.get("with", {})
    step = stage.svc.current.machines[machine].steps[declared.asks] if declared.asks else None
    take_step.take_transition(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=proceeding,
        transition=name,
        answers=stage.answers(step, written) if step else dict(written),
        seq=None,
        form_token=stage.token(),
    )


def _refused_take(stage: Stage, line: Line) -> None:
    _take(stage, line, "cannot")


def _cannot(stage: Stage, line: Line) -> None:
    named = line.values["cannot"]
    machine, name = _names(stage, named, 2)
    is_step = name in stage.svc.current.machines[machine].steps
    # Unless the refusal is about the gap itself.
    settled = (lambda act: act) if is_local(str(line.values.get("because", ""))) else _decided_locally
    try:
        if is_step and name not in stage.svc.current.machines[machine].transitions:
            settled(_step)(stage, Line({**line.values, "answers": named}, line.span))
        else:
            settled(_refused_take)(stage, line)
    except NotOffered as refused:
        told = " ".join(reason.text for reason in refused.reasons)
    except InvalidAnswers as refused:
        told = " ".join(f"{question}: {text}" for question, text in refused.problems.items())
    else:
        raise Difference(f"{named} was accepted; it must be refused")
    stage.refusals += 1
    because = str(line.values.get("because", ""))
    if because.casefold() not in told.casefold():
        raise Difference(f"refused, but not because “{because}”: {told}")


def _opens(stage: Stage, line: Line) -> None:
    machine = line.values["opens"]
    if not stage.case_id:
        outcome = open_case.open_case(stage.svc, stage.reader(line), machine=machine, form_token=stage.token())
        stage.case_id = outcome.case_id
        return
    take_step.open_proceeding(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        machine=machine,
        key=line.values.get("key"),
        seq=None,
        form_token=stage.token(),
    )


def _panel(stage: Stage, line: Line, verb: str) -> tuple[Proceeding, str]:
    named = line.values[verb]
    machine = named.split(".")[0]
    panels = stage.svc.current.machines[machine].panels if machine in stage.svc.current.machines else {}
    panel = named.split(".")[1] if "." in named else next(iter(panels), "")
    if panel not in panels:
        raise Difference(f"“{named}” names no panel")
    return stage.place(machine, line.values.get("key")), panel


def _seat(stage: Stage, line: Line, verb: str) -> tuple[Proceeding, str]:
    """Let somebody sit who does not sit yet: as chair where they hold that role and the chair is free."""
    place, panel = _panel(stage, line, verb)
    reader = stage.reader(line)
    ballot = place.ballots.get(panel, Ballot(panel))
    if reader.user not in ballot.present:
        chairs = stage.svc.current.machines[place.machine].panels[panel].chair in reader.roles
        as_chair = chairs and ballot.chair is None
        if line.values.get("as"):
            as_chair = line.values["as"] == "chair"
        committee.take_seat(
            stage.svc,
            reader,
            stage.case_id,
            proceeding=place.id,
            panel=panel,
            as_chair=as_chair,
            form_token=stage.token(),
        )
    return place, panel


def _sits(stage: Stage, line: Line) -> None:
    _seat(stage, line, "sits")


def _opens_file(stage: Stage, line: Line) -> None:
    place, panel = _seat(stage, line, "opens_file")
    committee.open_file(
        stage.svc, stage.reader(line), stage.case_id, proceeding=place.id, panel=panel, form_token=stage.token()
    )


def _votes(stage: Stage, line: Line) -> None:
    place, panel = _seat(stage, line, "votes")
    committee.vote(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=place.id,
        panel=panel,
        votes=line.values.get("with", {}),
        reasons=line.values.get("reasons", ""),
        seq=None,
        form_token=stage.token(),
    )


def _recuses(stage: Stage, line: Line) -> None:
    place, panel = _panel(stage, line, "recuses")
    committee.recuse(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=place.id,
        panel=panel,
        ground=line.values.get("reasons", ""),
        form_token=stage.token(),
    )


def _corrects(stage: Stage, line: Line) -> None:
    machine, step, name = _names(stage, line.values["corrects"], 3)
    declared = stage.svc.current.machines[machine].steps.get(step)
    question = declared.questions.get(name) if declared else None
    if question is None:
        raise Difference(f"{machine} has no question “{step}.{name}”")
    take_step.correct_answer(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=stage.place(machine, line.values.get("key")).id,
        step=step,
        question=name,
        answer=typed(question, line.values.get("to"), time_zone=stage.svc.current.calendar.time_zone),
        reason=line.values.get("reason", ""),
        seq=None,
        form_token=stage.token(),
    )


def _takes_back(stage: Stage, line: Line) -> None:
    (machine,) = _names(stage, line.values["takes_back"], 1)
    take_step.rectify(
        stage.svc,
        stage.reader(line),
        stage.case_id,
        proceeding=stage.place(machine, line.values.get("key")).id,
        reason=line.values.get("reason", ""),
        seq=None,
        form_token=stage.token(),
    )


def _enters_paper(stage: Stage, line: Line) -> None:
    outcome = import_paper_file(
        stage.svc,
        stage.reader(line),
        machine=line.values["enters_paper"],
        state=line.values.get("state", ""),
        key=line.values.get("key"),
        reason=line.values.get("reason", ""),
        form_token=stage.token(),
        case_id=stage.case_id or None,
    )
    stage.case_id = outcome.case_id


ACTS: Mapping[str, Callable[[Stage, Line], None]] = {
    "wait": _wait,
    "answers": _decided_locally(_step),
    "does": _decided_locally(_take),
    "cannot": _cannot,
    "opens": _opens,
    "opens_file": _opens_file,
    "sits": _sits,
    "votes": _votes,
    "recuses": _recuses,
    "corrects": _corrects,
    "takes_back": _takes_back,
    "enters_paper": _enters_paper,
}
"""Verb → act. The first verb of a line is the one that is done."""
