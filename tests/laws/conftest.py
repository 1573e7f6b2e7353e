"""The grounds on which the laws of the engine are held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from sop_engine.vocabulary import AuditEvent, Case
from tests.instruments.played import PlayedCase, played_cases
from tests.instruments.small_case import ANA, CHO, MAX, MIA, MOE, Play
from tests.instruments.small_set import small_set
from tests.laws.trails import Begin, Ground


@pytest.fixture(scope="session", params=["small", "real"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """The small invented set, and the harmonised one as it is in force."""
    if request.param == "small":
        stretches = (
            lambda: Play().proposed(),
            lambda: Play().ordinary(),
            lambda: Play().session(MIA, MAX, MOE),
            lambda: Play().session().votes(CHO, danger="no", harm="no").votes(MIA, danger="no", harm="no"),
            refused,
        )
        return Ground("small", small_set(), tuple(map(_begin_with, stretches)))
    definition, played = played_cases(one_in=5)
    assert len(played) > 10
    return Ground("real", definition, tuple(map(_begin_at, played)))


def refused() -> Play:
    play = Play().session()
    for voter in (CHO, MIA, MAX):
        play.votes(voter, danger="no", harm="no")
    return (
        play.takes(CHO, "claim.refuse").answers(ANA, "claim.notice", {"told_on": "2026-03-02"}).takes(ANA, "claim.tell")
    )


def _begin_with(stretch: Callable[[], Play]) -> Begin:
    def begin() -> tuple[Case, tuple[AuditEvent, ...], datetime]:
        play = stretch()
        return play.case, tuple(play.log), play.at

    return begin


def _begin_at(played: PlayedCase) -> Begin:
    return lambda: (played.case, played.log, played.at)
