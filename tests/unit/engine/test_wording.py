"""The sentences of a definition, in the language of whoever reads them."""

from __future__ import annotations

from sop_engine.definition.model import NEW
from sop_engine.engine.wording import Wording
from tests.instruments.small_set import small_set

DEFINITION = small_set()


def test_words_come_in_the_readers_language() -> None:
    wording = Wording(DEFINITION, say=str.upper)

    assert wording.machine_title("intake") == "TAKING IN"
    assert wording.state_title("intake", "not_opened") == "NOT OPENED"
    assert wording.state_title("intake", NEW) == "NEW"
    assert wording.role_titles(["clerk", "chair"]) == ("CHAIR OF THE BOARD", "CLERK")
    assert wording.function_titles(["vote"]) == ("VOTED",)
    assert wording.panel_question("claim", "board", "danger") == "IS THERE DANGER?"
    assert wording.deadline_title("intake", "check_done") == "CHECK DONE"
    assert wording.key_title("help", "doctor") == "DOCTOR"
