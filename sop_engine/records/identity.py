"""Who the person is, as a paper says it: from the questions that the definition names for the bar of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.model import Question
from sop_engine.records.content import Entry, RecordInput, Text
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.words import name_in_words
from sop_engine.vocabulary import NOT_AN_ANSWER_OF_SUBSTANCE, Answer

_LABELS: Mapping[str, str] = {
    "name": "Name",
    "other_names": "Other names",
    "date_of_birth": "Date of birth",
    "age": "Age",
    "nationality": "Nationality",
    "language": "Language",
}
_ON_A_TICKET = frozenset({"name", "date_of_birth", "nationality"})
"""What a copy may say that must not show what kind of authority wrote it: nothing that a ticket does not say."""


def identity_entries(disclosure: Disclosure) -> tuple[Entry, ...]:
    """Return the lines of who the person is, as far as the case knows and the recipient may read."""
    record, texts = disclosure.record, disclosure.texts
    entries = []
    if disclosure.recipient.shows_origin:
        entries.append(Entry(texts("Case number"), Text(record.case.number or record.case.id)))
    for part, question, value in _on_file(record):
        if not disclosure.recipient.shows_origin and part not in _ON_A_TICKET:
            continue
        if disclosure.holds(question.confidentiality):
            # Here the office says who the person is, whoever said it first.
            said = Text(disclosure.answer(question, value).words)
            entries.append(Entry(texts(_LABELS.get(part, name_in_words(part))), said))
    return tuple(entries)


def _on_file(record: RecordInput) -> Iterator[tuple[str, Question, Answer]]:
    """The first of the named questions that has an answer of substance, for each part."""
    for part, places in record.definition.identity.items():
        for place in places:
            proceeding = record.case.newest(place.machine or "")
            machine = record.definition.machines.get(place.machine or "")
            step = machine.steps.get(place.step) if machine else None
            question = step.questions.get(place.question) if step else None
            value = proceeding.latest_answer(place.step, place.question) if proceeding else None
            if question is None or value is None or value == "":
                continue
            if isinstance(value, str) and value in NOT_AN_ANSWER_OF_SUBSTANCE:
                continue
            yield part, question, value
            break
