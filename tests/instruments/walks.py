"""Walks at random through a set of procedures: whatever officers may send, in any order, at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sop_engine.definition.guard_places import inlined
from sop_engine.definition.model import Definition, Machine, Panel, Transition
from sop_engine.engine import panels
from sop_engine.engine.apply import apply, open_case
from sop_engine.engine.offers import offers, unopened
from sop_engine.engine.permission import may_open_by_hand, opening_roles, starts_by_an_act
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.engine.rounds import next_round, open_round
from sop_engine.guards.references import references
from sop_engine.vocabulary import (
    CASE_MACHINE,
    THE_SYSTEM,
    Actor,
    AnswerStep,
    AttendPanel,
    AuditEvent,
    Ballot,
    Case,
    CorrectAnswer,
    EnterFromPaper,
    Event,
    FinishDuty,
    IssueDocument,
    OpenFile,
    OpenProceeding,
    PassTime,
    Proceeding,
    Rectify,
    Recuse,
    TakeTransition,
    Vote,
)
from tests.instruments.any_answers import any_answer, any_answers

CORRECTIONS_TRIED = 8
START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Walked:
    """One step of a walk: what was sent, what it changed, or why it was refused."""

    before: Case
    event: Event
    after: Case
    events: tuple[AuditEvent, ...]
    refused: NotOffered | InvalidAnswers | None = None


@dataclass
class Walk:
    """A walk of one case, the same for the same seed: a shorter walk is the beginning of a longer one."""

    definition: Definition
    seed: int
    at: datetime = START
    begins: tuple[Case, tuple[AuditEvent, ...]] | None = None
    """A case, with its log, that the walk goes on from; otherwise it opens a new one."""
    case: Case = field(init=False)
    log: list[AuditEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        if self.begins is not None:
            self.case = self.begins[0]
            self.log += self.begins[1]
            return
        opener = self.somebody(frozenset(self.definition.roles))
        self.case, events = open_case(
            self.definition,
            case_id="c1",
            number="XN-1",
            office="north",
            actor=opener,
            event=PassTime(by=opener, at=self.at),
            role=next(iter(opener.roles)),
        )
        self.log += events

    def steps(self, count: int) -> Iterator[Walked]:
        for _ in range(count):
            yield self.step()

    def step(self) -> Walked:
        """Send one thing; keep what it changed."""
        event = self.any_event()
        before = self.case
        try:
            after, events = apply(self.definition, before, event)
        except (NotOffered, InvalidAnswers) as refused:
            return Walked(before, event, before, (), refused)
        self.case = after
        self.log += events
        return Walked(before, event, after, events)

    def somebody(self, roles: frozenset[str]) -> Actor:
        """Return one of three people of one of these roles; now and then somebody who holds two."""
        role = self.chance.choice(sorted(roles)) if roles else "nobody"
        number = self.chance.randint(1, 3)
        if self.chance.random() < 0.1:
            return Actor(f"double{number}", frozenset({role, self.chance.choice(sorted(self.definition.roles))}))
        return Actor(f"{role}{number}", frozenset({role}))

    def any_event(self) -> Event:
        ways = (self._open, self._answer, self._take, self._offered, self._wait, self._panel, self._odd)
        for way in self.chance.choices(ways, weights=(2, 7, 4, 8, 2, 14, 5), k=8):
            event = way()
            if event is not None:
                return event
        return self._wait()

    def _open(self) -> Event | None:
        machines = [
            (machine, key)
            for machine in self.definition.machines.values()
            for key in machine.key_values or (None,)
            if not starts_by_an_act(machine) and may_open_by_hand(self.definition, self.case, machine, key)
        ]
        if not machines:
            return None
        # The first procedures of a file come before those that they open.
        machine, key = self.chance.choice(machines)
        return OpenProceeding(by=self.somebody(opening_roles(machine)), at=self.at, machine=machine.name, key=key)

    def _answer(self) -> Event | None:
        open_steps = []
        for p in self.case.proceedings:
            state = self._machine(p).states.get(p.state)
            open_steps += [(p, step) for step in (state.steps if state else ())]
        if not open_steps:
            return None
        p, name = self.chance.choice(open_steps)
        step = self._machine(p).steps[name]
        answers = any_answers(self.chance, self.definition, self.case, p, step, open_round(p, name), self.at)
        return AnswerStep(by=self.somebody(step.by), at=self.at, proceeding=p.id, step=name, answers=answers)

    def _machine(self, p: Proceeding) -> Machine:
        return self.definition.machines[p.machine]

    def _places(self) -> list[Proceeding]:
        starting = [
            unopened(machine, key, self.case)
            for machine in self.definition.machines.values()
            for key in machine.key_values or (None,)
            if starts_by_an_act(machine) and may_open_by_hand(self.definition, self.case, machine, key)
        ]
        return [*self.case.proceedings, *starting]

    def _take(self) -> Event | None:
        moves = [
            (p, t)
            for p in self._places()
            for t in self._machine(p).transitions.values()
            if not t.auto and (p.state in t.from_states or (t.from_new and p.state == "new"))
        ]
        if self.chance.random() < 0.9:
            moves = [(p, t) for p, t in moves if p.machine != CASE_MACHINE or t.target is None]
        return self._taking(*self.chance.choice(moves)) if moves else None

    def _offered(self) -> Event | None:
        """Take what is open to somebody: only so does a walk get far."""
        everybody = Actor("everybody", frozenset(self.definition.roles))
        found = offers(self.definition, self.case, everybody, self.at)
        places = {p.id: p for p in self._places()}
        open_now = [o for o in found if o.is_open and o.proceeding in places]
        if self.chance.random() < 0.8:
            # A file that is closed early tells little, and a board that never votes neither.
            moving = [o for o in open_now if o.transition.target and self._leads_on(places[o.proceeding], o.transition)]
        else:
            moving = open_now
        if not moving:
            return None
        offer = self.chance.choice(moving)
        return self._taking(places[offer.proceeding], offer.transition)

    def _leads_on(self, p: Proceeding, transition: Transition) -> bool:
        if p.machine == CASE_MACHINE:
            return False
        sits = any(p.state in panel.in_states for panel in self._machine(p).panels.values())
        return not sits or transition.decided_by is not None

    def _taking(self, p: Proceeding, transition: Transition) -> Event:
        answers = {}
        if transition.asks:
            step = self._machine(p).steps[transition.asks]
            answers = any_answers(self.chance, self.definition, self.case, p, step, next_round(p, step.name), self.at)
        who = self.somebody(transition.by)
        return TakeTransition(by=who, at=self.at, proceeding=p.id, transition=transition.name, answers=answers)

    def _wait(self) -> Event:
        self.at += timedelta(hours=self.chance.choice((1, 6, 25, 100, 900)))
        return PassTime(by=THE_SYSTEM, at=self.at)

    def _panel(self) -> Event | None:
        sitting = [
            (p, panel)
            for p in self.case.proceedings
            for panel in self._machine(p).panels.values()
            if p.state in panel.in_states or p.state in panel.listed_in
        ]
        if not sitting:
            return None
        p, panel = self.chance.choice(sitting)
        member, chair = self.somebody(panel.members), self.somebody(frozenset({panel.chair}))
        if self.chance.random() < 0.8:
            return self._sit_in_order(p, panel)
        votes = {name: self.chance.choice(("yes", "no")) for name in panel.questions if self.chance.random() < 0.7}
        place = {"at": self.at, "proceeding": p.id, "panel": panel.name}
        ways: tuple[Callable[[], Event], ...] = (
            lambda: AttendPanel(by=member, **place),  # type: ignore[arg-type]
            lambda: AttendPanel(by=chair, as_chair=True, **place),  # type: ignore[arg-type]
            lambda: OpenFile(by=member, **place),  # type: ignore[arg-type]
            lambda: OpenFile(by=chair, **place),  # type: ignore[arg-type]
            lambda: Vote(by=member, votes=votes, reasons="I see it so.", **place),  # type: ignore[arg-type]
            lambda: Vote(by=chair, votes=votes, **place),  # type: ignore[arg-type]
            lambda: Recuse(by=member, ground="A cousin", **place),  # type: ignore[arg-type]
        )
        return self.chance.choices(ways, weights=(4, 3, 4, 3, 6, 4, 1))[0]()

    def _sit_in_order(self, p: Proceeding, panel: Panel) -> Event | None:
        """Do what a board does that works: sit, open the file, vote, and write why."""
        ballot = p.ballots.get(panel.name, Ballot(panel.name))
        place = {"at": self.at, "proceeding": p.id, "panel": panel.name}
        member_role = sorted(panel.members)[0]
        bench = [Actor(f"{panel.chair}9", frozenset({panel.chair}))]
        bench += [Actor(f"{member_role}{n}", frozenset({member_role})) for n in range(7, 7 + panel.at_least)]
        bench = [one for one in bench if one.user not in ballot.recused]
        say = "yes" if self.seed % 2 == 0 else "no"
        for one in bench:
            is_chair = one.roles == {panel.chair}
            if one.user not in ballot.present:
                return AttendPanel(by=one, as_chair=is_chair and ballot.chair is None, **place)  # type: ignore[arg-type]
            if one.user not in ballot.opened_file:
                return OpenFile(by=one, **place)  # type: ignore[arg-type]
        if p.state not in panel.in_states:
            return None
        holds = CaseReading(self.definition, self.case, p).holds
        for question in panels.asked(panel, holds):
            for one in bench:
                if (question.name, one.user) not in ballot.votes:
                    vote = say if self.chance.random() < 0.9 else self.chance.choice(("yes", "no"))
                    return Vote(by=one, votes={question.name: vote}, reasons="I see it so.", **place)  # type: ignore[arg-type]
        return None

    def _odd(self) -> Event | None:
        ways = (self._correct, self._rectify, self._paper, self._duty, self._issue, self._anything)
        return self.chance.choices(ways, weights=(8, 5, 1, 2, 1, 3))[0]()

    def _correct(self) -> Event | None:
        """Correct something; of a few corrections rather one that raises an alarm, or cures the one that stands."""
        found = [event for _ in range(CORRECTIONS_TRIED) if (event := self._correction()) is not None]
        return next((event for event in found if self._changes_alarms(event)), found[0] if found else None)

    def _changes_alarms(self, event: Event) -> bool:
        try:
            after, _ = apply(self.definition, self.case, event)
        except (NotOffered, InvalidAnswers):
            return False
        return after.alarms != self.case.alarms

    def _correction(self) -> Event | None:
        answered = [(p, step, q) for p in self.case.proceedings for step, _, q in p.answers]
        if not answered:
            return None
        if self.chance.random() < 0.7:
            # What a safeguard watches is worth a correction.
            answered = [a for a in answered if (a[0].machine, *a[1:]) in self._watched()] or answered
        p, name, question = self.chance.choice(answered)
        step = self._machine(p).steps[name]
        answer = any_answer(self.chance, step.questions[question], self.at)
        return CorrectAnswer(
            by=self.somebody(step.by), at=self.at, proceeding=p.id, step=name, question=question, answer=answer,
            reason="A slip of the pen",
        )  # fmt: skip

    def _watched(self) -> frozenset[tuple[str, str, str]]:
        """Return the questions that safeguards read: those of a standing alarm, or of any where there is none."""
        read = _read_by_safeguards(self.definition)
        alarmed = [name for name in read if name in self.case.alarms] or list(read)
        return frozenset().union(*(read[name] for name in alarmed))

    def _rectify(self) -> Event | None:
        moved = [p for p in self.case.proceedings if p.last_move]
        if not moved:
            return None
        p = self.chance.choice(moved)
        roles = self.definition.transition(p.last_move.transition).by if p.last_move else frozenset()
        return Rectify(by=self.somebody(roles), at=self.at, proceeding=p.id, reason="The wrong button")

    def _paper(self) -> Event | None:
        machine = self.chance.choice(list(self.definition.machines.values()))
        key = self.chance.choice(machine.key_values) if machine.key_values else None
        state = self.chance.choice(list(machine.states))
        supervisors = frozenset(r for r in self.definition.roles if r.endswith("supervisor"))
        return EnterFromPaper(
            by=self.somebody(supervisors), at=self.at, machine=machine.name, state=state, key=key, reason="Box 7"
        )

    def _duty(self) -> Event | None:
        open_duties = [d for d in self.case.duties if not d.done]
        if not open_duties:
            return None
        duty = self.chance.choice(open_duties)
        return FinishDuty(by=self.somebody(frozenset({duty.role})), at=self.at, duty=duty.name)

    def _issue(self) -> Event | None:
        if not self.case.documents:
            return None
        issued = self.chance.choice(self.case.documents)
        who = self.somebody(frozenset(self.definition.roles))
        return IssueDocument(by=who, at=self.at, proceeding=issued.proceeding, document=issued.name)

    def _anything(self) -> Event | None:
        """Something that mostly does not belong here: it must be refused with words, and do nothing."""
        machine = self.chance.choice(list(self.definition.machines.values()))
        transition = self.chance.choice(list(machine.transitions.values()))
        place = self.chance.choice(
            [*(p.id for p in self.case.proceedings), f"new {machine.name}", "new nonsense x", "x"]
        )
        who = self.somebody(frozenset(self.definition.roles))
        return TakeTransition(by=who, at=self.at, proceeding=place, transition=transition.name, answers={"q": "x"})


_READ: dict[str, dict[str, frozenset[tuple[str, str, str]]]] = {}


def _read_by_safeguards(definition: Definition) -> dict[str, frozenset[tuple[str, str, str]]]:
    """Return the questions that each safeguard over states reads, its facts looked into; worked out once."""
    if definition.digest not in _READ:
        _READ[definition.digest] = {
            s.qualified: frozenset(
                (q.machine or "", q.step, q.question) for q in references(inlined(definition, s.guard)).questions
            )
            for machine in definition.machines.values()
            for s in machine.safeguards.values()
            if s.pattern == "never"
        }
    return _READ[definition.digest]
