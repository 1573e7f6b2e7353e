"""A training sandbox over an empty store: a trainer, a class, trainees, and the packs of the library."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sop_engine.definition.load import load_set
from sop_engine.definition.model import Definition
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.sandbox import enter
from sop_engine.service.service import Service
from sop_engine.service.training.library import Library, read_library
from sop_engine.service.training.sessions import Session, add_trainee, open_session
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import example_files, read_examples
from sop_engine.store.database import Store
from tests.instruments.clock import FrozenClock

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"


@lru_cache
def library() -> Library:
    """The packs of the library and the common stretches of the worked examples."""
    return read_library(WORKFLOWS, read_examples(example_files([WORKFLOWS]), root=WORKFLOWS).parts)


@lru_cache
def procedures() -> Definition:
    """The procedures that the sandbox works by; nothing changes them, so one reading serves all tests."""
    return load_set(WORKFLOWS)


@dataclass(frozen=True)
class Sandbox:
    """A sandbox with one open class."""

    service: Service
    trainer: Reader
    session: Session
    clock: FrozenClock

    def trainee(self, pseudonym: str) -> str:
        """Add somebody to the class and return the account."""
        return add_trainee(self.service, self.trainer, self.session.id, pseudonym=pseudonym, password_hash=None).account


def sandbox(store: Store, clock: FrozenClock) -> Sandbox:
    """Make a sandbox in an empty store."""
    numbers = itertools.count(1)
    # As spread as random names: the beginning of an id stands in usernames and codes.
    service = Service(
        store=store,
        current=procedures(),
        clock=clock,
        ids=lambda: f"{next(numbers) * 2654435761 % 2**32:08x}{next(numbers):024x}",
        texts=lambda _: lambda text: text,
        is_training=True,
        library=library(),
    )
    enter(store, "training", instance_id="sandbox", at=clock())
    adopt_current(service)
    office = add_office(service, code="TRN", name="Training", country="XXA", time_zone="UTC")
    trainer = add_account(
        service,
        username="trainer",
        person_name="Trainer",
        password_hash=None,
        office=office.id,
        roles=["trainer"],
        by="test",
    )
    reader = reader_of(trainer, office.id)
    return Sandbox(service, reader, open_session(service, reader, title="A class of four"), clock)
