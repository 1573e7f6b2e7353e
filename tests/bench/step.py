"""One durable step, beside the least a database can do for it: one UPDATE, one INSERT, one COMMIT."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sop_engine.service.take_step import take_transition
from tests.bench.figures import Figure, in_turn
from tests.bench.instance import a_case, instance
from tests.instruments.plausible import plausible_answers

FACT = "signal_fear"


def figures() -> Iterator[Figure]:
    """Measure a step on a disk of memory, where there is one, and on a disk; then how it grows with the log."""
    places = {"disk": Path(tempfile.gettempdir()), "memory": Path("/dev/shm")}  # noqa: S108 - where Linux keeps it
    for name, place in places.items():
        if place.is_dir():
            with tempfile.TemporaryDirectory(dir=place) as folder:
                yield from _measured(Path(folder), name)


def _measured(folder: Path, place: str) -> Iterator[Figure]:
    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, seq INTEGER)",
        "CREATE TABLE e (id INTEGER PRIMARY KEY, body TEXT)",
        "INSERT INTO c VALUES (1, 0)",
    ):
        raw.execute(statement)

    def limit() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE c SET seq = seq + 1 WHERE id = 1")
        raw.execute("INSERT INTO e (body) VALUES (?)", ("x" * 498,))
        raw.execute("COMMIT")

    with instance(folder) as (service, reader):
        case_id = a_case(service, reader)
        answers = plausible_answers(service, reader, case_id, proceeding="case-1", transition=FACT)

        def ours() -> None:
            take_transition(
                service,
                reader,
                case_id,
                proceeding="case-1",
                transition=FACT,
                answers=answers,
                seq=None,
                form_token=service.ids(),
            )

        taken = in_turn({"ours": ours, "raw limit": limit}, rounds=5, times=10)
        yield Figure(
            f"durable step on {place}", "us", taken.pop("ours"), taken, "a fact recorded; a log of some 60 entries"
        )
        if place == "memory":
            short = in_turn({"ours": ours}, rounds=3, times=10)["ours"]
            for _ in range(500):
                ours()
            long = in_turn({"ours": ours}, rounds=3, times=10)["ours"]
            note = "the same step after 500 more entries; beside it, before them"
            yield Figure("durable step on a long log", "us", long, {"short log": short}, note)
    raw.close()
