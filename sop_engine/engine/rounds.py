"""Rounds of a step: which round is answered now, and which comes next. A sealed round is never answered again."""

from __future__ import annotations

from sop_engine.vocabulary import Proceeding


def open_round(proceeding: Proceeding, step: str) -> int:
    """Return the round in which a step would be answered now: the current one, or a new one when that is sealed."""
    current = proceeding.current_round(step)
    return next_round(proceeding, step) if (step, current) in proceeding.sealed else current


def next_round(proceeding: Proceeding, step: str) -> int:
    """Return the first round of a step in which nothing was ever answered or sealed."""
    used = [number for name, number, _ in proceeding.answers if name == step]
    used += [number for name, number in proceeding.sealed if name == step]
    return max(max(used, default=0) + 1, proceeding.rounds.get(step, 1))
