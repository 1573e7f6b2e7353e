"""Acts: the common measure of an expected path and of what a trainee did, whoever did it and with what answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sop_engine.definition.lines import Line, unfolded
from sop_engine.definition.model import NEW
from sop_engine.training.model import Element, Group, Pack, PathLine
from sop_engine.vocabulary import (
    CASE_MACHINE,
    SYSTEM,
    AnswerStep,
    AuditEvent,
    Case,
    CorrectAnswer,
    EnterFromPaper,
    Event,
    OpenFile,
    OpenProceeding,
    Rectify,
    Recuse,
    TakeTransition,
    Vote,
)

_VERBS = ("answers", "does", "opens", "votes", "recuses", "opens_file", "corrects", "takes_back", "enters_paper")
"""Verbs that leave a trace in the log and count; a seat is taken on the way to a vote and does not."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: a verb, the name it is done on, and the key where there are several of a kind."""

    verb: str
    name: str
    key: str | None = None

    @property
    def named(self) -> str:
        """How packs speak of it: ``referral.send asylum``."""
        return f"{self.name} {self.key}" if self.key else self.name

    def is_named(self, name: str) -> bool:
        """Say whether a pack speaks of this act: with its key, or of all keys when it names none."""
        return name in (self.named, self.name)


def act_of_line(line: Line) -> Act | None:
    """Return the act that a line of a script does, or None for what is no act: a wait, an expectation, a question."""
    for verb in _VERBS:
        if verb in line.values:
            name = str(line.values[verb])
            if verb in ("votes", "recuses", "opens_file"):
                name = name.split(".")[0]
            return Act(verb, name, line.values.get("key"))
    return None


class Ballots:
    """Who voted on what: a member who votes on one question after the other in a sitting votes once."""

    def __init__(self) -> None:
        self._voted: dict[tuple[Act, str], set[str]] = {}

    def begins(self, act: Act, member: str, questions: Iterable[str]) -> bool:
        """Note a vote; say whether it begins another round: the member's first, or a question voted on again."""
        asked = set(questions)
        before = self._voted.get((act, member), set())
        is_new = not before or bool(before & asked)
        self._voted[(act, member)] = asked if is_new else before | asked
        return is_new

    def close(self, machine: str) -> None:
        """Note that a sitting of this machine was closed: whoever votes again votes anew."""
        self._voted = {seat: asked for seat, asked in self._voted.items() if seat[0].name != machine}


def acts_of_log(log: Iterable[AuditEvent], *, every_vote: bool = False) -> tuple[tuple[Act, AuditEvent], ...]:
    """Return what people did in a case, with the entry that says so; what the system did by itself is left out.

    A member who votes on one question after the other in a sitting has voted once; ``every_vote`` gives each entry.
    """
    machines: dict[str, tuple[str, str | None]] = {}
    ballots = Ballots()
    found: list[tuple[Act, AuditEvent]] = []
    for event in log:
        if event.kind == "ProceedingOpened":
            machines[event.proceeding] = (event.data["machine"], event.data.get("key"))
        machine, key = machines.get(event.proceeding, ("", None))
        if event.kind == "SittingClosed":
            ballots.close(machine)
        if event.by == SYSTEM:
            continue
        match event.kind:
            case "StepAnswered":
                found.append((Act("answers", f"{machine}.{event.data['step']}", key), event))
            case "TransitionTaken":
                found.append((Act("does", event.data["transition"], key), event))
            case "ProceedingOpened" if event.data.get("paper"):
                found.append((Act("enters_paper", machine, key), event))
            case "ProceedingOpened" if machine != CASE_MACHINE and event.data["state"] != NEW:
                found.append((Act("opens", machine, key), event))
            case "VoteCast":
                act = Act("votes", machine, key)
                if ballots.begins(act, event.by, event.data["questions"]) or every_vote:
                    found.append((act, event))
            case "MemberRecused":
                found.append((Act("recuses", machine, key), event))
            case "FileOpened":
                found.append((Act("opens_file", machine, key), event))
            case "AnswerCorrected":
                question = f"{machine}.{event.data['step']}.{event.data['question']}"
                found.append((Act("corrects", question, key), event))
            case "TransitionRectified":
                found.append((Act("takes_back", machine, key), event))
    return tuple(found)


def play_lines(path: Iterable[Element], *, choices: Mapping[int, int] | None = None) -> tuple[PathLine, ...]:
    """Return the lines of a path in the order written; of an ``either`` the chosen way (the first when left out).

    ``choices`` are by the number of the group in the path, from 0.
    """
    found: list[PathLine] = []
    for number, element in enumerate(path):
        if isinstance(element, PathLine):
            found.append(element)
        elif element.kind == "any_order":
            found += [line for branch in element.branches for line in branch]
        else:
            found += element.branches[(choices or {}).get(number, 0)]
    return tuple(found)


def unfold_lines(lines: Iterable[PathLine], parts: Mapping[str, tuple[Line, ...]]) -> tuple[PathLine, ...]:
    """Return the lines with every common stretch of the worked examples written out."""
    found: list[PathLine] = []
    for one in lines:
        if "part" in one.line.values:
            inner = unfolded((one.line,), parts)
            found += [
                PathLine(line=line, id=one.id if n == 0 else "", is_optional=one.is_optional)
                for n, line in enumerate(inner)
            ]
        else:
            found.append(one)
    return tuple(found)


def unfold_path(path: Iterable[Element], parts: Mapping[str, tuple[Line, ...]]) -> tuple[Element, ...]:
    """Return the path with every common stretch written out, also within its groups."""
    found: list[Element] = []
    for element in path:
        if isinstance(element, Group):
            branches = tuple(unfold_lines(branch, parts) for branch in element.branches)
            found.append(Group(kind=element.kind, branches=branches, span=element.span))
        else:
            found += unfold_lines((element,), parts)
    return tuple(found)


def is_line(one: PathLine, name: str) -> bool:
    """Say whether a pack speaks of this line: by its id, or by the act that it does."""
    act = act_of_line(one.line)
    return name == one.id or (act is not None and act.is_named(name))


def path_of(pack: Pack, parts: Mapping[str, tuple[Line, ...]], profile: str = "") -> tuple[Element, ...]:
    """Return the expected path written out, as it is under a profile."""
    path = unfold_path(pack.path, parts)
    outcome = pack.outcomes.get(profile, pack.outcomes[""])
    if not outcome.instead_from:
        return path
    for number, element in enumerate(path):
        if isinstance(element, PathLine) and is_line(element, outcome.instead_from):
            return (*path[:number], *unfold_path(outcome.steps, parts))
    return path


def act_of_event(case: Case, event: Event) -> Act | None:
    """Return the act that somebody asked the engine for, or None for what is no act of a path."""
    machine, key = _machine_of(case, event)
    match event:
        case AnswerStep():
            return Act("answers", f"{machine}.{event.step}", key)
        case TakeTransition():
            return Act("does", f"{machine}.{event.transition}", key)
        case OpenProceeding():
            return Act("opens", event.machine, event.key)
        case Vote():
            return Act("votes", machine, key)
        case Recuse():
            return Act("recuses", machine, key)
        case OpenFile():
            return Act("opens_file", machine, key)
        case CorrectAnswer():
            return Act("corrects", f"{machine}.{event.step}.{event.question}", key)
        case Rectify():
            return Act("takes_back", machine, key)
        case EnterFromPaper():
            return Act("enters_paper", event.machine, event.key)
    return None


def _machine_of(case: Case, event: Event) -> tuple[str, str | None]:
    """Return the machine and key of the proceeding that an event names (``new machine key`` for one to be opened)."""
    named = str(getattr(event, "proceeding", ""))
    if named.startswith("new "):
        _, machine, *rest = named.split(" ")
        return machine, rest[0] if rest else None
    for proceeding in case.proceedings:
        if proceeding.id == named:
            return proceeding.machine, proceeding.key
    return "", None
