"""A case of the small set, played step by step: who does what, and what the log says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sop_engine.definition.model import Definition
from sop_engine.engine.apply import apply, open_case
from sop_engine.engine.offers import Offer, offers
from sop_engine.engine.refusals import NotOffered, Refusal
from sop_engine.vocabulary import (
    THE_SYSTEM,
    Actor,
    Answer,
    AnswerStep,
    AttendPanel,
    AuditEvent,
    Case,
    CorrectAnswer,
    Event,
    OpenFile,
    OpenProceeding,
    PassTime,
    Proceeding,
    Rectify,
    Recuse,
    TakeTransition,
    Vote,
)
from tests.instruments.small_set import small_set

MONDAY = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""Nine in the morning at the pier (UTC-4)."""


def person(name: str, *roles: str) -> Actor:
    return Actor(name, frozenset(roles))


ANA = person("ana", "clerk")
BEA = person("bea", "clerk")
SUE = person("sue", "desk_supervisor")
SAM = person("sam", "desk_supervisor")
CAS = person("cas", "case_supervisor")
HAL = person("hal", "helper")
CHO = person("cho", "chair")
MIA, MAX, MOE = person("mia", "member"), person("max", "member"), person("moe", "member")

ARRIVAL: Mapping[str, Answer] = {
    "full_name": {"name": "Zyx Qwerty"},
    "age": 30,
    "pier": "west",
    "landed_on": "2026-03-02",
}
NEEDS: Mapping[str, Answer] = {"kinds": ["bed", "food"]}
FINDING: Mapping[str, Answer] = {"reasons": "Nothing was found in any paper.", "agreed": "yes"}


@dataclass
class Play:
    """One case in play. Every act keeps the new case and the entries it made."""

    definition: Definition = field(default_factory=small_set)
    at: datetime = MONDAY
    case: Case = field(init=False)
    log: list[AuditEvent] = field(default_factory=list)
    new: tuple[AuditEvent, ...] = ()

    def __post_init__(self) -> None:
        self.case, self.new = open_case(
            self.definition,
            case_id="c1",
            number="XN-2026-00001-1",
            office="north",
            actor=ANA,
            event=PassTime(by=ANA, at=self.at),
            role="clerk",
        )
        self.log += self.new

    def do(self, event: Event) -> Play:
        self.case, self.new = apply(self.definition, self.case, event)
        self.log += self.new
        return self

    def refused(self, event: Event) -> tuple[Refusal, ...]:
        """Return why an event is refused; fails when it is accepted."""
        try:
            apply(self.definition, self.case, event)
        except NotOffered as error:
            return error.reasons
        raise AssertionError(f"{event} was accepted")

    def place(self, machine: str, key: str | None = None) -> Proceeding:
        found = self.case.newest(machine, key)
        assert found is not None, machine
        return found

    def kinds(self) -> list[str]:
        return [event.kind for event in self.new]

    def wait(self, **length: float) -> Play:
        """Let time pass without anybody looking."""
        self.at += timedelta(**length)
        return self

    def sweep(self) -> Play:
        return self.do(PassTime(by=THE_SYSTEM, at=self.at))

    def opening(self, who: Actor, machine: str, key: str | None = None) -> OpenProceeding:
        return OpenProceeding(by=who, at=self.at, machine=machine, key=key)

    def opens(self, who: Actor, machine: str, key: str | None = None) -> Play:
        return self.do(self.opening(who, machine, key))

    def answering(self, who: Actor, where: str, answers: Mapping[str, Any], key: str | None = None) -> AnswerStep:
        machine, step = where.split(".")
        return AnswerStep(by=who, at=self.at, proceeding=self.place(machine, key).id, step=step, answers=dict(answers))

    def answers(self, who: Actor, where: str, answers: Mapping[str, Any], key: str | None = None) -> Play:
        return self.do(self.answering(who, where, answers, key))

    def taking(
        self, who: Actor, act: str, answers: Mapping[str, Any] | None = None, key: str | None = None, new: bool = False
    ) -> TakeTransition:
        machine, name = act.split(".")
        place = f"new {machine}" if new else self.place(machine, key).id
        return TakeTransition(by=who, at=self.at, proceeding=place, transition=name, answers=dict(answers or {}))

    def takes(
        self, who: Actor, act: str, answers: Mapping[str, Any] | None = None, key: str | None = None, new: bool = False
    ) -> Play:
        return self.do(self.taking(who, act, answers, key, new))

    def correcting(self, who: Actor, where: str, answer: Answer, reason: str = "A slip of the pen") -> CorrectAnswer:
        machine, step, question = where.split(".")
        place = self.place(machine).id
        return CorrectAnswer(
            by=who, at=self.at, proceeding=place, step=step, question=question, answer=answer, reason=reason
        )

    def rectifying(self, who: Actor, machine: str, reason: str = "The wrong button") -> Rectify:
        return Rectify(by=who, at=self.at, proceeding=self.place(machine).id, reason=reason)

    def sits(self, who: Actor, *, as_chair: bool = False) -> Play:
        return self.do(
            AttendPanel(by=who, at=self.at, proceeding=self.place("claim").id, panel="board", as_chair=as_chair)
        )

    def opens_file(self, who: Actor) -> Play:
        return self.do(OpenFile(by=who, at=self.at, proceeding=self.place("claim").id, panel="board"))

    def recusing(self, who: Actor, ground: str = "A cousin") -> Recuse:
        return Recuse(by=who, at=self.at, proceeding=self.place("claim").id, panel="board", ground=ground)

    def voting(self, who: Actor, reasons: str = "", **votes: str) -> Vote:
        place = self.place("claim").id
        return Vote(by=who, at=self.at, proceeding=place, panel="board", votes=votes, reasons=reasons)

    def votes(self, who: Actor, reasons: str = "", **votes: str) -> Play:
        return self.do(self.voting(who, reasons, **votes))

    def offer(self, who: Actor, act: str) -> Offer:
        """Return the one offer of an act to a person."""
        machine, name = act.split(".")
        found = [
            o
            for o in offers(self.definition, self.case, who, self.at)
            if o.transition.machine == machine and o.transition.name == name
        ]
        assert len(found) == 1, (act, [o.proceeding for o in found])
        return found[0]

    # Stretches that many tests begin with.

    def arrived(self, **changes: Any) -> Play:
        answers = {**ARRIVAL, **changes}
        return self.opens(ANA, "intake").answers(
            ANA, "intake.arrival", {k: v for k, v in answers.items() if v is not None}
        )

    def checking(self, **changes: Any) -> Play:
        return self.arrived(**changes).takes(ANA, "intake.begin")

    def proposed(self, **changes: Any) -> Play:
        return self.checking(**changes).answers(ANA, "intake.check", {"afraid": "no"}).takes(ANA, "intake.propose")

    def ordinary(self, **changes: Any) -> Play:
        return self.proposed(**changes).takes(SUE, "intake.confirm_ordinary", FINDING)

    def referred(self, **changes: Any) -> Play:
        self.checking(**changes).takes(ANA, "case.signal_danger", {"words": "The sea took my house"})
        return self.takes(ANA, "intake.refer")

    def listed(self, **changes: Any) -> Play:
        return self.referred(**changes).answers(BEA, "claim.hearing", {"story": "A storm"}).takes(BEA, "claim.list")

    def session(self, *members: Actor) -> Play:
        """The board sits: the chair and the members, the file open before each."""
        self.listed().sits(CHO, as_chair=True)
        return self.board(*members)

    def board(self, *members: Actor) -> Play:
        for member in members or (MIA, MAX):
            self.sits(member)
        self.takes(CHO, "claim.sit")
        for member in (CHO, *(members or (MIA, MAX))):
            self.opens_file(member)
        return self


def codes(refusals: tuple[Refusal, ...]) -> set[str]:
    return {refusal.code for refusal in refusals}
