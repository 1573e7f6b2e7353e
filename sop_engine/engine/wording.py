"""The sentences of a definition, as explanations of guards and refusals need them, in one language.

Nothing here knows a person's answers: explanations name questions, states and rules, never what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sop_engine.definition.model import Definition, Question
from sop_engine.guards.tree import Guard, QuestionRef
from sop_engine.vocabulary import NOT_OPENED

Translate = Callable[[str], str]

COMMON_ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not known", "prefers_not_to_say": "Prefers not to say"}
"""The words of answers that every list may offer."""


class Wording:
    """What guards.explain asks about names, answered from a definition; ``say`` translates a declared text."""

    def __init__(self, definition: Definition, *, say: Translate = str) -> None:
        self.definition = definition
        self.say = say

    def question(self, ref: QuestionRef) -> Question:
        """Return the declared question of a resolved reference."""
        return self.definition.machines[ref.machine or ""].steps[ref.step].questions[ref.question]

    def question_text(self, ref: QuestionRef) -> str:
        return self.say(self.question(ref).ask)

    def choice_text(self, ref: QuestionRef, value: str) -> str:
        return self.say(self.question(ref).choices.get(value) or COMMON_ANSWERS.get(value, value))

    def column_text(self, table: QuestionRef, column: str) -> str:
        return self.say(self.question(table).columns[column].ask)

    def column_choice_text(self, table: QuestionRef, column: str, value: str) -> str:
        return self.say(self.question(table).columns[column].choices.get(value) or COMMON_ANSWERS.get(value, value))

    def fact_says(self, machine: str | None, fact: str) -> str:
        declared = self.definition.shared[fact] if machine is None else self.definition.machines[machine].facts[fact]
        return self.say(declared.says)

    def fact_if_not(self, machine: str | None, fact: str) -> str:
        declared = self.definition.shared[fact] if machine is None else self.definition.machines[machine].facts[fact]
        return self.say(declared.if_not)

    def fact_guard(self, machine: str | None, fact: str) -> Guard | None:
        """Return the guard that defines a fact, or None for a latch or switch."""
        if machine is not None:
            return self.definition.machines[machine].facts[fact].when
        shared = self.definition.shared[fact]
        return shared.when if shared.kind == "derived" else None

    def machine_title(self, machine: str) -> str:
        return self.say(self.definition.machines[machine].title)

    def state_title(self, machine: str, state: str) -> str:
        declared = self.definition.machines[machine].states.get(state)
        if declared is None:
            return self.say("not opened") if state == NOT_OPENED else self.say("new")
        return self.say(declared.title)

    def key_title(self, machine: str, key: str) -> str:
        return self.say(key.replace("_", " "))

    def deadline_title(self, machine: str | None, deadline: str) -> str:
        return self.say(deadline.replace("_", " ").capitalize())

    def panel_title(self, machine: str | None, panel: str) -> str:
        return self.say(panel.replace("_", " ").capitalize())

    def panel_question(self, machine: str | None, panel: str, item: str) -> str:
        declared = self.definition.machines[machine or ""].panels[panel].questions.get(item)
        return self.say(declared.ask) if declared else item

    def role_titles(self, roles: Iterable[str]) -> tuple[str, ...]:
        known = self.definition.roles
        return tuple(sorted(self.say(known[r].title) if r in known else r for r in roles))

    def function_titles(self, functions: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self.say(self.definition.functions.get(f, f.replace("_", " "))) for f in functions))
