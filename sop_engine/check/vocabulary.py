"""Every variable of a set, made once: what the model can speak of."""

from __future__ import annotations

from dataclasses import dataclass

from sop_engine.check.formula import Truth, literal
from sop_engine.check.variables import (
    DEADLINE_VALUES,
    NO,
    NONE,
    OPEN,
    TRUTH,
    YES,
    Asked,
    Slot,
    Variable,
    VariableKind,
    answer_name,
    answer_values,
    asked_in,
    bit_name,
    deadline_name,
    did_name,
    done_name,
    earlier_name,
    every_guard,
    latest_name,
    panel_name,
    shared_name,
    slots_of,
    state_name,
    undo_name,
)
from sop_engine.definition.model import NEW, Definition, Machine, Question, Safeguard
from sop_engine.engine.permission import may_run_beside
from sop_engine.guards.tree import Rows
from sop_engine.vocabulary import CASE_MACHINE, NOT_OPENED


@dataclass(frozen=True, slots=True)
class Mark:
    """That taking a transition puts a value on what a safeguard, read at one slot, remembers."""

    variable: str
    value: str
    of: Slot

    def counts_at(self, slot: Slot) -> bool:
        return slot.machine != self.of.machine or slot == self.of


class Vocabulary:
    """The variables of a definition, and those that remember what was done for its safeguards.

    ``safeguards`` are all that are to be proved: those of the machines, and those that stand beside them.
    """

    def __init__(self, definition: Definition, safeguards: tuple[Safeguard, ...] = ()) -> None:
        self.definition = definition
        extra = [guard for safeguard in safeguards for guard in (safeguard.guard, safeguard.until)]
        self.variables: dict[str, Variable] = {}
        self.asked: dict[tuple[str, str, str], Asked] = {}
        self._by_slot: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        asked_in([*every_guard(definition), *extra], self.asked)
        self._reopened = frozenset(
            opening.machine
            for machine in definition.machines.values()
            for t in machine.transitions.values()
            for opening in t.opens
        )
        for fact in definition.shared.values():
            if fact.kind != "derived":
                self._add(Variable(shared_name(fact.name), "shared", TRUTH))
        for machine in definition.machines.values():
            for slot in slots_of(machine):
                self._machine(machine, slot)
            if self.may_run_twice(machine.name):
                for slot in slots_of(machine):
                    self._machine(machine, Slot(slot.machine, slot.key, is_earlier=True))
        self.marks: dict[str, list[Mark]] = {}
        self.functions: set[str] = set()
        for safeguard in safeguards:
            self._remember(safeguard)

    def _remember(self, safeguard: Safeguard) -> None:
        for function in safeguard.functions:
            self.functions.add(function)
            if done_name(function) not in self.variables:
                self._add(Variable(done_name(function), "did", TRUTH))
        if safeguard.pattern != "before":
            return
        for slot in slots_of(self.definition.machines[safeguard.machine]):
            for transition in safeguard.did:
                name = did_name(safeguard.qualified, transition, slot)
                if name not in self.variables:
                    self._add(Variable(name, "did", TRUTH))
                if safeguard.since:
                    self.marks.setdefault(safeguard.since, []).append(Mark(name, NO, slot))
            for transition in safeguard.did:
                name = did_name(safeguard.qualified, transition, slot)
                self.marks.setdefault(transition, []).append(Mark(name, YES, slot))

    def marked(self, slot: Slot, transition: str, function: str | None) -> tuple[tuple[str, str], ...]:
        """Return what is remembered when a transition is taken at a slot: later entries win.

        What another instance of the same procedure did does not count for this one, as in ``engine.monitors``.
        """
        found = {m.variable: m.value for m in self.marks.get(transition, ()) if m.counts_at(slot)}
        if function in self.functions:
            found[done_name(function or "")] = YES
        return tuple(found.items())

    def own_marks(self, slot: Slot) -> tuple[str, ...]:
        """Return what is forgotten when a new instance begins at a slot: what the one before it did."""
        own = (
            m.variable
            for transition, marks in self.marks.items()
            for m in marks
            if m.of == slot and transition.partition(".")[0] == slot.machine
        )
        return tuple(sorted(set(own)))

    def may_run_twice(self, machine: str) -> bool:
        """Say whether an earlier instance can still be at rest, and so can move, while a newer one runs."""
        declared = self.definition.machines[machine]
        can_reopen = declared.many_per_case or machine in self._reopened
        kinds = ("work", "wait", "rest") if may_run_beside(declared) else ("rest",)
        return can_reopen and any(
            state.kind in kinds and any(True for _ in declared.exits(state.name)) for state in declared.states.values()
        )

    def states_of(self, machine: Machine) -> tuple[str, ...]:
        """Return every value that the state of a machine can have, ``not_opened`` first."""
        starts = (NEW,) if any(t.from_new for t in machine.transitions.values()) else ()
        if machine.name == CASE_MACHINE:
            others = [name for name in machine.states if name != machine.starts_in]
            return (machine.starts_in, *others)
        return (NOT_OPENED, *machine.states, *starts)

    def question(self, machine: str, step: str, question: str) -> Question:
        return self.definition.machines[machine].steps[step].questions[question]

    def row_test_name(self, answer: str, test: Rows) -> str:
        machine, step, question = test.table.machine or "", test.table.step, test.table.question
        number = self.asked[(machine, step, question)].rows.index(test) + 1
        return f"{answer}#{number}"

    def step_variables(self, slot: Slot, step: str, *, latest: bool = False) -> tuple[str, ...]:
        """Return the variables of the answers of one step."""
        name_of = latest_name if latest else answer_name
        found: list[str] = []
        for question in self.definition.machines[slot.machine].steps[step].questions:
            name = name_of(slot, step, question)
            if name in self.variables:
                found += [name, *self.parts_of(name)]
        return tuple(found)

    def parts_of(self, answer: str) -> tuple[str, ...]:
        """Return the further variables of one answer: the choices it includes, the row tests it passes."""
        return self._parts.get(answer, ())

    def slot_variables(self, slot: Slot) -> tuple[str, ...]:
        """Return every variable of one slot but its state."""
        return self._by_slot.get(slot.name, ())

    def free(self, name: str, *, may_be_open: bool = False) -> Truth:
        """Return something the model does not follow: true, false or open at any moment."""
        full = f"free {name}"
        if full not in self.variables:
            self._add(Variable(full, "free", (OPEN, NO, YES) if may_be_open else TRUTH))
        return Truth(literal(full, {YES}), literal(full, {NO}))

    def _add(self, variable: Variable) -> None:
        self.variables[variable.name] = variable
        if variable.slot and variable.kind != "state":
            self._by_slot[variable.slot] = (*self._by_slot.get(variable.slot, ()), variable.name)

    def _machine(self, machine: Machine, slot: Slot) -> None:
        values = self.states_of(machine)
        self._add(Variable(state_name(slot), "state", values, slot.name))
        for step in machine.steps.values():
            for question in step.questions.values():
                asked = self.asked.get((machine.name, step.name, question.name))
                if asked is not None:
                    self._question(slot, question, asked)
        for deadline in machine.deadlines.values():
            self._add(Variable(deadline_name(slot, deadline.name), "deadline", DEADLINE_VALUES, slot.name))
        for panel in machine.panels.values():
            self._add(Variable(panel_name(slot, panel.name, "quorum"), "panel", ("not_met", "met"), slot.name))
            for item in panel.questions:
                results = ("open", "carried", "failed", "tied")
                self._add(Variable(panel_name(slot, panel.name, item), "panel", results, slot.name))
        if not slot.is_earlier:
            self._add(
                Variable(
                    undo_name(slot), "undo", (NONE, *(value for value in values if value != NOT_OPENED)), slot.name
                )
            )
            if self.may_run_twice(machine.name):
                self._add(Variable(earlier_name(slot), "earlier", TRUTH, slot.name))

    def _question(self, slot: Slot, question: Question, asked: Asked) -> None:
        values, meaning = answer_values(question, asked)
        names = [answer_name(slot, question.step, question.name)]
        if asked.latest:
            names.append(latest_name(slot, question.step, question.name))
        for name in names:
            kind: VariableKind = "answer" if name == names[0] else "latest"
            self._add(Variable(name, kind, values, slot.name, meaning))
            parts = []
            for choice in sorted(asked.choices):
                parts.append(bit_name(name, choice))
                self._add(Variable(parts[-1], kind, TRUTH, slot.name))
            for number, _ in enumerate(asked.rows, start=1):
                parts.append(f"{name}#{number}")
                self._add(Variable(parts[-1], "rows", (OPEN, NO, YES), slot.name))
            self._parts[name] = tuple(parts)
