"""What every request is checked for first."""

from __future__ import annotations

import pytest

from sop_engine.engine.ledger import Ledger
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.engine.requests import need_reason, proceeding_of
from sop_engine.engine.wording import Wording
from tests.instruments.small_case import Play
from tests.instruments.small_set import small_set

DEFINITION = small_set()


@pytest.mark.parametrize("reason", ["", "  ", "ab", " . ", "\u200b\u200b\u200b", "a\x00bc", "x" * 4001])
def test_a_reason_has_words(reason: str) -> None:
    with pytest.raises(InvalidAnswers):
        need_reason(reason, Wording(DEFINITION))


def test_a_proceeding_that_does_not_run_is_told() -> None:
    play = Play()

    with pytest.raises(NotOffered):
        proceeding_of(Ledger(DEFINITION, play.case, play.at), "intake-1", Wording(DEFINITION))
