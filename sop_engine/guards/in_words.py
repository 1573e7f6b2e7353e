"""A guard in words, apart from any case: the condition of a transition as its page tells it."""

from __future__ import annotations

from typing import cast

from sop_engine.guards.evaluate import Reading
from sop_engine.guards.sentences import Gettext, Sentences
from sop_engine.guards.tree import Always, And, DeadlineIs, FactIs, Guard, Not, Or, PanelIs, StateIn
from sop_engine.guards.wording import Wording
from sop_engine.vocabulary import NOT_OPENED

STATUS_WORDS = {
    "not_started": "has not started",
    "running": "is running",
    "met": "was kept",
    "expired": "is over",
}
RESULT_WORDS = {"carried": "yes", "failed": "no", "tied": "a tie", "open": "not voted yet"}


def in_words(guard: Guard, wording: Wording, _: Gettext = str) -> str:
    """Return the condition a guard states, as sentences joined by *and* and *or*."""
    return _Words(wording, _).say(guard, True)


class _Words:
    def __init__(self, wording: Wording, _: Gettext) -> None:
        self.wording = wording
        self._ = _
        # Only sentences that do not look at a case are asked for.
        self.sentences = Sentences(cast("Reading", None), wording, _)

    def say(self, guard: Guard, wanted: bool) -> str:
        match guard:
            case Always():
                return self._("Always.") if wanted else self._("Never.")
            case Not(part):
                return self.say(part, not wanted)
            case And(parts) | Or(parts):
                both = isinstance(guard, And) is wanted
                joined = self._(" And: ") if both else self._(" Or: ")
                return joined.join(self._part(part, wanted) for part in parts)
            case _:
                return self.test(guard, wanted)

    def _part(self, part: Guard, wanted: bool) -> str:
        words = self.say(part, wanted)
        return f"({words})" if isinstance(part, And | Or) else words

    def test(self, test: Guard, wanted: bool) -> str:
        _ = self._
        match test:
            case FactIs(machine, fact):
                says = self.wording.fact_says if wanted else self.wording.fact_if_not
                return says(machine, fact)
            case StateIn(machine, states):
                titles = [_("not opened") if s == NOT_OPENED else self.wording.state_title(machine, s) for s in states]
                form = _("{procedure} is at {states}.") if wanted else _("{procedure} is not at {states}.")
                shown = _(" or ").join(_("“{text}”").format(text=title) for title in titles)
                return form.format(procedure=self.wording.machine_title(machine), states=shown)
            case DeadlineIs(machine, deadline, statuses):
                title = self.wording.deadline_title(machine, deadline)
                words = _(" or ").join(_(STATUS_WORDS[s]) for s in statuses)
                form = (
                    _("The time for “{deadline}” {status}.")
                    if wanted
                    else _("Not: the time for “{deadline}” {status}.")
                )
                return form.format(deadline=title, status=words)
            case PanelIs(machine, panel, item, values):
                title = self.wording.panel_title(machine, panel)
                if item == "quorum":
                    met = ("met" in values) is wanted
                    form = _("{panel} has its quorum.") if met else _("{panel} does not have its quorum yet.")
                    return form.format(panel=title)
                asked = self.wording.panel_question(machine, panel, item)
                words = _(" or ").join(_(RESULT_WORDS[v]) for v in values)
                form = (
                    _("{panel} answered “{question}”: {answer}.")
                    if wanted
                    else _("{panel} did not answer “{question}”: {answer}.")
                )
                return form.format(panel=title, question=asked, answer=words)
            case _:
                return self.sentences.say(test, wanted)
