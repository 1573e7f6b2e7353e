"""A vote of a panel on paper: the questions in legal order, their results, the members as the reader may know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sop_engine.definition.model import Panel
from sop_engine.engine.panels import has_quorum, result
from sop_engine.records.content import Entry, Facts, Part, Table, Text, Voice
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.history import Sitting

RESULT_WORDS: Mapping[str, str] = {"carried": "Yes", "failed": "No", "tied": "A tie", "open": "Not decided"}


def vote_parts(disclosure: Disclosure, panel: Panel, sitting: Sitting) -> Iterator[Part]:
    """Yield one sitting: the results; for who may know them the votes by member, and the reasons of a minority."""
    texts, recipient, ballot = disclosure.texts, disclosure.recipient, sitting.ballot
    asked = [q for q in panel.questions.values() if any(name == q.name for name, _ in ballot.votes)]
    entries = []
    for question in asked:
        votes = [vote for (name, _), vote in ballot.votes.items() if name == question.name]
        words = texts(RESULT_WORDS[result(question, ballot)])
        notes: tuple[Text, ...] = ()
        if recipient.votes != "result":
            count = texts("{yes} for, {no} against").format(yes=votes.count("yes"), no=votes.count("no"))
            notes = (Text(count),)
        entries.append(Entry(texts(question.ask), Text(words), notes))
    if recipient.votes != "result":
        quorum = texts("Met") if has_quorum(panel, ballot) else texts("Not met")
        entries.append(Entry(texts("Quorum"), Text(quorum)))
    if entries:
        yield Facts(tuple(entries))
    if recipient.votes == "result" or not sitting.members:
        return
    columns = (texts("Member"), texts("Part"), *(texts(question.ask) for question in asked))
    yield Table(
        columns, tuple(_member_row(disclosure, sitting, user, [q.name for q in asked]) for user in sitting.members)
    )
    dissents = [
        Entry(_member(disclosure, sitting, user), disclosure.free(reasons, "restricted"))
        for user, reasons in ballot.dissents.items()
        if disclosure.holds("restricted")
    ]
    if dissents:
        yield Facts(tuple(dissents))
    elif ballot.dissents:
        yield Facts((Entry(texts("Reasons of a minority"), disclosure.restricted()),))


def _member(disclosure: Disclosure, sitting: Sitting, user: str) -> str:
    number = disclosure.texts("Member {number}").format(number=sitting.number_of(user))
    if disclosure.recipient.votes != "names":
        return number
    return f"{number}: {disclosure.record.names.get(user, user)}"


def _member_row(disclosure: Disclosure, sitting: Sitting, user: str, questions: list[str]) -> tuple[Text, ...]:
    texts, ballot = disclosure.texts, sitting.ballot
    if user in ballot.recused:
        part = texts("Stepped back")
    elif user == ballot.chair and disclosure.recipient.votes == "names":
        # The chair is known by name to everybody: their number would give away one vote.
        part = texts("Chair")
    else:
        part = texts("Member")
    votes = {"yes": texts("Yes"), "no": texts("No")}
    cells = (Text(votes.get(ballot.votes.get((name, user), ""), "–"), Voice.DEFINITION) for name in questions)
    return (Text(_member(disclosure, sitting, user)), Text(part), *cells)
