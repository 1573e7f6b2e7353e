"""The type checker of guards: every name must exist, every test must fit its question; “did you mean …?” otherwise.

It also resolves: ``a.b`` gets its machine, a bare name becomes a fact of the own machine or a shared one, and a bare
name in a table becomes a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NamedTuple

from sop_engine.guards.tree import (
    KEY,
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
    Span,
    StateIn,
    ValueIn,
)
from sop_engine.vocabulary import CASE_MACHINE, NOT_OPENED

DEADLINE_STATUSES = ("not_started", "running", "met", "expired")
QUORUM_VALUES = ("met", "not_met")
PANEL_RESULTS = ("carried", "failed", "tied", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionNames:
    """What a guard may ask of one question or column. ``may_be``: unknown, prefers_not_to_say, where it offers them."""

    answer: str
    choices: tuple[str, ...] = ()
    may_be: tuple[str, ...] = ()
    columns: Mapping[str, QuestionNames] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineNames:
    """The names that one machine declares. ``steps``: step → question; ``panels``: panel → its questions."""

    steps: Mapping[str, Mapping[str, QuestionNames]] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    panels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Every name that a guard of the set may use: the machines', and the shared facts'."""

    machines: Mapping[str, MachineNames]
    shared: frozenset[str] = frozenset()


class Problem(NamedTuple):
    """One thing that is wrong in a guard, and where."""

    span: Span
    text: str

    def __str__(self) -> str:
        return f"{self.span}: {self.text}" if self.span.file else self.text


class GuardTypeError(ValueError):
    """A guard names something that does not exist or asks what cannot be asked; ``problems`` lists all of it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def resolve(guard: Guard, *, machine: str, names: Names, columns: Mapping[str, QuestionNames] | None = None) -> Guard:
    """Return the guard with every name resolved from the place of ``machine``.

    ``columns``: the columns of the table in which the guard stands (``shown_when`` of a column), if it does.
    Raises GuardTypeError with every problem of the guard, not only the first.
    """
    checker = _Checker(machine, names, columns)
    resolved = checker.resolve(guard)
    if checker.problems:
        raise GuardTypeError(tuple(checker.problems))
    return resolved


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return “ Did you mean “x”?”, or what there is to choose from when that is short, or nothing."""
    candidates = sorted(known)
    close = get_close_matches(wrong, candidates, n=2, cutoff=0.6)
    if close:
        return f" Did you mean {' or '.join(f'“{one}”' for one in close)}?"
    if 0 < len(candidates) <= 8:
        return f" There is: {', '.join(candidates)}."
    return ""


class _Checker:
    """Walks one guard, resolving as it goes and keeping what is wrong."""

    def __init__(self, machine: str, names: Names, columns: Mapping[str, QuestionNames] | None) -> None:
        self.machine = machine
        self.names = names
        self.columns = columns
        self.problems: list[Problem] = []
        self.own = names.machines.get(machine, MachineNames())

    def wrong(self, span: Span, text: str) -> None:
        self.problems.append(Problem(span, text))

    def resolve(self, guard: Guard) -> Guard:
        match guard:
            case Always():
                return guard
            case And(parts) | Or(parts):
                return replace(guard, parts=tuple(self.resolve(part) for part in parts))
            case Not(part):
                return replace(guard, part=self.resolve(part))
            case FactIs():
                return self.fact(guard)
            case Answered() | ValueIn() | Includes() | Compare():
                return self.test(guard)
            case Rows():
                return self.rows(guard)
            case StateIn():
                return self.state(guard)
            case InstancesIn():
                return self.instances(guard)
            case KeyIs():
                return self.key(guard)
            case DeadlineIs(machine, deadline, statuses):
                home = self.home(machine, guard.span)
                if home is None:
                    return guard
                self.known(deadline, self.names.machines[home].deadlines, f"deadline of {home}", guard.span)
                self.all_known(statuses, DEADLINE_STATUSES, "status of a deadline", guard.span)
                return replace(guard, machine=home)
            case PanelIs(machine, panel, item, values):
                home = self.home(machine, guard.span)
                if home is None:
                    return guard
                panels = self.names.machines[home].panels
                if self.known(panel, panels, f"panel of {home}", guard.span) and self.known(
                    item, {"quorum", *panels[panel]}, f"question of the panel {panel}", guard.span
                ):
                    possible = QUORUM_VALUES if item == "quorum" else PANEL_RESULTS
                    self.all_known(values, possible, f"result of “{item}”", guard.span)
                return replace(guard, machine=home)

    # Names.

    def known(self, name: str, among: Iterable[str], what: str, span: Span) -> bool:
        if name in among:
            return True
        self.wrong(span, f"“{name}” is no {what}.{did_you_mean(name, among)}")
        return False

    def all_known(self, found: Iterable[str], among: Iterable[str], what: str, span: Span) -> None:
        for name in found:
            self.known(name, among, what, span)

    def home(self, machine: str | None, span: Span) -> str | None:
        """Return the machine meant, or None when there is no such machine."""
        if machine is None:
            machine = self.machine
        return machine if self.known(machine, self.names.machines, "machine", span) else None

    # Facts.

    def fact(self, guard: FactIs) -> Guard:
        name, span = guard.fact, guard.span
        if guard.machine is None:
            if name in self.own.facts:
                return replace(guard, machine=self.machine)
            if name in self.names.shared:
                return guard
            self.wrong(span, self.no_such_fact(name))
        elif guard.machine in self.names.machines:
            if name in self.names.machines[guard.machine].facts:
                return guard
            if guard.machine == CASE_MACHINE and name in self.names.shared:
                return replace(guard, machine=None)
            self.known(name, self.names.machines[guard.machine].facts, f"fact of {guard.machine}", span)
        elif guard.machine in self.own.steps:
            written = f"{guard.machine}.{name}"
            if self.known(name, self.own.steps[guard.machine], f"question of the step {guard.machine}", span):
                self.wrong(span, f"“{written}” is a question: say what is asked of it, as in “answered {written}”.")
        else:
            self.known(guard.machine, [*self.names.machines, *self.own.steps], "machine or step", span)
        return guard

    def no_such_fact(self, name: str) -> str:
        if name in self.names.machines:
            example = min(self.names.machines[name].states, default=NOT_OPENED)
            return f"“{name}” is a machine: say in which state, as in “{name} is {example}”."
        if name == KEY and self.own.keys:
            return f"“key” is what this {self.machine} was opened for: say which, as in “key is {self.own.keys[0]}”."
        if name in self.own.states:
            return f"“{name}” is a state: write “{self.machine} is {name}”."
        if name in self.own.deadlines:
            return f"“{name}” is a deadline: write “deadline {name} is expired”, or another status."
        if self.columns and name in self.columns:
            return f"“{name}” is a column: say what is asked of it, as in “answered {name}”."
        elsewhere = sorted(machine for machine, its in self.names.machines.items() if name in its.facts)
        if elsewhere:
            return f"“{name}” is a fact of {elsewhere[0]}: write “{elsewhere[0]}.{name}”."
        return f"“{name}” is no fact of {self.machine} and no shared fact." + did_you_mean(
            name, self.own.facts | self.names.shared
        )

    # Questions.

    def question(self, question: QuestionRef, span: Span) -> tuple[QuestionRef, QuestionNames | None]:
        """Return the resolved question and what may be asked of it (None when it does not exist)."""
        if not question.step:
            return question, self.column(question.question, span)
        if question.machine is None and question.step in self.names.machines and question.step not in self.own.steps:
            self.wrong(
                span,
                f"“{question.step}” is a machine, and “{question.question}” is tested like a question: "
                "write machine.step.question, or a fact alone without a test.",
            )
            return question, None
        home = self.home(question.machine, span)
        if home is None:
            return question, None
        steps = self.names.machines[home].steps
        resolved = replace(question, machine=home)
        if not self.known(question.step, steps, f"step of {home}", span):
            return resolved, None
        if not self.known(question.question, steps[question.step], f"question of the step {question.step}", span):
            return resolved, None
        return resolved, steps[question.step][question.question]

    def column(self, name: str, span: Span) -> QuestionNames | None:
        if self.columns is not None:
            return self.columns[name] if self.known(name, self.columns, "column of the table", span) else None
        found = sorted(f"{step}.{name}" for step, its in self.own.steps.items() if name in its)
        close = f" Did you mean “{found[0]}”?" if found else ""
        self.wrong(span, f"“{name}” stands alone; a question is written step.question.{close}")
        return None

    def test(self, guard: Answered | ValueIn | Includes | Compare) -> Guard:
        question, its = self.question(guard.question, guard.span)
        if its is None:
            return guard
        name, span = question.question, guard.span
        match guard:
            case ValueIn(_, values):
                return replace(guard, question=question, values=self.values(name, its, values, span))
            case Includes(_, values):
                if its.answer == "many":
                    self.all_known(values, its.choices, f"choice of “{name}”", span)
                else:
                    self.wrong(
                        span, f"“{name}” is {_A[its.answer]}: “includes” asks a question with many choices only."
                    )
            case Compare():
                if its.answer != "number":
                    self.wrong(span, f"“{name}” is {_A[its.answer]}: only numbers are compared with < <= > >=.")
            case Answered():
                pass
        return replace(guard, question=question)

    def values(self, name: str, its: QuestionNames, values: tuple[str | int, ...], span: Span) -> tuple[str | int, ...]:
        """Check the values asked for; a code of digits only, which the grammar took for a number, is text again."""
        resolved: list[str | int] = []
        for value in values:
            word = str(value)
            resolved.append(value if its.answer == "number" else word)
            if word in its.may_be or (its.answer == "number" and isinstance(value, int)):
                continue
            match its.answer:
                case "yes_no":
                    self.known(word, ("yes", "no", *its.may_be), f"answer of “{name}”", span)
                case "choice":
                    self.known(word, (*its.choices, *its.may_be), f"choice of “{name}”", span)
                case "number":
                    self.wrong(span, f"“{word}” is no whole number, and “{name}” is {_A['number']}.")
                case "many":
                    self.wrong(span, f"“{name}” is {_A['many']}: write “{name} includes {word}”.")
                case "table":
                    self.wrong(span, f"“{name}” is {_A['table']}: write “some row of … (…)” or another row test.")
                case _:
                    self.wrong(span, f"“{name}” is {_A[its.answer]}: a guard may only ask whether it is answered.")
        return tuple(resolved)

    def rows(self, guard: Rows) -> Guard:
        if not guard.table.step:
            self.wrong(guard.span, f"“{guard.table.question}” stands alone; a table is written step.question.")
            return guard
        table, its = self.question(guard.table, guard.span)
        if its is None:
            return guard
        if its.answer != "table":
            self.wrong(guard.span, f"“{table.question}” is {_A[its.answer]}, not a table: it has no rows.")
            return guard
        inner = _RowChecker(self.machine, self.names, its.columns)
        test = inner.resolve(guard.test)
        self.problems += inner.problems
        return replace(guard, table=table, test=test)

    # Machines.

    def state(self, guard: StateIn) -> Guard:
        machine, span = guard.machine, guard.span
        if self.columns is not None and machine in self.columns and machine not in self.names.machines:
            # In a table the grammar cannot tell “column is value” from “machine is state”.
            return self.test(ValueIn(QuestionRef(None, "", machine), _as_values(guard.states), span=span))
        if machine not in self.names.machines:
            if machine in self.own.facts or machine in self.names.shared:
                self.wrong(span, f"“{machine}” is a fact: write it alone, or “not {machine}”.")
            elif any(machine in its for its in self.own.steps.values()):
                self.column(machine, span)
            else:
                self.known(machine, self.names.machines, "machine", span)
            return guard
        possible = self.names.machines[machine].states | {NOT_OPENED}
        self.all_known(guard.states, possible, f"state of {machine}", span)
        return guard

    def instances(self, guard: InstancesIn) -> Guard:
        machine, span = guard.machine, guard.span
        if not self.known(machine, self.names.machines, "machine", span):
            return guard
        its = self.names.machines[machine]
        if guard.keys and not its.keys:
            self.wrong(span, f"{machine} has no keys: write “{guard.quantity} {machine} of any in […]”.")
        elif guard.keys:
            self.all_known(guard.keys, its.keys, f"key of {machine}", span)
        if NOT_OPENED in guard.states:
            self.wrong(span, f"An instance of {machine} is always opened: leave “{NOT_OPENED}” out of this test.")
        self.all_known((one for one in guard.states if one != NOT_OPENED), its.states, f"state of {machine}", span)
        return guard

    def key(self, guard: KeyIs) -> Guard:
        machine, span = guard.machine, guard.span
        if machine is None and self.columns is not None and KEY in self.columns:
            return self.test(ValueIn(QuestionRef(None, "", KEY), _as_values(guard.keys), span=span))
        if machine is not None and machine in self.own.steps and machine not in self.names.machines:
            # The grammar cannot tell a question called “key” from the key.
            return self.test(ValueIn(QuestionRef(None, machine, KEY), _as_values(guard.keys), span=span))
        home = self.home(machine, span)
        if home is None:
            return guard
        keys = self.names.machines[home].keys
        if home != self.machine:
            instead = f": write “some {home} of [{guard.keys[0]}] in […]”" if keys else ""
            self.wrong(span, f"A guard of {self.machine} cannot ask for the key of {home}{instead}.")
        elif not keys:
            self.wrong(span, f"{home} has no keys: only a procedure that runs once for each key can ask “key is …”.")
        else:
            self.all_known(guard.keys, keys, f"key of {home}", span)
        return replace(guard, machine=home)


def _as_values(words: tuple[str, ...]) -> tuple[str | int, ...]:
    return tuple(int(word) if word.isdecimal() else word for word in words)


class _RowChecker(_Checker):
    """The same inside the brackets of a row test, where only the columns of the table can be asked."""

    def resolve(self, guard: Guard) -> Guard:
        match guard:
            case And() | Or() | Not() | Always():
                return super().resolve(guard)
            case FactIs(None, name) if self.columns and name in self.columns:
                self.wrong(guard.span, f"“{name}” is a column: say what is asked of it, as in “answered {name}”.")
            case Answered(question) | ValueIn(question) | Includes(question) | Compare(question) if not question.step:
                return self.test(guard)
            case _:
                self.wrong(guard.span, "Inside the brackets of a row test stand only columns of the table.")
        return guard


_A = {
    "yes_no": "a yes-or-no question",
    "choice": "a choice",
    "many": "a question with many choices",
    "number": "a number",
    "date": "a date",
    "moment": "a moment",
    "text": "a text",
    "person": "a person",
    "file": "a file",
    "table": "a table",
}
