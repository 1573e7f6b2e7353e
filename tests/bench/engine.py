"""The decision of one step in memory, beside one step of the library ``transitions`` and a plain dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from transitions import Machine

from sop_engine.definition.model import Definition
from sop_engine.engine.apply import apply, open_case
from sop_engine.engine.offers import offers
from sop_engine.vocabulary import SYSTEM, Actor, OpenProceeding, PassTime
from tests.bench.figures import Figure, in_turn


def figures(definition: Definition) -> Iterator[Figure]:
    """Measure a recorded fact, all offers of a case, and a step on a long log."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    actor = Actor("bench", frozenset(r for r in definition.roles if r != SYSTEM))
    case, _ = open_case(
        definition,
        case_id="b",
        number="B-1",
        office="b",
        actor=actor,
        event=PassTime(by=actor, at=at),
        role="frontline_officer",
    )
    peer = Machine(
        model=None,
        states=["a", "b"],
        transitions=[["go", "a", "b"], ["back", "b", "a"]],
        initial="a",
        auto_transitions=False,
    )

    class Model:
        state = "a"

    model = Model()
    peer.add_model(model)

    def library() -> None:
        model.go()  # type: ignore[attr-defined]
        model.back()  # type: ignore[attr-defined]

    table = {("a", "go"): "b"}
    # Opening the screening once more from before it was opened: a whole decision, its followers and every safeguard.
    act = OpenProceeding(by=actor, at=at, machine="screening")
    taken = in_turn(
        {
            "ours": lambda: apply(definition, case, act),
            "transitions, two steps": library,
            "plain dictionary": lambda: table["a", "go"],
        },
        times=50,
    )
    note = "decision, latches, deadlines, automatic transitions to rest, every safeguard read"
    yield Figure("one step in memory", "us", taken.pop("ours"), taken, note)
    case, _ = apply(definition, case, act)
    shown = in_turn({"ours": lambda: offers(definition, case, actor, at)}, times=10)
    yield Figure("all offers of a case with reasons", "us", shown["ours"])
