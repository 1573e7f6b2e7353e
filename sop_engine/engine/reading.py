"""A case as guards read it: from the place of one proceeding, with the newest instance of every other machine.

Facts are worked out once per reading and kept, since many guards ask for the same ones.
"""

from __future__ import annotations

from sop_engine.definition.model import Definition
from sop_engine.engine import panels
from sop_engine.guards.evaluate import compile_guard
from sop_engine.guards.tree import Guard, QuestionRef
from sop_engine.vocabulary import NOT_OPENED, Answer, Ballot, Case, DeadlineStatus, Proceeding


class CaseReading:
    """What the guards of one proceeding see of a case. Make a new one whenever the case changed."""

    def __init__(self, definition: Definition, case: Case, own: Proceeding | None = None) -> None:
        self.definition = definition
        self.case = case
        self.own = own
        self._facts: dict[tuple[str | None, str], bool | None] = {}
        self._elsewhere: dict[str, CaseReading] = {own.id if own else "": self}

    def holds(self, guard: Guard) -> bool | None:
        """Say whether a guard is true, false or open (None) here."""
        return compile_guard(guard)(self)

    def at(self, proceeding: Proceeding | None) -> CaseReading:
        """Return the reading of the same case from the place of another proceeding."""
        if proceeding is self.own:
            return self
        place = proceeding.id if proceeding else ""
        found = self._elsewhere.get(place)
        if found is None:
            found = self._elsewhere[place] = CaseReading(self.definition, self.case, proceeding)
            found._elsewhere = self._elsewhere
        return found

    def _place(self, machine: str | None) -> Proceeding | None:
        if machine is None or (self.own is not None and self.own.machine == machine):
            return self.own
        return self.case.newest(machine)

    # What a guard may ask (the protocol of ``guards.evaluate``).

    def answer(self, question: QuestionRef) -> Answer | None:
        place = self._place(question.machine)
        if place is None:
            return None
        if question.latest:
            return place.latest_answer(question.step, question.question)
        return place.answer(question.step, question.question)

    def fact(self, machine: str | None, name: str) -> bool | None:
        key = (machine, name)
        if key in self._facts:
            return self._facts[key]
        if machine is None:
            shared = self.definition.shared[name]
            if shared.kind == "derived":
                value = self.at(None).holds(shared.when) if self.own is not None else self.holds(shared.when)
            else:
                value = name in self.case.shared
        else:
            place = self._place(machine)
            fact = self.definition.machines[machine].facts[name]
            value = self.at(place).holds(fact.when) if place is not self.own else self.holds(fact.when)
        self._facts[key] = value
        return value

    def state(self, machine: str) -> str:
        place = self._place(machine)
        return place.state if place else NOT_OPENED

    def instances(self, machine: str) -> list[tuple[str | None, str]]:
        """Return (key, state) of the newest instance of every key, and of every instance of a machine without keys."""
        newest: dict[str | None, str] = {}
        unkeyed: list[tuple[str | None, str]] = []
        for proceeding in self.case.instances(machine):
            if proceeding.key is None:
                unkeyed.append((None, proceeding.state))
            else:
                newest[proceeding.key] = proceeding.state
        return [*newest.items(), *unkeyed]

    def deadline(self, machine: str | None, name: str) -> DeadlineStatus:
        place = self._place(machine)
        if place is None:
            return "not_started"
        qualified = f"{place.machine}.{name}"
        for run in reversed(self.case.deadlines):
            if run.name == qualified and run.proceeding == place.id:
                return run.status
        return "not_started"

    def panel(self, machine: str | None, panel: str, item: str) -> str:
        place = self._place(machine)
        if place is None:
            return "not_met" if item == "quorum" else "open"
        declared = self.definition.machines[place.machine].panels[panel]
        ballot = place.ballots.get(panel, Ballot(panel))
        if item == "quorum":
            return "met" if panels.has_quorum(declared, ballot) else "not_met"
        return panels.result(declared.questions[item], ballot)
