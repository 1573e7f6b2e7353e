"""Where each transition leads, and that no other way leads anywhere."""

from __future__ import annotations

import pytest

from sop_engine.definition.model import NEW
from sop_engine.engine.machine import NoSuchMove, compiled
from tests.instruments.small_set import small_set

DEFINITION = small_set()


def test_a_machine_says_where_a_step_leads() -> None:
    intake = compiled(DEFINITION, "intake")

    assert intake.target("arrived", "begin") == "checking"
    assert compiled(DEFINITION, "case").target("open", "signal_danger") == "open"
    assert compiled(DEFINITION, "departure").target(NEW, "ask") == "asked"
    assert compiled(DEFINITION, "intake") is intake
    with pytest.raises(NoSuchMove):
        intake.target("arrived", "propose")
    with pytest.raises(NoSuchMove):
        intake.target("ordinary", "nonsense")


def test_no_state_can_be_reached_around_the_declared_transitions() -> None:
    for machine in DEFINITION.machines.values():
        moves = compiled(DEFINITION, machine.name)._moves
        declared = {(s, t.name) for t in machine.transitions.values() for s in t.from_states}
        declared |= {(NEW, t.name) for t in machine.transitions.values() if t.from_new}
        assert set(moves) == declared
