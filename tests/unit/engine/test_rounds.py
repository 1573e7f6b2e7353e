"""Which round of a step is answered now, and which comes next."""

from __future__ import annotations

from dataclasses import replace

from sop_engine.engine.rounds import next_round, open_round
from sop_engine.vocabulary import Proceeding
from tests.instruments.small_case import MONDAY

PLACE = Proceeding("p", "m", None, "s", MONDAY, MONDAY)


def test_a_step_never_touched_is_in_its_first_round() -> None:
    assert (open_round(PLACE, "s"), next_round(PLACE, "s")) == (1, 1)


def test_a_sealed_round_is_never_answered_again() -> None:
    sealed = replace(PLACE, sealed=frozenset({("s", 1)}), answers={("s", 1, "q"): "yes"})

    assert (open_round(sealed, "s"), next_round(sealed, "s")) == (2, 2)


def test_a_round_that_was_begun_goes_on() -> None:
    begun = replace(PLACE, rounds={"s": 1}, answers={("s", 1, "q"): "yes"})

    assert (open_round(begun, "s"), next_round(begun, "s")) == (1, 2)


def test_the_next_round_is_beyond_all_that_was_ever_answered() -> None:
    back = replace(
        PLACE, rounds={"s": 1}, answers={("s", 1, "q"): "yes", ("s", 3, "q"): "no"}, sealed=frozenset({("s", 1)})
    )

    assert open_round(back, "s") == 4
