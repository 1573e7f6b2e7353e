"""One sentence for each test of a guard, as it stands now. Officers read these; nobody reads the operators.

Every fixed piece goes through ``_`` (gettext) whole, with named places: a translator may order the words freely.
A sentence never repeats an answer that its rule does not name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sop_engine.guards.evaluate import Reading, Verdict
from sop_engine.guards.tree import (
    Always,
    And,
    Answered,
    Compare,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    QuestionRef,
    Rows,
    StateIn,
    ValueIn,
)
from sop_engine.guards.wording import Wording
from sop_engine.vocabulary import NOT_OPENED

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Makes the sentences, in the words of one definition and one language."""

    reading: Reading
    wording: Wording
    _: Gettext

    def say(self, test: Guard, verdict: Verdict, *, still_open: tuple[QuestionRef, ...] = ()) -> str:
        """Return the sentence for a test that is true, false or open; ``still_open``: the open questions of a fact."""
        match test:
            case FactIs():
                return self.fact(test, verdict, still_open)
            case Answered(question) | ValueIn(question) | Includes(question) | Compare(question):
                return self.question(test, self.wording.question_text(question), verdict)
            case Rows():
                return self.rows(test, verdict)
            case StateIn():
                return self.state(test, verdict)
            case InstancesIn():
                return self.instances(test, verdict)
            case KeyIs():
                return self.key(test, verdict)
            case DeadlineIs(machine, deadline):
                return self.deadline(machine, deadline)
            case PanelIs(machine, panel, item):
                return self.panel(machine, panel, item)
        return self.never()

    def never(self) -> str:
        return self._("This rule leaves no way to it.")

    def quoted(self, texts: Iterable[str]) -> str:
        return ", ".join(self._("“{text}”").format(text=text) for text in texts)

    def fact(self, test: FactIs, verdict: Verdict, still_open: tuple[QuestionRef, ...]) -> str:
        if verdict is False:
            return self.wording.fact_if_not(test.machine, test.fact)
        says = self.wording.fact_says(test.machine, test.fact)
        if verdict is True:
            return says
        if not still_open:
            return self._("“{sentence}” — this is not known yet.").format(sentence=says)
        questions = self.quoted(self.wording.question_text(one) for one in still_open)
        return self._("“{sentence}” — not answered yet: {questions}").format(sentence=says, questions=questions)

    # Questions.

    def question(self, test: Answered | ValueIn | Includes | Compare, asked: str, verdict: Verdict) -> str:
        _ = self._
        if verdict is None:
            if self.reading.answer(test.question) is None:
                return _("“{question}” is not answered yet.").format(question=asked)
            return _("“{question}” is answered, but not with a number.").format(question=asked)
        match test:
            case Answered():
                form = _("“{question}” is answered.") if verdict else _("“{question}” is not answered yet.")
                return form.format(question=asked)
            case Compare(_question, operator, number):
                return _("{phrase}.").format(phrase=self.comparison(operator, asked, number, is_so=verdict))
            case ValueIn(question, values):
                labels = self.quoted(self.wording.choice_text(question, str(value)) for value in values)
                if len(values) == 1:
                    form = (
                        _("“{question}” is answered {answer}.")
                        if verdict
                        else _("“{question}” is not answered {answer}.")
                    )
                    return form.format(question=asked, answer=labels)
                form = (
                    _("“{question}” is answered with one of {answers}.")
                    if verdict
                    else _("“{question}” is answered with none of {answers}.")
                )
                return form.format(question=asked, answers=labels)
            case Includes(question, values):
                labels = self.quoted(self.wording.choice_text(question, value) for value in values)
                if len(values) == 1:
                    form = (
                        _("The answers to “{question}” include {answer}.")
                        if verdict
                        else _("The answers to “{question}” do not include {answer}.")
                    )
                    return form.format(question=asked, answer=labels)
                form = (
                    _("The answers to “{question}” include at least one of {answers}.")
                    if verdict
                    else _("The answers to “{question}” include none of {answers}.")
                )
                return form.format(question=asked, answers=labels)

    def comparison(self, operator: str, asked: str, number: int, *, is_so: bool) -> str:
        """Return a comparison as a phrase, turned round when it does not hold."""
        _ = self._
        opposite = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
        match operator if is_so else opposite[operator]:
            case "<":
                form = _("“{question}” is below {number}")
            case "<=":
                form = _("“{question}” is at most {number}")
            case ">":
                form = _("“{question}” is above {number}")
            case _:
                form = _("“{question}” is at least {number}")
        return form.format(question=asked, number=number)

    # Tables.

    def rows(self, test: Rows, verdict: Verdict) -> str:
        _ = self._
        asked, what = self.wording.question_text(test.table), self.row_test(test.test, test.table)
        if verdict is None:
            if not isinstance(self.reading.answer(test.table), list):
                return _("“{question}” is not answered yet.").format(question=asked)
            return _("In “{table}” an answer is still missing for this to be known: {test}.").format(
                table=asked, test=what
            )
        match test.quantity:
            case "every":
                form = (
                    _("In “{table}”, for every row: {test}.")
                    if verdict
                    else _("In “{table}”, not for every row: {test}.")
                )
            case "at_least" if test.number > 1:
                form = (
                    _("In “{table}”, for at least {number} rows: {test}.")
                    if verdict
                    else _("In “{table}”, for fewer than {number} rows: {test}.")
                )
            case _:
                is_in_some = verdict is (test.quantity != "no")
                form = (
                    _("In “{table}”, for at least one row: {test}.")
                    if is_in_some
                    else _("In “{table}”, for no row: {test}.")
                )
        return form.format(table=asked, test=what, number=test.number)

    def row_test(self, test: Guard, table: QuestionRef) -> str:
        """Describe what is asked of a row, as a phrase."""
        _ = self._
        match test:
            case And(parts):
                return _(" and ").join(self.row_test(part, table) for part in parts)
            case Or(parts):
                return _(" or ").join(self.row_test(part, table) for part in parts)
            case Not(part):
                return _("not ({phrase})").format(phrase=self.row_test(part, table))
            case Answered(question):
                return _("“{column}” is answered").format(column=self.wording.column_text(table, question.question))
            case ValueIn(question, values) | Includes(question, values):
                labels = (self.wording.column_choice_text(table, question.question, str(value)) for value in values)
                return _("“{column}” is {answers}").format(
                    column=self.wording.column_text(table, question.question),
                    answers=_(" or ").join(_("“{text}”").format(text=label) for label in labels),
                )
            case Compare(question, operator, number):
                column = self.wording.column_text(table, question.question)
                return self.comparison(operator, column, number, is_so=True)
            case Always():
                return _("anything")
        raise TypeError(f"a {type(test).__name__} cannot stand in a row test")

    # Procedures.

    def state(self, test: StateIn, verdict: Verdict) -> str:
        _ = self._
        machine, now = test.machine, self.reading.state(test.machine)
        title = self.wording.machine_title(machine)
        if now == NOT_OPENED:
            return _("{procedure} has not been opened.").format(procedure=title)
        at = self.wording.state_title(machine, now)
        wanted = [self.wording.state_title(machine, one) for one in test.states if one != NOT_OPENED]
        if verdict or not wanted:
            return _("{procedure} is at “{state}”.").format(procedure=title, state=at)
        form = (
            _("{procedure} is at “{state}”, not at {wanted}.")
            if len(wanted) == 1
            else _("{procedure} is at “{state}”, not at one of {wanted}.")
        )
        return form.format(procedure=title, state=at, wanted=self.quoted(wanted))

    def instances(self, test: InstancesIn, verdict: Verdict) -> str:
        _ = self._
        machine = test.machine
        who = self.wording.machine_title(machine)
        if test.keys:
            kinds = ", ".join(self.wording.key_title(machine, key) for key in test.keys)
            who = _("{procedure} ({kinds})").format(procedure=who, kinds=kinds)
        if test.quantity == "every":
            form = _("{procedure}: all are at {states}.") if verdict else _("{procedure}: not all are at {states}.")
        elif verdict is (test.quantity == "some"):
            form = _("{procedure}: at least one is at {states}.")
        else:
            form = _("{procedure}: none is at {states}.")
        states = _(" or ").join(
            _("“{text}”").format(text=self.wording.state_title(machine, state)) for state in test.states
        )
        return form.format(procedure=who, states=states)

    def key(self, test: KeyIs, verdict: Verdict) -> str:
        """Say which kind this one is of, or is not: the case is not looked at, so that it can be said of any."""
        _ = self._
        machine = test.machine or ""
        form = (
            _("{procedure}: this one is of the kind {kinds}.")
            if verdict
            else _("{procedure}: this one is not of the kind {kinds}.")
        )
        kinds = _(" or ").join(_("“{text}”").format(text=self.wording.key_title(machine, key)) for key in test.keys)
        return form.format(procedure=self.wording.machine_title(machine), kinds=kinds)

    def deadline(self, machine: str | None, deadline: str) -> str:
        _ = self._
        match self.reading.deadline(machine, deadline):
            case "not_started":
                form = _("The time for “{deadline}” has not started.")
            case "running":
                form = _("The time for “{deadline}” is running.")
            case "met":
                form = _("“{deadline}” was done in time.")
            case "expired":
                form = _("The time for “{deadline}” is over.")
        return form.format(deadline=self.wording.deadline_title(machine, deadline))

    def panel(self, machine: str | None, panel: str, item: str) -> str:
        _ = self._
        title, result = self.wording.panel_title(machine, panel), self.reading.panel(machine, panel, item)
        if item == "quorum":
            form = _("{panel} has its quorum.") if result == "met" else _("{panel} does not have its quorum yet.")
            return form.format(panel=title)
        match result:
            case "carried":
                form = _("{panel} answered yes to “{question}”.")
            case "failed":
                form = _("{panel} answered no to “{question}”.")
            case "tied":
                form = _("{panel} is tied on “{question}”.")
            case _:
                form = _("{panel} has not voted on “{question}” yet.")
        return form.format(panel=title, question=self.wording.panel_question(machine, panel, item))
