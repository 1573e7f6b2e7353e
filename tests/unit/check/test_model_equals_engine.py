"""The model allows all that the engine does: every case that a walk reaches lies among the states that a proof covers.

Were one outside, a proof could be a false green. And the two ways of searching count the same states.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random

import pytest

from sop_engine.check.bdd import Prover
from sop_engine.check.events import build_model, initial_state
from sop_engine.check.explore import Explorer, TooMany
from sop_engine.check.formula import holds
from sop_engine.check.ir import Model
from sop_engine.check.project import state_of
from sop_engine.check.slices import AFTERTHOUGHTS, Slice, with_companions
from sop_engine.check.variables import slots_of
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.evaluate import evaluate
from sop_engine.vocabulary import Case, EnterFromPaper
from tests.instruments.small_set import small_set
from tests.instruments.walks import Walk

SLICES = (
    ("case", "intake", "fact danger_known"),
    ("intake", "claim", "fact danger_known", "fact doubt_open"),
    ("intake", "intake:check.afraid", "fact danger_known", "intake:deadline check_done", "fact waiting_long"),
    ("claim", "claim:panel board.quorum", "departure"),
    ("help[doctor]", "help[lawyer]", "case"),
    ("intake:arrival.age", "intake:arrival.pier", "claim"),
)


@lru_cache(maxsize=1)
def model() -> Model:
    return build_model(small_set())


def parts() -> list[Slice]:
    known = model().words.variables
    chosen = [with_companions(model(), [name for name in names if name in known]) for names in SLICES]
    return [Slice(model(), names) for names in chosen if names]


def cases(seed: int, length: int) -> list[Case]:
    """Cases that a walk passes through, without those brought in from paper: they are outside every proof."""
    found = []
    for walked in Walk(small_set(), seed).steps(length):
        if isinstance(walked.event, EnterFromPaper) and walked.refused is None:
            break
        found.append(walked.after)
    return found


@pytest.mark.parametrize("number", range(len(SLICES)))
def test_every_case_that_the_engine_reaches_is_among_the_states_of_the_model(number: int) -> None:
    part = parts()[number]
    prover = Prover(part, initial_state(model()))
    reached = prover.reach().states

    for seed in range(60):
        for case in cases(seed, 60):
            told = state_of(model(), case)
            state = {name: told[name] for name in part.followed if name in told}
            inside = prover.cube(state) & reached
            assert inside != prover.manager.false, (seed, case.taken, state)


@pytest.mark.parametrize("number", range(len(SLICES)))
@pytest.mark.parametrize("is_whole", [True, False])
def test_both_searches_count_the_same_states(number: int, is_whole: bool) -> None:
    part = parts()[number]
    part = part if is_whole else Slice(part.model, part.followed, AFTERTHOUGHTS)
    by_diagram = Prover(part, initial_state(model())).reach().count
    if by_diagram > 4_000:
        pytest.skip(f"{by_diagram} states take plain search too long")

    try:
        one_by_one = len(Explorer(part, initial_state(model())).reach())
    except TooMany as too_many:
        pytest.skip(str(too_many))

    assert one_by_one == by_diagram


def test_guards_mean_the_same_in_the_model_and_in_the_engine() -> None:
    chance = Random(7)
    checked = 0
    for seed in range(40):
        for case in chance.sample(walked := cases(seed, 50), min(5, len(walked))):
            told = state_of(model(), case)
            for machine in small_set().machines.values():
                for slot in slots_of(machine):
                    place = case.newest(machine.name, slot.key)
                    if place is None:
                        continue
                    for transition in machine.transitions.values():
                        truth = model().reader.read(transition.when, slot)
                        if not (truth.true.support | truth.false.support) <= told.keys():
                            continue
                        verdict = evaluate(transition.when, CaseReading(small_set(), case, place))
                        assert holds(truth.true, told) is (verdict is True), transition.qualified
                        assert holds(truth.false, told) is (verdict is False), transition.qualified
                        checked += 1

    assert checked > 1_000
