"""A small invented procedure to ask guards of: its names, its words, and a case that can be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sop_engine.guards.grammar import parse
from sop_engine.guards.tree import Guard, QuestionRef, Span
from sop_engine.guards.types import MachineNames, Names, QuestionNames, resolve
from sop_engine.vocabulary import NOT_OPENED, Answer, DeadlineStatus

START = Span("screening.yaml", 7, 11)
OFFERED = ("unknown", "prefers_not_to_say")

SCREENING = MachineNames(
    steps={
        "intake": {
            "age": QuestionNames(answer="number", may_be=("unknown",)),
            "accompanied": QuestionNames(answer="yes_no"),
            "afraid": QuestionNames(answer="yes_no", may_be=OFFERED),
            "route": QuestionNames(answer="choice", choices=("land", "sea", "1951")),
            "needs": QuestionNames(answer="many", choices=("SC-UC", "care")),
            "story": QuestionNames(answer="text"),
            "family": QuestionNames(
                answer="table",
                columns={
                    "relation": QuestionNames(answer="choice", choices=("child", "parent")),
                    "age": QuestionNames(answer="number"),
                },
            ),
        }
    },
    facts=frozenset({"child_alone", "recorded"}),
    states=frozenset({"arrived", "referred"}),
    deadlines=frozenset({"complete"}),
    panels={"committee": frozenset({"inclusion"})},
)
REFERRAL = MachineNames(
    states=frozenset({"drafted", "sent"}), keys=("asylum", "legal_aid"), facts=frozenset({"accepted"})
)
NAMES = Names(machines={"screening": SCREENING, "referral": REFERRAL}, shared=frozenset({"fear_expressed"}))

FACTS = {
    "child_alone": (
        "intake.age < 18 and intake.accompanied is no",
        "The person is a child alone.",
        "There is an adult.",
    ),
    "recorded": ("answered intake.age and answered intake.route", "The arrival is recorded.", "The record has gaps."),
}


def guard(text: str, machine: str = "screening") -> Guard:
    """Return a guard of the screening, or of the referral, parsed and resolved."""
    return resolve(parse(text, at=START), machine=machine, names=NAMES)


@dataclass(frozen=True)
class ExampleCase:
    """A reading of an invented case; questions of ``intake`` by their bare names."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    states: Mapping[str, str] = field(default_factory=dict)
    opened_for: str | None = None
    referrals: Sequence[tuple[str | None, str]] = ()
    complete: DeadlineStatus = "not_started"
    results: Mapping[str, str] = field(default_factory=dict)

    def answer(self, question: QuestionRef) -> Answer | None:
        return self.answers.get(question.question)

    def fact(self, machine: str | None, name: str) -> bool | None:
        from sop_engine.guards.evaluate import evaluate

        return name in self.shared if machine is None else evaluate(guard(FACTS[name][0]), self)

    def state(self, machine: str) -> str:
        return self.states.get(machine, NOT_OPENED)

    def instances(self, machine: str) -> Sequence[tuple[str | None, str]]:
        return self.referrals

    def key(self, machine: str | None) -> str | None:
        return self.opened_for

    def deadline(self, machine: str | None, name: str) -> DeadlineStatus:
        return self.complete

    def panel(self, machine: str | None, panel: str, item: str) -> str:
        return self.results.get(item, "not_met" if item == "quorum" else "open")


class ExampleWords:
    """The words of the invented procedure, in English."""

    def question_text(self, ref: QuestionRef) -> str:
        return {
            "age": "How old is the person?",
            "accompanied": "Is an adult with the person?",
            "afraid": "Is the person afraid of return?",
            "route": "How did the person arrive?",
            "needs": "Which needs are there?",
            "family": "Family members",
        }[ref.question]

    def choice_text(self, ref: QuestionRef, value: str) -> str:
        return value.replace("_", " ").capitalize()

    def column_text(self, table: QuestionRef, column: str) -> str:
        return column.capitalize()

    def column_choice_text(self, table: QuestionRef, column: str, value: str) -> str:
        return value.capitalize()

    def fact_says(self, machine: str | None, fact: str) -> str:
        return FACTS[fact][1] if machine else "The person has expressed fear."

    def fact_if_not(self, machine: str | None, fact: str) -> str:
        return FACTS[fact][2] if machine else "No fear is on record."

    def fact_guard(self, machine: str | None, fact: str) -> Guard | None:
        return guard(FACTS[fact][0]) if machine else None

    def machine_title(self, machine: str) -> str:
        return f"The {machine}"

    def state_title(self, machine: str, state: str) -> str:
        return state.capitalize()

    def key_title(self, machine: str, key: str) -> str:
        return key.replace("_", " ")

    def deadline_title(self, machine: str | None, deadline: str) -> str:
        return "Complete the screening"

    def panel_title(self, machine: str | None, panel: str) -> str:
        return f"The {panel}"

    def panel_question(self, machine: str | None, panel: str, item: str) -> str:
        return "Is the person a refugee?"
