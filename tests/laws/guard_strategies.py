"""Guards, and cases to ask them of, at random: what Hypothesis draws from for the laws of guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

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
from sop_engine.vocabulary import Answer, DeadlineStatus

CODES = ("red", "blue", "SC-UC", "1F_a")
NO_SUBSTANCE = ("unknown", "prefers_not_to_say")
STATES = ("opened", "closed", "not_opened")
STATUSES: tuple[DeadlineStatus, ...] = ("not_started", "running", "met", "expired")

COLOUR = QuestionRef("first", "intake", "colour")
NUMBER = QuestionRef("first", "intake", "number")
CHOSEN = QuestionRef("second", "intake", "chosen")
TABLE = QuestionRef("second", "intake", "table", latest=True)


def some_of(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)


def _of_questions(colour: QuestionRef, number: QuestionRef) -> list[st.SearchStrategy[Guard]]:
    return [
        st.builds(ValueIn, st.just(colour), some_of((*CODES, "unknown"))),
        st.builds(ValueIn, st.just(number), st.tuples(st.integers(-2, 5))),
        st.builds(Compare, st.just(number), st.sampled_from(["<", "<=", ">", ">="]), st.integers(-2, 5)),
    ]


def _combined(tests: st.SearchStrategy[Guard]) -> st.SearchStrategy[Guard]:
    def grow(inner: st.SearchStrategy[Guard]) -> st.SearchStrategy[Guard]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, inner)

    return st.recursive(tests, grow, max_leaves=6)


_ROW_TESTS = _combined(st.one_of(_of_questions(QuestionRef(None, "", "colour"), QuestionRef(None, "", "number"))))
_AT_LEAST = st.builds(Rows, st.just("at_least"), st.just(TABLE), _ROW_TESTS, st.integers(1, 3))
_BY_ROW = st.builds(Rows, st.sampled_from(["every", "some", "no"]), st.just(TABLE), _ROW_TESTS)
_MACHINES = st.sampled_from(["first", "second"])

# Tests that only ever learn: once true or false, more answers do not change them.
_LEARNING = [
    *_of_questions(COLOUR, NUMBER),
    st.builds(Includes, st.just(CHOSEN), some_of(CODES)),
    _BY_ROW,
    _AT_LEAST,
    st.builds(FactIs, st.sampled_from(["first", None]), st.sampled_from(["known", "open"])),
    st.builds(StateIn, _MACHINES, some_of(STATES)),
    st.builds(
        InstancesIn,
        st.sampled_from(["every", "some", "no"]),
        _MACHINES,
        st.just(()) | some_of(("asylum", "nrm")),
        some_of(STATES[:2]),
    ),
    st.builds(KeyIs, _MACHINES | st.none(), some_of(("asylum", "nrm"))),
    st.builds(DeadlineIs, _MACHINES, st.just("due"), some_of(STATUSES)),
    st.builds(PanelIs, _MACHINES, st.just("committee"), st.just("quorum"), some_of(("met", "not_met"))),
    st.just(Always()),
]
learning_guards = _combined(st.one_of(_LEARNING))
guards = _combined(st.one_of([*_LEARNING, st.builds(Answered, st.sampled_from([COLOUR, NUMBER, CHOSEN, TABLE]))]))

_ROWS = st.lists(
    st.fixed_dictionaries({}, optional={"colour": st.sampled_from(CODES), "number": st.integers(-2, 5)}), max_size=3
)


@dataclass(frozen=True)
class DrawnCase:
    """A reading at random. Facts named ``open`` are open, the others are true."""

    answers: Mapping[QuestionRef, Answer] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    keyed: Sequence[tuple[str | None, str]] = ()
    status: DeadlineStatus = "not_started"
    quorum: str = "not_met"
    opened_for: str | None = None

    def answer(self, question: QuestionRef) -> Answer | None:
        return self.answers.get(question)

    def fact(self, machine: str | None, name: str) -> bool | None:
        return None if name == "open" else machine is None

    def state(self, machine: str) -> str:
        return self.states.get(machine, "not_opened")

    def instances(self, machine: str) -> Sequence[tuple[str | None, str]]:
        return self.keyed

    def key(self, machine: str | None) -> str | None:
        return self.opened_for

    def deadline(self, machine: str | None, name: str) -> DeadlineStatus:
        return self.status

    def panel(self, machine: str | None, panel: str, item: str) -> str:
        return self.quorum


answers = st.fixed_dictionaries(
    {},
    optional={
        COLOUR: st.sampled_from((*CODES, *NO_SUBSTANCE)),
        NUMBER: st.integers(-2, 5) | st.sampled_from(NO_SUBSTANCE),
        CHOSEN: st.lists(st.sampled_from(CODES), unique=True) | st.just("unknown"),
        TABLE: _ROWS,
    },
)
cases = st.builds(
    DrawnCase,
    answers,
    st.dictionaries(_MACHINES, st.sampled_from(STATES[:2])),
    st.lists(st.tuples(st.sampled_from([None, "asylum", "nrm"]), st.sampled_from(STATES[:2])), max_size=3),
    st.sampled_from(STATUSES),
    st.sampled_from(["met", "not_met"]),
    st.sampled_from([None, "asylum", "nrm"]),
)
