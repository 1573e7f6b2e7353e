"""The wall around the sandbox holds on both databases."""

from __future__ import annotations

import pytest

from sop_engine.service.sandbox import Kind, WrongInstance, enter, refuse_other_kind
from sop_engine.store.database import Store
from sop_engine.store.instance import kind_of
from tests.instruments.clock import FrozenClock
from tests.instruments.invented import furnish

KINDS: tuple[Kind, ...] = ("real", "demonstration", "training")


@pytest.mark.parametrize("made", KINDS)
@pytest.mark.parametrize("opened", KINDS)
def test_a_database_opens_on_its_own_side_of_the_wall_only(
    store: Store, clock: FrozenClock, made: Kind, opened: Kind
) -> None:
    enter(store, made, instance_id="one", at=clock())

    if (made == "training") == (opened == "training"):
        assert enter(store, opened, instance_id="two", at=clock()) == made
    else:
        with pytest.raises(WrongInstance):
            refuse_other_kind(store, opened)
    with store.reading() as conn:
        assert kind_of(conn) == made


def test_a_used_database_without_a_mark_is_no_sandbox(store: Store) -> None:
    furnish(store)

    with pytest.raises(WrongInstance, match="real"):
        refuse_other_kind(store, "training")


def test_a_new_database_may_become_either(store: Store) -> None:
    for kind in KINDS:
        refuse_other_kind(store, kind)
