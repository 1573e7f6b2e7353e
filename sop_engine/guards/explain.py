"""Why a guard holds, or why it does not (yet): the fewest sentences that settle it, and what would cure each.

A guard that is not true is explained by the parts that stand in its way; a true one by its smallest true part. Which
part stands in the way depends on what was wanted: the walk carries that along and turns it round at every ``not``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sop_engine.guards.evaluate import Reading, Verdict, evaluate
from sop_engine.guards.references import References, references
from sop_engine.guards.sentences import Gettext, Sentences
from sop_engine.guards.tree import (
    Always,
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)
from sop_engine.guards.wording import Wording

__all__ = ["Reason", "References", "Wording", "explain", "open_questions", "references"]

Cure: TypeAlias = Literal["answer", "fact", "state", "deadline", "panel", "nothing"]
"""What has to change: ``nothing`` where the rule itself leaves no way."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation: how one test stands now (``verdict``), and what can change it."""

    text: str
    verdict: Verdict
    node: Guard
    cure: Cure
    where: QuestionRef | Guard
    """The question to answer, or else the test itself: it names the fact, state, deadline or panel."""
    open_questions: tuple[QuestionRef, ...] = ()
    """Questions whose answers may yet settle this test."""


def explain(guard: Guard, reading: Reading, wording: Wording, _: Gettext = str) -> tuple[Reason, ...]:
    """Return the sentences that say why a guard is not true; or, of a true one, what makes it true.

    Never empty for a guard that is not true. ``_`` translates the fixed words around those of ``wording``.
    """
    walk = _Walk(reading, wording, Sentences(reading, wording, _))
    reasons = walk.reasons(guard, wanted=True)
    if not reasons and evaluate(guard, reading) is not True:
        reasons = [Reason(walk.sentences.never(), False, guard, "nothing", guard)]
    return tuple({reason.text: reason for reason in reversed(reasons)}.values())[::-1]


def open_questions(guard: Guard, reading: Reading, wording: Wording) -> tuple[QuestionRef, ...]:
    """Return the questions whose answers may yet make the guard true, those inside its facts included."""
    if evaluate(guard, reading) is True:
        return ()
    return _once(question for reason in explain(guard, reading, wording) for question in reason.open_questions)


def _once(questions: Iterable[QuestionRef]) -> tuple[QuestionRef, ...]:
    return tuple(dict.fromkeys(questions))


@dataclass(frozen=True, slots=True)
class _Walk:
    reading: Reading
    wording: Wording
    sentences: Sentences

    def reasons(self, guard: Guard, *, wanted: bool) -> list[Reason]:
        verdict = evaluate(guard, self.reading)
        match guard:
            case Always():
                return []
            case Not(part):
                return self.reasons(part, wanted=not wanted)
            case And(parts) | Or(parts):
                settled_by_one = isinstance(guard, And) is not wanted
                if verdict is not wanted:
                    # All that is not as wanted: for “and” all of it has to change, for “or” any of it would do.
                    return [one for part in parts for one in self.obstacles(part, wanted=wanted)]
                if settled_by_one:
                    holding = (part for part in parts if evaluate(part, self.reading) is wanted)
                    return min((self.reasons(part, wanted=wanted) for part in holding), key=len, default=[])
                return [one for part in parts for one in self.reasons(part, wanted=wanted)]
        return [self.reason(guard, verdict, wanted=wanted)]

    def obstacles(self, part: Guard, *, wanted: bool) -> list[Reason]:
        return [] if evaluate(part, self.reading) is wanted else self.reasons(part, wanted=wanted)

    def reason(self, test: Guard, verdict: Verdict, *, wanted: bool) -> Reason:
        curing = () if verdict is wanted else self.curing(test, wanted=wanted, seen=frozenset()) or ()
        text = self.sentences.say(test, verdict, still_open=curing)
        if curing:
            return Reason(text, verdict, test, "answer", curing[0], curing)
        match test:
            case Answered(question) | ValueIn(question) | Includes(question) | Compare(question) | Rows(table=question):
                return Reason(text, verdict, test, "answer", question)
            case StateIn() | InstancesIn():
                return Reason(text, verdict, test, "state", test)
            case KeyIs():
                # What an instance was opened for never changes.
                return Reason(text, verdict, test, "nothing", test)
            case DeadlineIs():
                return Reason(text, verdict, test, "deadline", test)
            case PanelIs():
                return Reason(text, verdict, test, "panel", test)
        return Reason(text, verdict, test, "fact", test)

    def curing(self, guard: Guard, *, wanted: bool, seen: frozenset[Guard]) -> tuple[QuestionRef, ...] | None:
        """Return the open questions that may yet make the guard as wanted, or None when answers alone cannot."""
        verdict = evaluate(guard, self.reading)
        if verdict is wanted:
            return ()
        match guard:
            case Not(part):
                return self.curing(part, wanted=not wanted, seen=seen)
            case And(parts) | Or(parts):
                found = [self.curing(part, wanted=wanted, seen=seen) for part in parts]
                possible = [one for one in found if one is not None]
                needs_all = isinstance(guard, And) is wanted
                if not possible or (needs_all and len(possible) < len(found)):
                    return None
                return _once(question for one in possible for question in one)
            case Answered(question):
                return (question,) if wanted else None
            case ValueIn(question) | Includes(question) | Compare(question) | Rows(table=question):
                return (question,) if verdict is None else None
            case FactIs(machine, fact) if guard not in seen:
                inside = self.wording.fact_guard(machine, fact)
                return None if inside is None else self.curing(inside, wanted=wanted, seen=seen | {guard})
        return None
