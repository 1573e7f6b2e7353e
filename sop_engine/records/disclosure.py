"""What one recipient may read of a case, word by word. Every personal word of a paper passes here, and nowhere else.

An answer whose class the recipient does not hold is never turned into words at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sop_engine.definition.model import Confidentiality, Question
from sop_engine.records.content import RecordInput, Table, Text, Voice
from sop_engine.records.history import History, history_of
from sop_engine.records.pseudonyms import hidden, pseudonyms_of
from sop_engine.records.recipients import Recipient
from sop_engine.records.timeline import names_a_voter
from sop_engine.records.words import answer_in_words, date_in_words, moment_in_words, name_in_words
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, SYSTEM, Answer, AuditEvent

# Reading: the person may know by name who acts for them. The language has no mark for it, so the name of the question
# tells; a question of another name is coded, which is the safe side.
_BESIDE_THE_PERSON = frozenset({"guardian", "representative", "lawyer", "legal", "carer", "child"})


class Disclosure:
    """The words of a case as one recipient may read them."""

    def __init__(self, record: RecordInput, recipient: Recipient) -> None:
        self.record = record
        self.recipient = recipient
        self.texts = record.texts
        self.history: History = history_of(record.events, case_id=record.case.id)
        self.codes: Mapping[str, str] = pseudonyms_of(record) if recipient.is_pseudonymous else {}
        self._others: dict[str, int] = {}
        self._officers: dict[str, int] = {}

    def holds(self, confidentiality: Confidentiality) -> bool:
        return confidentiality in self.recipient.classes

    def restricted(self) -> Text:
        """The sentence that stands where an answer is left out."""
        return Text(self.texts("Restricted: not printed for this recipient"))

    def answer(self, question: Question, value: Answer | None) -> Text:
        """Return an answer in words, or the sentence that it is left out."""
        if not self.holds(question.confidentiality):
            return self.restricted()
        if value is None:
            return Text(self.texts("Not answered"))
        if question.answer == "table":
            shown = [
                "; ".join(
                    f"{title}: {cell.words}" for title, cell in zip(table.columns, row, strict=True) if cell.words
                )
                for table in (self.rows(question, value),)
                for row in table.rows
            ]
            return Text("\n".join(f"{number}. {row}" for number, row in enumerate(shown, 1)) or self.texts("No rows"))
        words = self._words(question, value)
        is_own_wording = question.answer == "text" and _is_substance(value)
        if not is_own_wording or not self.recipient.shows_origin:
            return Text(words)
        return Text(words, Voice.PERSON if question.asked_of_person else Voice.OFFICER)

    def rows(self, question: Question, value: Answer | None) -> Table:
        """Return a table answer; columns of a class that is not held are left out."""
        columns = [column for column in question.columns.values() if self.holds(column.confidentiality)]
        given = value if isinstance(value, list) and self.holds(question.confidentiality) else []
        rows = tuple(
            tuple(
                self.answer(column, row[column.name]) if row.get(column.name) is not None else Text("")
                for column in columns
            )
            for row in given
            if isinstance(row, dict)
        )
        return Table(tuple(self.texts(column.ask) for column in columns), rows, self.texts("No rows"))

    def leaves_out_columns(self, question: Question) -> bool:
        return any(not self.holds(column.confidentiality) for column in question.columns.values())

    def free(self, words: str, confidentiality: Confidentiality, voice: Voice = Voice.OFFICER) -> Text:
        """Return an officer's own words (a reason, a ground) of a class, or the sentence that they are left out."""
        if not self.holds(confidentiality):
            return self.restricted()
        return Text(hidden(words, self.codes), voice)

    def reason(self, event: AuditEvent) -> Text | None:
        """Return the reason that an officer gave for an entry of the log, if the recipient may read it.

        Why a mis-click was taken back or who vouched for a paper file is the office's own; why a member stepped back is
        as restricted as the member's name.
        """
        if event.kind == "MemberRecused":
            ground = str(event.personal.get("ground") or "")
            may_read = self.recipient.votes == "names"
        else:
            ground = str(event.personal.get("reason") or "")
            is_told_elsewhere = event.kind == "AnswerCorrected"
            may_read = self.recipient.names_officers and self.holds("story") and not is_told_elsewhere
        if not ground or not may_read:
            return None
        return Text(self.texts("Reason: {reason}").format(reason=hidden(ground, self.codes)), Voice.OFFICER)

    def actor(self, event: AuditEvent) -> str:
        """Return who did something, by name or by role, as the recipient may know."""
        if event.by == SYSTEM:
            return self.texts("The system")
        if names_a_voter(event) and self.recipient.votes != "names":
            # Without a number: the hour at which a known chair sat down would lead to the chair's vote.
            return self.texts("A member of the panel")
        return self.officer(event.by, event.role)

    def officer(self, user: str, role: str = "") -> str:
        declared = self.record.definition.roles.get(role)
        title = self.texts(declared.title) if declared else name_in_words(role)
        if self.recipient.is_pseudonymous:
            number = self._officers.setdefault(user, len(self._officers) + 1)
            name = self.texts("Officer {number}").format(number=number)
        elif self.recipient.names_officers:
            name = self.record.names.get(user, user)
        else:
            return title or self.texts("An officer")
        return self.texts("{name}, {role}").format(name=name, role=title) if title else name

    def moment(self, instant: datetime) -> str:
        return moment_in_words(instant, self.texts, calendar=self.record.definition.calendar)

    def _words(self, question: Question, value: Answer) -> str:
        calendar = self.record.definition.calendar
        if self.recipient.is_pseudonymous and _is_substance(value):
            coded = self._coded(question, value)
            if coded is not None:
                return coded
        if question.answer == "person" and isinstance(value, dict) and self._is_hidden_other(question):
            return self._other(value)
        return hidden(answer_in_words(question, value, self.texts, calendar=calendar), self.codes)

    def _coded(self, question: Question, value: Answer) -> str | None:
        """Return what a pseudonymised copy says instead of an answer that tells people apart, or None for others."""
        if isinstance(value, dict) and question.answer == "person":
            name = str(value.get("name") or "").strip()
            return self._with_relation(self.codes.get(name, self.texts("A person")), value)
        if isinstance(value, dict) and question.answer == "file":
            return self.texts("A file")
        if question.confidentiality != "identity":
            return None
        if question.answer == "text" and isinstance(value, str):
            return self.codes.get(value.strip()) or self.texts("Withheld")
        if question.answer == "date" and isinstance(value, str):
            return date_in_words(value[:4], self.texts)
        return None

    def _is_hidden_other(self, question: Question) -> bool:
        # Whom the person named themselves they know; whom officers named (interpreters, witnesses) may need protection.
        if question.asked_of_person or self.recipient.names_others == "all":
            return False
        return self.recipient.names_others == "none" or _BESIDE_THE_PERSON.isdisjoint(question.name.split("_"))

    def _other(self, value: Mapping[str, object]) -> str:
        number = self._others.setdefault(str(value.get("name") or ""), len(self._others) + 1)
        return self._with_relation(self.texts("Person {number}").format(number=number), value)

    def _with_relation(self, code: str, value: Mapping[str, object]) -> str:
        relation = hidden(str(value.get("relation") or ""), self.codes)
        return f"{code} ({relation})" if relation else code


def _is_substance(value: Answer) -> bool:
    return not (isinstance(value, str) and value in NOT_AN_ANSWER_OF_SUBSTANCE)
