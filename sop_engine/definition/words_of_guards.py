"""What the words of a set's guards range over: answers of a question, states of a machine, what a fact means."""

from __future__ import annotations

from sop_engine.definition.model import Definition
from sop_engine.guards.implication import Vocabulary
from sop_engine.guards.tree import Guard, QuestionRef


def words_of(definition: Definition) -> Vocabulary:
    """Return the vocabulary of a set, for comparing guards."""

    def choices(ref: QuestionRef) -> tuple[str, ...]:
        machine = definition.machines.get(ref.machine or "")
        step = machine.steps.get(ref.step) if machine else None
        question = step.questions.get(ref.question) if step else None
        if question is None or question.answer not in ("yes_no", "choice"):
            return ()
        offered = ("yes", "no") if question.answer == "yes_no" else tuple(question.choices)
        return (*offered, *question.may_be)

    def fact(machine: str | None, name: str) -> Guard | None:
        if machine is None:
            shared = definition.shared.get(name)
            return shared.when if shared is not None and shared.kind == "derived" else None
        declared = definition.machines[machine].facts.get(name) if machine in definition.machines else None
        return declared.when if declared else None

    def states(machine: str) -> tuple[str, ...]:
        declared = definition.machines.get(machine)
        return tuple(declared.states) if declared else ()

    latches = frozenset(name for name, shared in definition.shared.items() if shared.kind != "derived")
    return Vocabulary(choices=choices, fact=fact, states=states, latches=latches)
