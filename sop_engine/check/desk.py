"""An invented office that plays a case on the real engine: it finds people, answers and time for what has to happen.

Stories of counterexamples and the paths that cover every transition are both played here; each act is kept as a line of
a worked example, so that anybody can play it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sop_engine.check.bdd import Prover
from sop_engine.check.formula import TRUE, Formula, all_of, holds, literal
from sop_engine.check.ir import Model, fitting_answers
from sop_engine.check.plausible_answers import answers_for
from sop_engine.check.project import state_of
from sop_engine.check.slices import Slice
from sop_engine.check.variables import Slot, slots_of
from sop_engine.definition.model import NEW, Step, Transition
from sop_engine.engine.apply import apply, open_case
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.engine.rounds import next_round, open_round
from sop_engine.vocabulary import (
    CASE_MACHINE,
    NOT_OPENED,
    THE_SYSTEM,
    Actor,
    Answer,
    AnswerStep,
    AttendPanel,
    Case,
    EnterFromPaper,
    Event,
    OpenFile,
    OpenProceeding,
    PassTime,
    Proceeding,
    TakeTransition,
    Vote,
)

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
NAMES = (
    "ana", "ben", "cho", "dan", "eva", "fay", "gus", "hal", "ivy", "jon", "kim", "leo", "mia", "ned", "ola", "pia",
    "ray", "sue", "tom", "una", "vic", "wyn", "xia", "yan", "zoe", "abe", "bea", "cal", "dee", "eli", "flo", "gil",
    "hugo", "ida", "jade", "kai", "lena", "max", "nora", "otto", "paz", "quin", "rosa", "seth", "tess", "uri",
    "vera", "walt", "yves", "zara",
)  # fmt: skip


class Stuck(Exception):
    """What was to be played cannot be: the engine refuses it, and nothing the office can do helps."""


@dataclass
class Desk:
    """One case being played. ``lines`` are the steps of a worked example so far."""

    model: Model
    at: datetime = START
    case: Case = field(init=False)
    people: dict[str, str] = field(default_factory=dict)
    """Name → role: every invented officer holds exactly one."""
    lines: list[dict[str, Any]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    started: datetime = START
    takes_paper: bool = True
    """Whether running paper files may be brought in. They are outside every proof, so a story may not use them."""

    def __post_init__(self) -> None:
        opener = THE_SYSTEM
        self.case, _ = open_case(
            self.model.definition, case_id="c1", number="XN-1", office="north", actor=opener,
            event=PassTime(by=opener, at=self.at), role="system",
        )  # fmt: skip

    def copy(self) -> Desk:
        """Return a desk at the same point, so that more than one thing can be tried from here."""
        other = Desk(self.model, self.at, dict(self.people), list(self.lines), list(self.events), self.started)
        other.takes_paper, other.case = self.takes_paper, self.case
        return other

    def tell(self, event: Event) -> None:
        """Tell the engine that something happens. Raises NotOffered, InvalidAnswers."""
        self.case, _ = apply(self.model.definition, self.case, event)
        self.events.append(event)

    # --- people

    def _officers(self, roles: Iterable[str]) -> Iterable[Actor]:
        """Yield people for an act: those who are there first, then a new one."""
        wanted = sorted(roles)
        for name, role in list(self.people.items()):
            if role in wanted:
                yield Actor(name, frozenset({role}))
        for role in wanted[:1]:
            name = next(n for n in (*NAMES, *(f"{n}2" for n in NAMES)) if n not in self.people)
            self.people[name] = role
            yield Actor(name, frozenset({role}))

    def _send(self, roles: Iterable[str], make: Any, line: dict[str, Any]) -> None:
        """Let somebody do it; another person where the first may not. Raises Stuck with the engine's reasons."""
        refused: Exception | None = None
        known = set(self.people)
        for actor in self._officers(roles):
            event: Event = make(actor)
            try:
                self.tell(event)
            except NotOffered as reasons:
                refused = reasons
                if {r.code for r in reasons.reasons} - {"other_person"}:
                    break
                continue
            except InvalidAnswers as invalid:
                refused = invalid
                break
            self.lines.append({"by": actor.user, **line})
            self.at += timedelta(minutes=1)
            self.tell(PassTime(by=THE_SYSTEM, at=self.at))
            return
        for name in set(self.people) - known:
            del self.people[name]
        raise Stuck(str(refused))

    # --- acts

    def open(self, slot: Slot, roles: Iterable[str]) -> None:
        line = {"opens": slot.machine, **({"key": slot.key} if slot.key else {})}
        self._send(roles, lambda by: OpenProceeding(by=by, at=self.at, machine=slot.machine, key=slot.key), line)

    def enter_from_paper(self, slot: Slot, state: str) -> None:
        if not self.takes_paper:
            raise Stuck("a paper file would be needed")
        roles = [name for name in self.model.definition.roles if name.endswith("supervisor")]
        line = {"enters_paper": slot.machine, "state": state, "reason": "A running paper file."}
        line |= {"key": slot.key} if slot.key else {}
        self._send(
            roles,
            lambda by: EnterFromPaper(
                by=by, at=self.at, machine=slot.machine, state=state, key=slot.key, reason="A running paper file."
            ),
            line,
        )

    def answer(self, place: Proceeding, step: Step, wanted: Mapping[str, str]) -> None:
        answers = answers_for(self.model.words, self.case, place, step, open_round(place, step.name), wanted, self.at)
        line = {"answers": f"{place.machine}.{step.name}", **_key(place), "with": written(answers)}
        make = lambda by: AnswerStep(by=by, at=self.at, proceeding=place.id, step=step.name, answers=answers)  # noqa: E731
        self._send(step.by, make, line)

    def take(self, slot: Slot, transition: Transition, wanted: Mapping[str, str]) -> None:
        place = self.case.newest(slot.machine, slot.key)
        is_new = transition.from_new and (place is None or place.state not in transition.from_states)
        if is_new:
            where = f"new {slot.machine}" + (f" {slot.key}" if slot.key else "")
            place = Proceeding(where, slot.machine, slot.key, NEW, self.at, self.at)
        if place is None:
            raise Stuck(f"{slot.name} does not run.")
        answers: dict[str, Answer] = {}
        if transition.asks:
            step = self.model.definition.machines[slot.machine].steps[transition.asks]
            number = next_round(place, step.name)
            answers = answers_for(self.model.words, self.case, place, step, number, wanted, self.at)
        line: dict[str, Any] = {"does": transition.qualified, **_key(place)}
        line |= {"with": written(answers)} if answers else {}
        make = lambda by: TakeTransition(  # noqa: E731
            by=by, at=self.at, proceeding=place.id, transition=transition.name, answers=answers
        )
        self._send(transition.by, make, line)

    def wait_for(self, deadline: str, place: Proceeding) -> None:
        """Let time pass until a deadline falls due."""
        runs = [
            r for r in self.case.deadlines if r.name == deadline and r.proceeding == place.id and r.ended_at is None
        ]
        if not runs or runs[-1].status != "running" or runs[-1].paused_at is not None:
            raise Stuck(f"{deadline} does not run.")
        gap = runs[-1].due_at - self.at
        hours = max(1, int(gap.total_seconds() // 3600) + 1)
        self.at += timedelta(hours=hours)
        self.tell(PassTime(by=THE_SYSTEM, at=self.at))
        self.lines.append({"wait": f"{hours} hours"})

    def sit(self, place: Proceeding, panel_name: str, results: Mapping[str, str]) -> None:
        """Seat a panel and let it vote; all of one mind, or split evenly for a tie."""
        panel = self.model.definition.machines[place.machine].panels[panel_name]
        size = panel.at_least + (panel.at_least % 2 if "tied" in results.values() else 1 - panel.at_least % 2)
        for number in range(max(1, size)):
            roles = {panel.chair} if number == 0 else panel.members
            self._seat(place, panel_name, roles, results, number)

    def _seat(
        self, place: Proceeding, panel: str, roles: Iterable[str], results: Mapping[str, str], number: int
    ) -> None:
        role = min(roles)
        name = next(n for n in (*NAMES, *(f"{n}2" for n in NAMES)) if n not in self.people)
        self.people[name] = role
        by = Actor(name, frozenset({role}))
        votes = {q: _vote(result, number) for q, result in results.items() if result != "open"}
        named = f"{place.machine}.{panel}"
        events: list[tuple[Event, dict[str, Any]]] = [
            (
                AttendPanel(by=by, at=self.at, proceeding=place.id, panel=panel, as_chair=number == 0),
                {"sits": named, **({"as": "chair"} if number == 0 else {})},
            ),
            (OpenFile(by=by, at=self.at, proceeding=place.id, panel=panel), {"opens_file": place.machine}),
        ]
        if votes:
            reasons = "Reasons of a member."
            events.append(
                (
                    Vote(by=by, at=self.at, proceeding=place.id, panel=panel, votes=votes, reasons=reasons),
                    {"votes": named, "with": votes, "reasons": reasons},
                )
            )
        for event, line in events:
            try:
                self.tell(event)
            except (NotOffered, InvalidAnswers) as refused:
                raise Stuck(str(refused)) from refused
            self.lines.append({"by": name, **line, **_key(place)})

    # --- bringing something about

    def is_so(self, formula: Formula) -> bool:
        state = state_of(self.model, self.case)
        return formula.support <= state.keys() and holds(formula, state)

    def arrange(self, formula: Formula, *, deep: int = 2) -> None:
        """Make a formula true by answering open steps, recording facts, bringing in files, waiting. Raises Stuck."""
        for _ in range(4):
            if self.is_so(formula):
                return
            wanted = self._changes(formula)
            if wanted is None:
                raise Stuck("nothing the office can do brings this about")
            self._bring_about(wanted, deep)
        if not self.is_so(formula):
            raise Stuck("what is needed does not come about")

    def _changes(self, formula: Formula) -> dict[str, str] | None:
        """Return values that would make a formula true, changing what is easiest: answers, then files, facts, time."""
        state = state_of(self.model, self.case)
        names = sorted({*formula.support, *(n for step in self._open_steps() for n in self._variables(*step))})
        prover = Prover(Slice(self.model, frozenset(names)), {})
        goal = prover.diagram(formula) & prover.valid(names)
        answerable = {n for place, step in self._open_steps() for n in self._variables(place, step)}
        askable = {n for slot, t in self._asking_acts() for n in self._asked_variables(slot, t)}
        for place, step in self._open_steps():
            touched = [n for n in self._variables(place, step) if n in formula.support]
            if touched:
                goal &= prover.diagram(fitting_answers(self.model.reader, _slot(place), step.name))
        for kind, more in WAYS:
            fixed = {
                name: state[name]
                for name in formula.support
                if name in state
                and name not in answerable
                and not (more and name in askable)
                and self.model.words.variables[name].kind not in kind
            }
            found = goal & prover.cube(fixed)
            if found == prover.manager.false:
                continue
            # As much as possible stays as it is.
            for name in names:
                if name in state:
                    same = found & prover.literal(name, frozenset({state[name]}))
                    found = same if same != prover.manager.false else found
            picked = prover.decode(found, names)
            return {n: v for n, v in picked.items() if state.get(n) != v}
        return None

    def _open_steps(self) -> list[tuple[Proceeding, Step]]:
        found = []
        for machine in self.model.definition.machines.values():
            for slot in slots_of(machine):
                place = self.case.newest(machine.name, slot.key)
                state = machine.states.get(place.state) if place else None
                found += [(place, machine.steps[s]) for s in (state.steps if state else ()) if place]
        return found

    def _asking_acts(self) -> list[tuple[Slot, Transition]]:
        """Return the acts of the case itself that record answers without moving it: whatever anybody learns."""
        place = self.case.newest(CASE_MACHINE)
        machine = self.model.definition.machines[CASE_MACHINE]
        state = place.state if place else ""
        return [
            (Slot(CASE_MACHINE), t) for t in machine.exits(state) if t.asks and t.target is None and not t.is_adverse
        ]

    def _asked_variables(self, slot: Slot, transition: Transition) -> tuple[str, ...]:
        step = transition.asks or ""
        words = self.model.words
        return (*words.step_variables(slot, step), *words.step_variables(slot, step, latest=True))

    def _variables(self, place: Proceeding, step: Step) -> tuple[str, ...]:
        slot = _slot(place)
        return (
            *self.model.words.step_variables(slot, step.name),
            *self.model.words.step_variables(slot, step.name, latest=True),
        )

    def _bring_about(self, wanted: Mapping[str, str], deep: int) -> None:
        variables = self.model.words.variables
        state = state_of(self.model, self.case)
        for name, value in wanted.items():
            variable = variables[name]
            slot = _slot_named(variable.slot)
            place = self.case.newest(slot.machine, slot.key) if slot else None
            if variable.kind == "state" and slot and slot.machine != CASE_MACHINE and value != NOT_OPENED:
                self.enter_from_paper(slot, value)
            elif variable.kind == "shared" and deep:
                self._record_fact(name.removeprefix("fact "), value == "yes", deep - 1)
            elif variable.kind == "deadline" and value == "expired" and place and slot:
                self.wait_for(f"{slot.machine}.{name.rsplit(' ', 1)[1]}", place)
        for slot, transition in self._asking_acts():
            asked = {
                n.replace(":latest ", ":"): wanted[n] for n in self._asked_variables(slot, transition) if n in wanted
            }
            if asked:
                try:
                    self.take(slot, transition, self._asked(slot, transition, asked))
                    continue
                except Stuck:
                    pass
        for place, step in self._open_steps():
            mine = self._variables(place, step)
            if any(name in wanted for name in mine):
                now = {n: wanted.get(n, state[n]) for n in mine if n in state or n in wanted}
                plain = {n.replace(":latest ", ":"): v for n, v in now.items()} | {
                    n: v for n, v in now.items() if ":latest " not in n
                }
                fresh = self.case.newest(place.machine, place.key) or place
                self.answer(fresh, step, plain)
        for slot_name in dict.fromkeys(v.slot for n, v in ((n, variables[n]) for n in wanted) if v.kind == "panel"):
            slot = _slot_named(slot_name)
            place = self.case.newest(slot.machine, slot.key) if slot else None
            items = [
                n.rsplit("panel ", 1)[1]
                for n in wanted
                if variables[n].kind == "panel" and variables[n].slot == slot_name
            ]
            for panel in dict.fromkeys(item.split(".", 1)[0] for item in items):
                if place:
                    self.sit(place, panel, self._results(slot_name, panel, wanted))

    def _results(self, slot: str, panel: str, wanted: Mapping[str, str]) -> dict[str, str]:
        machine = self.model.definition.machines[slot.partition("[")[0]]
        return {q: wanted.get(f"{slot}:panel {panel}.{q}", "failed") for q in machine.panels[panel].questions}

    def _record_fact(self, fact: str, is_set: bool, deep: int) -> None:
        """Set or clear a fact of the case by one of the acts that write it."""
        declared = self.model.definition.shared[fact]
        for qualified in sorted(
            declared.set_by if is_set else declared.cleared_by, key=lambda q: not q.startswith("case.")
        ):
            machine, name = qualified.split(".", 1)
            transition = self.model.definition.machines[machine].transitions[name]
            for slot in slots_of(self.model.definition.machines[machine]):
                try:
                    self.do(slot, transition, deep=deep)
                    return
                except Stuck:
                    continue
        when = declared.set_when if is_set else declared.cleared_when
        if when is None or not deep:
            raise Stuck(f"nothing the office can do {'sets' if is_set else 'clears'} {fact}")
        self.arrange(self.model.reader.true(when, None), deep=deep)

    def do(self, slot: Slot, transition: Transition, *, deep: int = 2, prefer: Mapping[str, str] | None = None) -> None:
        """Bring about what a transition needs, and take it, with preferred answers where they are accepted.

        Raises Stuck.
        """
        reader = self.model.reader
        is_new = transition.from_new and not self._stands_in(slot, transition)
        here = TRUE if is_new else literal(slot.name, transition.from_states)
        panel = self._panel_done(slot, transition)
        self.arrange(all_of(here, reader.true(transition.when, slot), panel) if not is_new else TRUE, deep=deep)
        asked = self.model.words.step_variables(slot, transition.asks) if transition.asks else ()
        try:
            answers = self._asked(slot, transition, {n: v for n, v in (prefer or {}).items() if n in asked})
        except Stuck:
            answers = self._asked(slot, transition)
        self.take(slot, transition, answers)

    def _stands_in(self, slot: Slot, transition: Transition) -> bool:
        place = self.case.newest(slot.machine, slot.key)
        return place is not None and place.state in transition.from_states

    def _panel_done(self, slot: Slot, transition: Transition) -> Formula:
        for event in self.model.writers(slot.name):
            if event.subject == transition.name and event.kind == "act" and transition.decided_by:
                return event.guard
        return TRUE

    def _asked(self, slot: Slot, transition: Transition, wanted: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return answers that the act itself accepts."""
        if transition.asks is None:
            return {}
        state = state_of(self.model, self.case)
        asked = self.model.words.step_variables(slot, transition.asks)
        needed = all_of(
            fitting_answers(self.model.reader, slot, transition.asks), self.model.reader.true(transition.requires, slot)
        )
        for safeguard in self.model.definition.machines[slot.machine].safeguards.values():
            if safeguard.pattern == "doing" and safeguard.transition == transition.qualified:
                needed = all_of(needed, self.model.reader.true(safeguard.guard, slot))
        names = sorted({*needed.support, *asked})
        prover = Prover(Slice(self.model, frozenset(names)), {})
        fixed = {n: state[n] for n in names if n not in asked and n in state}
        found = prover.diagram(needed) & prover.valid(names) & prover.cube(fixed)
        for name, value in (wanted or {}).items():
            found &= prover.literal(name, frozenset({value}))
        if found == prover.manager.false:
            raise Stuck(f"no answers are accepted by {transition.qualified} now")
        return {n: v for n, v in prover.decode(found, names).items() if n in asked}


WAYS: tuple[tuple[frozenset[str], bool], ...] = (
    (frozenset(), False),
    (frozenset(), True),
    (frozenset({"panel"}), True),
    (frozenset({"state"}), True),
    (frozenset({"deadline"}), True),
    (frozenset({"shared", "panel"}), True),
    (frozenset({"shared", "state"}), True),
    (frozenset({"shared", "state", "deadline", "panel"}), True),
)
"""Kinds of variables that may be changed, and whether by acts that ask for answers: the plainest way first."""


def _vote(result: str, number: int) -> str:
    if result == "tied":
        return "yes" if number % 2 else "no"
    return "yes" if result == "carried" else "no"


def _key(place: Proceeding) -> dict[str, str]:
    return {"key": place.key} if place.key else {}


def _slot(place: Proceeding) -> Slot:
    return Slot(place.machine, place.key)


def _slot_named(name: str) -> Slot | None:
    if not name:
        return None
    machine, _, key = name.partition("[")
    return Slot(machine, key.removesuffix("]") or None)


def written(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return answers as a worked example writes them: moments without seconds and zone letters."""
    return {name: _written(value) for name, value in answers.items()}


def _written(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 17 and value.endswith("Z") and value[10] == "T":
        return value[:-1].replace("T", " ")
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    return value
