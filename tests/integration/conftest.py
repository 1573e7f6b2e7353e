"""What the tests of the store begin with."""

from __future__ import annotations

import pytest

from sop_engine.store.database import Store
from tests.instruments.invented import furnish, open_case
from tests.instruments.small_office import SmallOffice, small_office


@pytest.fixture
def furnished(store: Store) -> Store:
    """A store with two offices, an edition, two officers (ana, ben) and no case."""
    furnish(store)
    return store


@pytest.fixture
def with_case(furnished: Store) -> Store:
    """The furnished store with one case, c1, in the office north."""
    with furnished.writing() as conn:
        open_case(conn)
    return furnished


@pytest.fixture
def office(store: Store) -> SmallOffice:
    """Two offices of the small set over the store, with somebody in every role."""
    return small_office(store)
