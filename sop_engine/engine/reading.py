"""A case as guards read it: from the place of one proceeding, with the newest instance of every other machine.

Facts are worked out once per reading and kept, since many guards ask for the same ones.
"""

from __future__ import annotations

from sop_engine.definition.model import Definition
from sop_engine.engine import panels
from sop_engine.guards.evaluate import compile_guard
from sop_engine.guards.tree import Guard, QuestionRef
from sop_engine.vocabulary import NOT_OPENED, Answer, Ballot, Case, DeadlineRun, DeadlineStatus, Proceeding


class CaseReading:
    """What the guards of one proceeding see of a case. Make a new one whenever the case changed."""

    __slots__ = ("_elsewhere", "_facts", "_newest", "_runs", "case", "definition", "own")

    def __init__(self, definition: Definition, case: Case, own: Proceeding | None = None) -> None:
        self.definition = definition
        self.case = case
        self.own = own
        self._facts: dict[tuple[str | None, str], bool | None] = {}
        # Shared by the readings of all places of the same case.
        self._elsewhere: dict[str, CaseReading] = {own.id if own else "": self}
        self._newest: dict[str, Proceeding] = {}
        self._runs: dict[tuple[str, str], DeadlineRun] = {}

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
            found._elsewhere, found._newest, found._runs = self._elsewhere, self._newest, self._runs
        return found

    def _place(self, machine: str | None) -> Proceeding | None:
        if machine is None or (self.own is not None and self.own.machine == machine):
            return self.own
        if not self._newest:
            self._newest.update((p.machine, p) for p in self.case.proceedings)
        return self._newest.get(machine)

    def last_run(self, proceeding: Proceeding, deadline: str) -> DeadlineRun | None:
        """Return the newest run of a deadline in one proceeding, or None before it first started."""
        if not self._runs:
            self._runs.update(((run.proceeding, run.name.split(".", 1)[1]), run) for run in self.case.deadlines)
        return self._runs.get((proceeding.id, deadline))

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
            if shared.kind != "derived":
                value: bool | None = name in self.case.shared
            else:
                value = self.holds(shared.when) if self.own is None else self.at(None).fact(None, name)
        else:
            place = self._place(machine)
            if place is self.own:
                value = self.holds(self.definition.machines[machine].facts[name].when)
            else:
                value = self.at(place).fact(machine, name)
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

    def key(self, machine: str | None) -> str | None:
        place = self._place(machine)
        return place.key if place else None

    def deadline(self, machine: str | None, name: str) -> DeadlineStatus:
        place = self._place(machine)
        if place is None:
            return "not_started"
        run = self.last_run(place, name)
        return run.status if run else "not_started"

    def panel(self, machine: str | None, panel: str, item: str) -> str:
        place = self._place(machine)
        if place is None:
            return "not_met" if item == "quorum" else "open"
        declared = self.definition.machines[place.machine].panels[panel]
        ballot = place.ballots.get(panel, Ballot(panel))
        if item == "quorum":
            return "met" if panels.has_quorum(declared, ballot) else "not_met"
        return panels.result(declared.questions[item], ballot)
