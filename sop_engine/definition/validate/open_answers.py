"""Guards that must not hang on an unanswered question: of automatic transitions, and of points where a rule decides.

Unanswered is open, and open opens no door. Where a person chooses, the page says which question is open; where nobody
does, the case would silently stand still. The reading is cautious: it knows ``answered`` beside a test, and nothing of
what earlier states made sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sop_engine.definition.faults import Finding
from sop_engine.definition.guard_places import inlined
from sop_engine.definition.model import Definition, Transition
from sop_engine.definition.validate.findings import warning
from sop_engine.guards.tree import (
    And,
    Answered,
    Compare,
    Guard,
    Includes,
    Not,
    Or,
    QuestionRef,
    Rows,
    ValueIn,
)


def open_answers(definition: Definition) -> Iterator[Finding]:
    """Find automatic transitions and rule points whose guards can be neither true nor false."""
    reading = _Reading(definition)
    for machine in definition.machines.values():
        for transition in machine.transitions.values():
            at_rule = [name for name in transition.from_states if _is_rule(definition, machine.name, name)]
            if transition.is_fact or not (transition.auto or at_rule):
                continue
            open_ = sorted({_told(question) for question in reading.open_in(transition.when)})
            if open_:
                yield _finding(transition, open_, at_rule)


def _finding(transition: Transition, open_: list[str], at_rule: list[str]) -> Finding:
    where = "an automatic transition" if transition.auto else f"the rule point {', '.join(at_rule)}"
    found = f'found "{transition.name}" reading {", ".join(open_)}, which may be unanswered'
    why = f"{where} would stand still without anybody knowing"
    mend = "put “answered …” beside the test, or be sure that an earlier exit requires the answer"
    return warning(transition.span, found, why, mend)


def _is_rule(definition: Definition, machine: str, state: str) -> bool:
    found = definition.machines[machine].states.get(state)
    return found is not None and found.point == "rule"


def _told(question: QuestionRef) -> str:
    return ".".join(part for part in (question.machine, question.step, question.question) if part)


@dataclass(frozen=True, slots=True)
class _Reading:
    definition: Definition

    def open_in(self, guard: Guard) -> frozenset[QuestionRef]:
        """Return the questions whose missing answer can leave the guard open."""
        return self._open(inlined(self.definition, guard), frozenset())

    def _open(self, guard: Guard, answered: frozenset[QuestionRef]) -> frozenset[QuestionRef]:
        match guard:
            case And(parts):
                # Open means that no part is false: so every “answered q” beside it is true.
                known = answered | {part.question for part in _flat(parts, And) if isinstance(part, Answered)}
                return self._union(parts, known)
            case Or(parts):
                # Open means that no part is true: so every “not answered q” beside it is false.
                negated = (part.part for part in _flat(parts, Or) if isinstance(part, Not))
                return self._union(parts, answered | {part.question for part in negated if isinstance(part, Answered)})
            case Not(part):
                return self._open(part, answered)
            case ValueIn(question) | Includes(question) | Rows(_, question):
                return frozenset() if question in answered else frozenset({question})
            case Compare(question):
                is_sure = question in answered and not self._may_be_unknown(question)
                return frozenset() if is_sure else frozenset({question})
            case _:
                return frozenset()

    def _union(self, parts: tuple[Guard, ...], answered: frozenset[QuestionRef]) -> frozenset[QuestionRef]:
        return frozenset().union(*(self._open(part, answered) for part in parts))

    def _may_be_unknown(self, question: QuestionRef) -> bool:
        machine = self.definition.machines.get(question.machine or "")
        step = machine.steps.get(question.step) if machine else None
        asked = step.questions.get(question.question) if step else None
        return bool(asked and asked.may_be)


def _flat(parts: tuple[Guard, ...], kind: type[And] | type[Or]) -> Iterator[Guard]:
    for part in parts:
        if isinstance(part, kind):
            yield from _flat(part.parts, kind)
        else:
            yield part
