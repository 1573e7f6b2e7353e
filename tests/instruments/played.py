"""The worked examples of the harmonised set, played through: cases that stand deep in their procedures."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sop_engine.commands.instance import open_service
from sop_engine.commands.places import workflows_folder
from sop_engine.commands.rehearse import people
from sop_engine.definition.model import Definition
from sop_engine.engine.evolve import fold
from sop_engine.service.accounts import add_office
from sop_engine.service.rehearse import play
from sop_engine.service.worked_examples import example_files, read_examples
from sop_engine.store import cases
from sop_engine.vocabulary import AuditEvent, Case


@dataclass(frozen=True)
class PlayedCase:
    """A case at the end of a worked example, with its log."""

    example: str
    case: Case
    log: tuple[AuditEvent, ...]
    at: datetime


def played_cases(*, one_in: int = 1) -> tuple[Definition, tuple[PlayedCase, ...]]:
    """Play examples in a store of their own; return the set that was played, and the cases that went as told."""
    root = workflows_folder()
    examples = read_examples(example_files([root]), root=root)
    instant = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    found = []
    with tempfile.TemporaryDirectory(prefix="sop-played-") as folder:
        service = open_service(
            Path(folder), clock=lambda: instant[0], url=f"sqlite:///{folder}/sop.db", kind="demonstration"
        )
        office = add_office(service, code="PLA", name="Office of the examples", country="XXA", time_zone="UTC")
        for number, example in enumerate(examples.examples[::one_in]):
            readers = people(service, example, office.id, number)
            outcome = play(
                service,
                example,
                parts=examples.parts,
                readers=readers,
                set_clock=lambda now: instant.__setitem__(0, now),
            )
            if outcome.difference is None and outcome.case_id:
                with service.store.reading() as conn:
                    log = cases.load_events(conn, outcome.case_id)
                empty = Case(outcome.case_id, service.current.digest, log[0].data["office"])
                found.append(PlayedCase(example.name, fold(empty, log), log, instant[0]))
        service.store.close()
    return service.current, tuple(found)
