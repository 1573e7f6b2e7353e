"""Guards as formulas: each three-valued guard becomes a pair, when it is true and when it is false. Open is neither.

The semantics is that of ``guards.evaluate`` over ``engine.reading``; the tests compare the two on random cases.
"""

from __future__ import annotations

from sop_engine.check.formula import (
    CERTAIN,
    FALSE,
    TRUE,
    Formula,
    Truth,
    all_of,
    any_of,
    literal,
    negation,
    two_valued,
)
from sop_engine.check.variables import (
    OPEN,
    OTHER,
    UNANSWERED,
    YES,
    Slot,
    answer_name,
    bit_name,
    class_bounds,
    deadline_name,
    latest_name,
    panel_name,
    shared_name,
    slots_of,
    state_name,
)
from sop_engine.check.vocabulary import Vocabulary
from sop_engine.definition.model import Question
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
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE


class Reader:
    """Turns guards into formulas, as read from the place of one slot (or of none)."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self._facts: dict[tuple[str | None, str | None, str], Truth] = {}
        self._rest: dict[tuple[int, str | None], tuple[Guard, Truth]] = {}

    def read(self, guard: Guard, own: Slot | None) -> Truth:
        """Return when a guard is true and when it is false."""
        key = (id(guard), own.name if own else None)
        found = self._rest.get(key)
        if found is None:
            found = self._rest[key] = (guard, self._read(guard, own))
        return found[1]

    def true(self, guard: Guard, own: Slot | None) -> Formula:
        return self.read(guard, own).true

    def _read(self, guard: Guard, own: Slot | None) -> Truth:
        match guard:
            case Always():
                return CERTAIN
            case And(parts):
                read = [self.read(part, own) for part in parts]
                return Truth(all_of(*(r.true for r in read)), any_of(*(r.false for r in read)))
            case Or(parts):
                read = [self.read(part, own) for part in parts]
                return Truth(any_of(*(r.true for r in read)), all_of(*(r.false for r in read)))
            case Not(part):
                inner = self.read(part, own)
                return Truth(inner.false, inner.true)
            case FactIs(machine, fact):
                return self._fact(machine, fact, own)
            case Answered() | ValueIn() | Includes() | Compare() | Rows():
                return self._answer(guard, own)
            case StateIn(machine, states):
                return self._state(machine, frozenset(states), own)
            case InstancesIn():
                return self._instances(guard, own)
            case KeyIs(machine, keys):
                slot = self._place(machine, own)
                if slot is None:
                    return self.words.free(f"key of the newest {machine} in {sorted(keys)}")
                # A slot stands for one key, an earlier instance for the same: so the answer is known beforehand.
                return two_valued(TRUE if slot.key in keys else FALSE)
            case DeadlineIs(machine, name, statuses):
                slot = self._place(machine, own)
                if slot is None:
                    return self.words.free(f"deadline {machine}.{name} {statuses}")
                ended = {"expired_ended"} if "expired" in statuses else set()
                return two_valued(literal(deadline_name(slot, name), {*statuses} | ended))
            case PanelIs(machine, panel, item, values):
                slot = self._place(machine, own)
                if slot is None:
                    return self.words.free(f"panel {machine}.{panel}.{item} {values}")
                return two_valued(literal(panel_name(slot, panel, item), values))

    def _place(self, machine: str | None, own: Slot | None) -> Slot | None:
        """Return the slot that a name refers to, or None where it is the newest of several keys: nobody knows which."""
        if own is not None and machine in (None, own.machine):
            return own
        if machine is None or self.words.definition.machines[machine].key_values:
            return None
        return Slot(machine)

    def _fact(self, machine: str | None, fact: str, own: Slot | None) -> Truth:
        place = None if machine is None else self._place(machine, own)
        key = (machine, place.name if place else None, fact)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = self._fact_anew(machine, fact, place)
        return found

    def _fact_anew(self, machine: str | None, fact: str, place: Slot | None) -> Truth:
        definition = self.words.definition
        if machine is not None:
            if place is None:
                return self.words.free(f"fact {machine}.{fact}", may_be_open=True)
            return self.read(definition.machines[machine].facts[fact].when, place)
        shared = definition.shared[fact]
        if shared.kind == "derived":
            return self.read(shared.when, None)
        return two_valued(literal(shared_name(fact), {YES}))

    def _state(self, machine: str, states: frozenset[str], own: Slot | None) -> Truth:
        slot = self._place(machine, own)
        if slot is None:
            return self.words.free(f"newest {machine} in {sorted(states)}")
        return two_valued(literal(state_name(slot), states))

    def _instances(self, guard: InstancesIn, own: Slot | None) -> Truth:
        machine = self.words.definition.machines[guard.machine]
        opened = frozenset(self.words.states_of(machine)) - {"not_opened"}
        wanted = opened & frozenset(guard.states)
        slots = [slot for slot in slots_of(machine) if not guard.keys or slot.key in guard.keys]
        earlier = [] if machine.key_values else [Slot(machine.name, is_earlier=True)]
        if own is not None and own.is_earlier and own.key is not None:
            slots = [own if slot.key == own.key else slot for slot in slots]
        elif self.words.may_run_twice(machine.name):
            slots += earlier
        some = any_of(*(literal(state_name(slot), wanted) for slot in slots))
        match guard.quantity:
            case "some":
                return two_valued(some)
            case "no":
                return two_valued(negation(some))
            case _:
                others = opened - wanted
                return two_valued(negation(any_of(*(literal(state_name(slot), others) for slot in slots))))

    def _answer(self, guard: Answered | ValueIn | Includes | Compare | Rows, own: Slot | None) -> Truth:
        ref = guard.table if isinstance(guard, Rows) else guard.question
        slot = self._place(ref.machine, own)
        if slot is None:
            return self.words.free(f"answer {ref} {guard!r}", may_be_open=True)
        question = self.words.question(slot.machine, ref.step, ref.question)
        name = (latest_name if ref.latest else answer_name)(slot, ref.step, ref.question)
        given = negation(literal(name, {UNANSWERED}))
        match guard:
            case Answered():
                return two_valued(given)
            case Includes(_, values):
                bits = any_of(*(literal(bit_name(name, choice), {YES}) for choice in values))
                return Truth(all_of(given, bits), all_of(given, negation(bits)))
            case ValueIn(_, values):
                return self._value_in(question, name, frozenset(values), ref)
            case Compare():
                return self._compare(guard, name)
            case Rows():
                row = self.words.row_test_name(name, guard)
                return Truth(literal(row, {YES}), literal(row, {"no"}))

    def _value_in(self, question: Question, name: str, values: frozenset[str | int], ref: QuestionRef) -> Truth:
        all_values = self.words.variables[name].values
        if question.answer != "number":
            wanted = {value for value in all_values if value in values}
            rest = {value for value in all_values if value not in wanted and value != UNANSWERED}
            return Truth(literal(name, wanted), literal(name, rest))
        are_numbers = any(isinstance(value, int) for value in values)
        true: set[str] = set()
        false: set[str] = set()
        for value in all_values:
            if value == UNANSWERED:
                continue
            if value in NOT_AN_ANSWER_OF_SUBSTANCE:
                if value in values:
                    true.add(value)
                elif not are_numbers:
                    false.add(value)
            else:
                (true if class_bounds(value)[0] in values else false).add(value)
        return Truth(literal(name, true), literal(name, false))

    def _compare(self, guard: Compare, name: str) -> Truth:
        true: set[str] = set()
        false: set[str] = set()
        for value in self.words.variables[name].values:
            if value in (UNANSWERED, OTHER, OPEN) or value in NOT_AN_ANSWER_OF_SUBSTANCE:
                continue
            number = class_bounds(value)[0]
            is_so = {
                "<": number < guard.number,
                "<=": number <= guard.number,
                ">": number > guard.number,
                ">=": number >= guard.number,
            }[guard.operator]
            (true if is_so else false).add(value)
        return Truth(literal(name, true), literal(name, false))


def on_the_surface(guard: Guard) -> Truth:
    """Return a guard by its words alone: every test is a variable of its own, facts are not looked into."""
    match guard:
        case Always():
            return CERTAIN
        case And(parts) | Or(parts):
            read = [on_the_surface(part) for part in parts]
            true, false = [r.true for r in read], [r.false for r in read]
            is_and = isinstance(guard, And)
            return Truth(all_of(*true), any_of(*false)) if is_and else Truth(any_of(*true), all_of(*false))
        case Not(part):
            inner = on_the_surface(part)
            return Truth(inner.false, inner.true)
        case StateIn(machine, states):
            return two_valued(literal(f"surface {machine}", states))
        case KeyIs(machine, keys):
            return two_valued(literal(f"surface key of {machine}", keys))
        case _:
            return two_valued(literal(f"surface {guard!r}", {YES}))
