"""Keys, roles, and who may begin."""

from __future__ import annotations

from sop_engine.engine.permission import acting_role, is_key_of, may_open_by_hand, opening_roles, starts_by_an_act
from sop_engine.vocabulary import Actor
from tests.instruments.small_case import Play
from tests.instruments.small_set import small_set

DEFINITION = small_set()


def test_keys_fit_their_machine() -> None:
    help_, intake = DEFINITION.machines["help"], DEFINITION.machines["intake"]

    assert is_key_of(help_, "doctor")
    assert not is_key_of(help_, None)
    assert not is_key_of(intake, "doctor")
    assert is_key_of(intake, None)
    assert not may_open_by_hand(DEFINITION, Play().case, intake, "doctor")


def test_who_acts_first_may_open() -> None:
    assert opening_roles(DEFINITION.machines["intake"]) == {"clerk", "helper", "desk_supervisor"}
    assert starts_by_an_act(DEFINITION.machines["departure"])
    assert not starts_by_an_act(DEFINITION.machines["intake"])


def test_one_acts_in_a_role_that_may() -> None:
    actor = Actor("x", frozenset({"clerk", "chair"}))

    assert acting_role(actor, frozenset({"clerk"})) == "clerk"
    assert acting_role(actor, frozenset({"member"})) == ""
