"""From declarations to events of the model, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.check.formula import FALSE, TRUE, Formula, all_of, any_of, implies, literal, negation
from sop_engine.check.ir import (
    Anything,
    EventKind,
    Model,
    ModelEvent,
    Only,
    Op,
    Put,
    cleared,
    fitting_answers,
    latest_follows,
)
from sop_engine.check.reading import Reader
from sop_engine.check.variables import (
    NO,
    NONE,
    UNANSWERED,
    YES,
    Slot,
    answer_name,
    deadline_name,
    done_name,
    earlier_name,
    latest_name,
    panel_name,
    shared_name,
    slots_of,
    state_name,
    undo_name,
)
from sop_engine.check.vocabulary import Vocabulary
from sop_engine.definition.model import NEW, Definition, Machine, Opening, Panel, Safeguard, SharedFact, Transition
from sop_engine.engine.permission import may_run_beside, starts_by_an_act
from sop_engine.vocabulary import CASE_MACHINE, NOT_OPENED


def build_model(definition: Definition, safeguards: tuple[Safeguard, ...] | None = None) -> Model:
    """Return the model of a set; ``safeguards`` are those to be proved (left out: those of its machines)."""
    if safeguards is None:
        safeguards = tuple(s for machine in definition.machines.values() for s in machine.safeguards.values())
    words = Vocabulary(definition, safeguards)
    maker = _Maker(definition, words, Reader(words))
    events = tuple(maker.all())
    by_write: dict[str, list[ModelEvent]] = {}
    for event in events:
        for name in event.writes:
            by_write.setdefault(name, []).append(event)
    return Model(definition, words, maker.reader, events, {name: tuple(found) for name, found in by_write.items()})


def initial_state(model: Model) -> dict[str, str]:
    """Return the value of every variable when a case has just been opened."""
    return {name: variable.initial for name, variable in model.words.variables.items()}


class _Maker:
    def __init__(self, definition: Definition, words: Vocabulary, reader: Reader) -> None:
        self.definition = definition
        self.words = words
        self.reader = reader

    def all(self) -> Iterator[ModelEvent]:
        yield from self._shared_facts()
        for machine in self.definition.machines.values():
            for slot in slots_of(machine):
                for transition in machine.transitions.values():
                    yield from self._transition(machine, slot, transition)
                yield from self._deadlines(machine, slot)
                yield from self._answers(machine, slot)
                yield from self._panels(machine, slot)
                yield from self._taken_back(machine, slot)
                yield from self._opened_by_hand(machine, slot)
            if self.words.may_run_twice(machine.name):
                for slot in slots_of(machine):
                    yield from self._earlier(machine, slot)

    # --- what follows by itself

    def _shared_facts(self) -> Iterator[ModelEvent]:
        later: set[str] = set()
        for fact in reversed(tuple(self.definition.shared.values())):
            if fact.kind == "derived":
                continue
            name = shared_name(fact.name)
            later.add(name)
            setting = self.reader.true(fact.set_when, None) if fact.set_when is not None else negation(TRUE)
            for when, before, after, verb in (
                (fact.set_when, NO, YES, "set"),
                (fact.cleared_when if fact.kind == "switch" else None, YES, NO, "clear"),
            ):
                if when is None:
                    continue
                condition = self.reader.true(when, None)
                if verb == "clear":
                    condition = all_of(condition, negation(setting))
                # The engine reads the facts once, in order, before an automatic transition: one that rests on a later
                # fact or on a deadline may come a round too late to hold it up.
                waits = condition.support & later or any(":deadline" in v for v in condition.support)
                yield ModelEvent(
                    f"{verb} {fact.name}",
                    "follow",
                    (Only(all_of(literal(name, {before}), condition)), Put(((name, after),))),
                    subject=fact.name,
                    holds_up=not waits,
                )

    def _deadlines(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        for deadline in machine.deadlines.values():
            name = deadline_name(slot, deadline.name)
            opened = negation(literal(state_name(slot), {NOT_OPENED}))
            starts = self.reader.true(deadline.starts_when, slot)
            stops = self.reader.true(deadline.stops_when, slot)
            reads_deadlines = any(":deadline" in v for v in starts.support | stops.support)
            idle = literal(name, {"not_started", "met", "expired_ended"})
            begin = all_of(opened, idle, starts, negation(stops))
            is_counted_from_answer = deadline.since is not None
            yield ModelEvent(
                f"start {name}", "deadline", (Only(begin), Put(((name, "running"),))), slot, deadline.name,
                not (reads_deadlines or is_counted_from_answer),
            )  # fmt: skip
            for before, after in (("running", "met"), ("expired", "expired_ended")):
                yield ModelEvent(
                    f"stop {name} ({before})", "deadline",
                    (Only(all_of(opened, literal(name, {before}), stops)), Put(((name, after),))),
                    slot, deadline.name, not reads_deadlines,
                )  # fmt: skip
            running = Only(literal(name, {"running"}))
            yield ModelEvent(f"{name} expires", "expire", (running, Put(((name, "expired"),))), slot, deadline.name)
            if is_counted_from_answer:
                counted = Only(literal(name, {"expired"}))
                yield ModelEvent(
                    f"{name} is counted anew", "expire", (counted, Put(((name, "running"),))), slot, deadline.name
                )

    # --- transitions

    def _transition(self, machine: Machine, slot: Slot, transition: Transition) -> Iterator[ModelEvent]:
        if transition.from_states:
            here = Only(literal(state_name(slot), transition.from_states))
            ops = (here, *self._moves(machine, slot, transition, from_new=False))
            kind: EventKind = "auto" if transition.auto else "act"
            if transition.auto:
                ops = (here, *self._automatic(slot, transition), *ops[1:])
            yield ModelEvent(
                f"{slot.name}: {transition.name}", kind, ops, slot, transition.name,
                not transition.auto or self._moves_away(slot, transition),
            )  # fmt: skip
        if transition.from_new:
            ops = (
                Only(self._may_open(machine, slot)),
                *self._reset(slot, NEW),
                *self._moves(machine, slot, transition, from_new=True),
            )
            yield ModelEvent(f"{slot.name}: {transition.name} (new)", "act", ops, slot, transition.name)

    def _moves_away(self, slot: Slot, transition: Transition) -> bool:
        """An automatic transition that stays fires once a step; it holds things up only if its own effect ends it."""
        if transition.target is not None:
            return True
        machines = self.definition.machines
        for opening in transition.opens:
            opened = machines[opening.machine]
            if any(t.auto for t in opened.exits(opening.state or opened.starts_in)) or may_run_beside(opened):
                return False
        written = [f for f in self.definition.shared.values() if transition.qualified in f.set_by | f.cleared_by]
        return bool(transition.opens or written) and all(fact.kind == "latch" for fact in written)

    def _automatic(self, slot: Slot, transition: Transition) -> Iterator[Op]:
        """What the system asks beyond the guard: no safeguard against it, and an effect where it stays."""
        for machine in self.definition.machines.values():
            for safeguard in machine.safeguards.values():
                if safeguard.pattern == "doing" and safeguard.transition == transition.qualified:
                    yield Only(self.reader.true(safeguard.guard, slot))
        if transition.target is not None:
            return
        effects = [self._would_open(slot, opening) for opening in transition.opens]
        for fact in self.definition.shared.values():
            if transition.qualified in fact.set_by:
                effects.append(literal(shared_name(fact.name), {NO}))
            if transition.qualified in fact.cleared_by:
                effects.append(literal(shared_name(fact.name), {YES}))
        if effects:
            yield Only(any_of(*effects))

    def _moves(self, machine: Machine, slot: Slot, transition: Transition, *, from_new: bool) -> Iterator[Op]:
        yield Only(self.reader.true(transition.when, slot))
        if transition.decided_by:
            yield Only(self._concluded(slot, machine.panels[transition.decided_by]))
        if transition.asks:
            asked = self.words.step_variables(slot, transition.asks)
            fitting = all_of(
                fitting_answers(self.reader, slot, transition.asks), self.reader.true(transition.requires, slot)
            )
            if asked or fitting is not TRUE:
                yield Anything(asked, fitting)
            latest, follows = latest_follows(self.words, slot, transition.asks)
            if latest:
                yield Anything(latest, follows)
        if transition.target is not None:
            sources = (NEW,) if from_new else transition.from_states
            for source in sources:
                yield from self._entering(machine, slot, transition, source)
            yield Put(((state_name(slot), transition.target),))
        written = []
        for fact in self.definition.shared.values():
            if transition.qualified in fact.set_by:
                written.append((shared_name(fact.name), YES))
            elif transition.qualified in fact.cleared_by:
                written.append((shared_name(fact.name), NO))
        written += self.words.marked(slot, transition.qualified, None if transition.auto else transition.function)
        if written:
            yield Put(tuple(written))
        # Facts follow the act before its openings, whose conditions may ask for what it puts on record.
        conditions = [self.reader.true(opening.when, slot) for opening in transition.opens]
        for fact in self.definition.shared.values():
            if any(shared_name(fact.name) in condition.support for condition in conditions):
                yield from self._followed(fact)
        for opening in transition.opens:
            yield from self._opening(slot, opening)

    def _followed(self, fact: SharedFact) -> Iterator[Op]:
        name = shared_name(fact.name)
        if fact.kind == "switch" and fact.cleared_when is not None:
            yield Put(((name, NO),), self.reader.true(fact.cleared_when, None))
        if fact.set_when is not None:
            yield Put(((name, YES),), self.reader.true(fact.set_when, None))

    def _entering(self, machine: Machine, slot: Slot, transition: Transition, source: str) -> Iterator[Op]:
        """Rounds begin anew, panels close, and what is needed to take the step back is kept."""
        here = literal(state_name(slot), {source})
        left = machine.states[source].steps if source in machine.states else ()
        target = transition.target or source
        fresh = [step for step in machine.states[target].steps if step not in left]
        asked = {t.asks for t in machine.transitions.values() if t.asks}
        values = [(undo_name(slot), source if self._can_be_taken_back(transition) else NONE)]
        for step in fresh:
            values += cleared(self.words, self.words.step_variables(slot, step))
        yield Put(tuple(values), here)
        again = [step for step in machine.states[target].steps if step in left and step in asked]
        for step in again:
            # A step that is also asked in an act may have been sealed by it: its round may or may not begin anew.
            variables = self.words.step_variables(slot, step)
            if variables:
                yield Anything(variables, self._unfinished(slot, step))
        for panel in machine.panels.values():
            yield from self._bench(slot, panel, transition, source, target)

    def _bench(self, slot: Slot, panel: Panel, transition: Transition, source: str, target: str) -> Iterator[Op]:
        """A sitting left without its decision closes; one that begins again after its decision starts with no votes."""
        here = literal(state_name(slot), {source})
        votes = tuple(panel_name(slot, panel.name, item) for item in panel.questions)
        quorum = panel_name(slot, panel.name, "quorum")
        sits = (*panel.in_states, *panel.listed_in)
        is_decided = transition.decided_by == panel.name
        if source in panel.in_states and target not in panel.in_states and not is_decided:
            yield Put(cleared(self.words, (quorum, *votes)), here)
        elif target in sits and (is_decided or source not in sits):
            yield Put(cleared(self.words, votes), here)
            yield Put(((quorum, "not_met"),), all_of(here, negation(all_of(*(literal(v, {"open"}) for v in votes)))))

    def _can_be_taken_back(self, transition: Transition) -> bool:
        reaches_out = transition.is_irreversible or transition.is_removal or transition.issues or transition.opens
        return not (transition.auto or reaches_out)

    def _concluded(self, slot: Slot, panel: Panel) -> Formula:
        standing, asked = [literal(panel_name(slot, panel.name, "quorum"), {"met"})], []
        for question in panel.questions.values():
            is_asked = self.reader.true(question.when, slot)
            asked.append(is_asked)
            standing.append(
                implies(is_asked, literal(panel_name(slot, panel.name, question.name), {"carried", "failed"}))
            )
        return all_of(*standing, any_of(*asked))

    def _would_open(self, own: Slot, opening: Opening) -> Formula:
        """Return when an opening would start a new instance: its condition holds and none of its kind runs."""
        machine = self.definition.machines[opening.machine]
        slot = Slot(machine.name, opening.key)
        if state_name(slot) not in self.words.variables:
            return FALSE
        live = [name for name, state in machine.states.items() if state.kind in ("work", "wait")] + [NEW]
        is_free = TRUE if may_run_beside(machine) else negation(literal(state_name(slot), live))
        return all_of(self.reader.true(opening.when, own), is_free)

    def _opening(self, own: Slot, opening: Opening) -> Iterator[Op]:
        condition = self._would_open(own, opening)
        if condition is not FALSE:
            machine = self.definition.machines[opening.machine]
            yield from self._reset(Slot(machine.name, opening.key), opening.state or machine.starts_in, condition)

    def _reset(self, slot: Slot, state: str, when: Formula = TRUE) -> Iterator[Op]:
        """A new instance begins: nothing is answered, nothing runs."""
        if earlier_name(slot) in self.words.variables:
            machine = self.definition.machines[slot.machine]
            left = literal(state_name(slot), self._left_in(machine))
            yield Put(((earlier_name(slot), YES),), all_of(when, left))
        variables = tuple(v for v in self.words.slot_variables(slot) if v != earlier_name(slot))
        variables += self.words.own_marks(slot)
        yield Put((*cleared(self.words, variables), (state_name(slot), state)), when)

    def _may_open(self, machine: Machine, slot: Slot) -> Formula:
        ended = [n for n, s in machine.states.items() if s.kind in ("end", "rest")]
        if may_run_beside(machine):
            return TRUE
        again = ended if machine.many_per_case else []
        return literal(state_name(slot), {NOT_OPENED, *again})

    def _opened_by_hand(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        if machine.name == CASE_MACHINE or starts_by_an_act(machine):
            return
        first = machine.states[machine.starts_in]
        acting = any(not t.auto and t.by for t in machine.exits(machine.starts_in))
        if acting or any(machine.steps[step].by for step in first.steps):
            ops = (Only(self._may_open(machine, slot)), *self._reset(slot, machine.starts_in))
            yield ModelEvent(f"open {slot.name}", "open", ops, slot, machine.starts_in)

    # --- answers, panels, mis-clicks

    def _answers(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        for step in machine.steps.values():
            variables = self.words.step_variables(slot, step.name)
            done = self._done(step.function)
            if not variables and not done:
                continue
            fitting = fitting_answers(self.reader, slot, step.name)
            latest, follows = latest_follows(self.words, slot, step.name)
            listed = [name for name, state in machine.states.items() if step.name in state.steps]
            if listed and step.by:
                ops: tuple[Op, ...] = (Only(literal(state_name(slot), listed)), Anything(variables, fitting))
                if latest:
                    ops += (Anything(latest, follows),)
                yield ModelEvent(f"answer {slot.name}:{step.name}", "answer", (*ops, *done), slot, step.name)
            yield from self._corrections(slot, step.name, fitting)

    def _done(self, function: str | None) -> tuple[Op, ...]:
        known = function is not None and function in self.words.functions
        return (Put(((done_name(function or ""), YES),)),) if known else ()

    def _corrections(self, slot: Slot, step: str, fitting: Formula) -> Iterator[ModelEvent]:
        for question in self.definition.machines[slot.machine].steps[step].questions:
            now, latest = answer_name(slot, step, question), latest_name(slot, step, question)
            if now not in self.words.variables:
                continue
            given = negation(literal(now, {UNANSWERED}))
            ops: tuple[Op, ...] = (Only(given), Anything((now, *self.words.parts_of(now)), all_of(given, fitting)))
            if latest in self.words.variables:
                follow, follows = latest_follows(self.words, slot, step)
                mine = {latest, *self.words.parts_of(latest)}
                ops += (Anything(tuple(v for v in follow if v in mine), follows),)
                older = negation(literal(latest, {UNANSWERED}))
                yield ModelEvent(
                    f"correct {slot.name}:latest {step}.{question}", "correct",
                    (Only(all_of(negation(given), older)), Anything((latest, *self.words.parts_of(latest)), older)),
                    slot, f"{step}.{question}",
                )  # fmt: skip
            yield ModelEvent(f"correct {now}", "correct", ops, slot, f"{step}.{question}")

    def _panels(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        for panel in machine.panels.values():
            sits = literal(state_name(slot), panel.in_states)
            seats = literal(state_name(slot), {*panel.in_states, *panel.listed_in})
            quorum = panel_name(slot, panel.name, "quorum")
            yield ModelEvent(f"{quorum}: sit", "panel", (Only(seats), Anything((quorum,))), slot, panel.name)
            lost = (Only(all_of(seats, literal(quorum, {"met"}))), Put(((quorum, "not_met"),)))
            yield ModelEvent(f"{quorum}: step back", "panel", lost, slot, panel.name)
            for item in panel.questions:
                name = panel_name(slot, panel.name, item)
                votes = (Only(sits), Anything((name,)), *self._done(panel.function))
                yield ModelEvent(f"{name}: vote", "panel", votes, slot, panel.name)
                again = (Only(all_of(seats, negation(literal(name, {"open"})))), Anything((name,)))
                yield ModelEvent(f"{name}: step back", "panel", again, slot, panel.name)

    def _taken_back(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        """The state goes back, and the switches that the act wrote; answers stay, what it stopped may run on."""
        pairs: dict[tuple[str, str], list[Transition]] = {}
        for t in machine.transitions.values():
            if t.target is not None and self._can_be_taken_back(t):
                for source in t.from_states:
                    pairs.setdefault((source, t.target), []).append(t)
        asked = {t.asks for t in machine.transitions.values() if t.asks}
        for (source, target), acts in sorted(pairs.items()):
            here = all_of(literal(undo_name(slot), {source}), literal(state_name(slot), {target}))
            ops: list[Op] = [Only(here)]
            for step in machine.states[source].steps:
                variables = self.words.step_variables(slot, step)
                if variables and step in asked:
                    ops.append(Anything(variables, self._unfinished(slot, step)))
            written = [
                shared_name(fact.name)
                for fact in self.definition.shared.values()
                if fact.kind == "switch" and any(t.qualified in fact.set_by | fact.cleared_by for t in acts)
            ]
            # What was taken back was not done, for a safeguard that asks whether it was.
            written += sorted(
                {m.variable for t in acts for m in self.words.marks.get(t.qualified, ()) if m.counts_at(slot)}
            )
            if written:
                ops.append(Anything(tuple(written)))
            ops.append(Put(((state_name(slot), source), (undo_name(slot), NONE))))
            yield ModelEvent(f"take back {slot.name}: {target} to {source}", "take_back", tuple(ops), slot, source)
        for deadline in machine.deadlines.values():
            name = deadline_name(slot, deadline.name)
            stopped = (Only(literal(name, {"met", "expired_ended"})), Put(((name, "running"),)))
            yield ModelEvent(f"{name} runs on", "take_back", stopped, slot, deadline.name)

    def _unfinished(self, slot: Slot, step: str) -> Formula:
        """The earlier round of a step may be answered well, or not at all."""
        fitting = fitting_answers(self.reader, slot, step)
        nothing = all_of(*(literal(n, {v}) for n, v in cleared(self.words, self.words.step_variables(slot, step))))
        return any_of(fitting, nothing)

    def _earlier(self, machine: Machine, slot: Slot) -> Iterator[ModelEvent]:
        """An earlier instance at rest may still write shared facts and open procedures; its answers are anything."""
        old = Slot(slot.machine, slot.key, is_earlier=True)
        exists = literal(earlier_name(slot), {YES})
        within_reach = self._reach_of_earlier(machine)
        for transition in machine.transitions.values():
            sources = within_reach.intersection(transition.from_states)
            if not sources:
                continue
            ops: list[Op] = [
                Only(exists),
                Only(literal(state_name(old), sources)),
                *self._moves(machine, old, transition, from_new=False),
            ]
            outside = [op for op in ops if not isinstance(op, Anything)]
            ops = [op for op in (self._outward(op) for op in outside) if op is not None]
            if any(isinstance(op, Put) for op in ops):
                yield ModelEvent(f"{old.name}: {transition.name}", "earlier", tuple(ops), old, transition.name)

    def _reach_of_earlier(self, machine: Machine) -> frozenset[str]:
        """Return the states an earlier instance can be in: where it was left, and where it can go from there."""
        reached = set(self._left_in(machine))
        grown = True
        while grown:
            more = {t.target for name in reached if name in machine.states for t in machine.exits(name) if t.target}
            grown = not more <= reached
            reached |= more
        return frozenset(reached)

    def _left_in(self, machine: Machine) -> list[str]:
        """Return the states in which an instance may be left behind by a newer one, and can still move."""
        kinds = ("work", "wait", "rest") if may_run_beside(machine) else ("rest",)
        left = [name for name, state in machine.states.items() if state.kind in kinds]
        return [name for name in left if any(True for _ in machine.exits(name))]

    def _outward(self, op: Op) -> Op | None:
        if not isinstance(op, Put):
            return op
        kept = tuple(
            (name, value) for name, value in op.values if name in self.words.variables and "~earlier" not in name
        )
        return Put(kept, op.when) if kept else None
