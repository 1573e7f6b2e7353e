"""What all tests may ask for: an empty store on both databases, a fixed instant, a clock, the real procedures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sop_engine.store.database import Store, open_store
from sop_engine.store.migrations import upgrade
from tests.instruments.clock import FrozenClock
from tests.instruments.databases import copy_of, empty, make_template, postgres_url, schema_of

if TYPE_CHECKING:
    from sop_engine.definition.model import Definition

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def at() -> datetime:
    """A fixed instant: a Monday morning, in UTC."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(at: datetime) -> FrozenClock:
    """A clock that stands at `at` until the test moves it."""
    return FrozenClock(at)


@pytest.fixture(scope="session")
def definition() -> Definition:
    """The harmonised set as it is in force."""
    from sop_engine.definition.load import load_set

    return load_set(ROOT / "workflows")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store without rows, to be copied."""
    return make_template(tmp_path_factory.mktemp("template") / "store.db")


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store in an SQLite file."""
    with copy_of(sqlite_template, tmp_path / "store.db") as store:
        yield store


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a schema that this process of the test run has for itself."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with schema_of(postgres_url(), f"sop_test_{worker}_{os.getpid()}") as address:
        yield address


@pytest.fixture(scope="session")
def _postgres_store(postgres_address: str) -> Iterator[Store]:
    store = open_store(postgres_address)
    upgrade(store)
    yield store
    store.close()


@pytest.fixture
def postgres_store(_postgres_store: Store) -> Store:
    """An empty store on PostgreSQL."""
    empty(_postgres_store)
    return _postgres_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store: each test that asks for it runs on both databases."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
