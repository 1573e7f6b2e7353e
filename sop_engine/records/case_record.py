"""The complete record of a case: everything on file, who did it and when, and how anybody can check it again."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.model import Machine, Source, Transition
from sop_engine.guards.tree import FactIs
from sop_engine.records.compose import DEADLINE_WORDS, answer_parts, deviation_notices, framed, timeline_table
from sop_engine.records.content import (
    Entry,
    Facts,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Part,
    QrCode,
    RecordInput,
    Table,
    Text,
)
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.identity import identity_entries
from sop_engine.records.recipients import NotForRecipient, Recipient
from sop_engine.records.secrecy import fact_class, may_know_act
from sop_engine.records.sources import law_of
from sop_engine.records.timeline import facts_in_words
from sop_engine.records.votes import vote_parts
from sop_engine.records.words import name_in_words
from sop_engine.vocabulary import AuditEvent, Proceeding

HOW_THE_CHAIN_PROVES = (
    "Each entry of the log holds the fingerprint of the one before. The chain head above names this log: "
    "if one entry of it were changed, the head would be another."
)


def case_record(record: RecordInput, recipient: Recipient) -> Paper:
    """Return the complete record of a case as one recipient may hold it; it says the same for ever at the same entry.

    Raises NotForRecipient for a recipient from whom the origin of a paper is kept: a record cannot hide it.
    """
    if not recipient.shows_origin:
        raise NotForRecipient(f"A case record may not be given to “{recipient.name}”: it shows that a case exists.")
    writer = _Writer(record, recipient)
    return framed(
        record,
        recipient,
        title=record.texts("Complete case record"),
        reference=record.case.number,
        parts=tuple(writer.parts()),
    )


class _Writer:
    def __init__(self, record: RecordInput, recipient: Recipient) -> None:
        self.record = record
        self.case = record.case
        self.definition = record.definition
        self.texts = record.texts
        self.disclosure = Disclosure(record, recipient)
        self.relied_on: list[Source] = []

    def parts(self) -> Iterator[Part]:
        yield from self.cover()
        yield from self.person()
        for proceeding in self.case.proceedings:
            yield from self.proceeding(proceeding)
        yield from self.decisions()
        yield from self.votes()
        yield from self.deadlines()
        yield from self.documents()
        yield Heading(self.texts("What happened"))
        yield timeline_table(self.disclosure, self.record.events)
        yield from self.audit_trail()
        yield from self.law()
        yield from self.proof()

    def cover(self) -> Iterator[Part]:
        texts, case = self.texts, self.case
        yield from deviation_notices(self.record)
        for alarm in case.alarms:
            machine, _, name = alarm.partition(".")
            declared = (
                self.definition.machines[machine].safeguards.get(name) if machine in self.definition.machines else None
            )
            words = texts(declared.says) if declared else alarm
            yield Notice("care", texts("A safeguard does not hold"), Text(words))
        entries = [Entry(texts("Case number"), Text(case.number or case.id))]
        if case.opened_at is not None:
            entries.append(Entry(texts("Opened"), Text(self.disclosure.moment(case.opened_at))))
        if case.from_paper:
            entries.append(Entry(texts("Origin"), Text(texts("Brought in from a paper file"))))
        if case.last_at is not None:
            told = texts("Up to entry {number}, of {moment}").format(
                number=case.seq, moment=self.disclosure.moment(case.last_at)
            )
            entries.append(Entry(texts("This record"), Text(told)))
        yield Facts(tuple(entries))
        yield Heading(texts("Where the case stands"))
        standing = tuple(
            Entry(self.procedure_title(proceeding), Text(self.state_title(proceeding.machine, proceeding.state)))
            for proceeding in case.proceedings
        )
        yield Facts(standing) if standing else Paragraph(Text(texts("No procedure has been opened yet.")))
        holds = self.disclosure.recipient.classes
        facts = [
            texts(fact.says)
            for fact in self.definition.shared.values()
            if self.is_true(fact.name) and fact_class(self.definition, None, fact.name) in holds
        ]
        if facts:
            yield Heading(texts("Facts of the case"), 2)
            yield Table((texts("What holds now"),), tuple((Text(words),) for words in facts))
        open_duties = [duty for duty in case.duties if not duty.done]
        if open_duties and self.disclosure.recipient.names_officers:  # the office's own list
            yield Heading(texts("To do"), 2)
            rows = tuple(
                (Text(self.role_title(duty.role)), Text(texts(duty.text)), Text(self.disclosure.moment(duty.raised_at)))
                for duty in open_duties
            )
            yield Table((texts("Who"), texts("What"), texts("Since")), rows)

    def person(self) -> Iterator[Part]:
        yield Heading(self.texts("Who the person is"))
        entries = identity_entries(self.disclosure)
        yield Facts(entries)
        if len(entries) < 2:  # only the case number
            yield Paragraph(Text(self.texts("Nothing is on file yet about who the person is.")))

    def proceeding(self, proceeding: Proceeding) -> Iterator[Part]:
        texts = self.texts
        machine = self.definition.machines.get(proceeding.machine)
        yield Heading(self.procedure_title(proceeding))
        entries = [
            Entry(texts("Opened"), Text(self.disclosure.moment(proceeding.opened_at))),
            Entry(texts("State"), Text(self.state_title(proceeding.machine, proceeding.state))),
        ]
        if len(proceeding.visited) > 1:
            way = "; ".join(self.state_title(proceeding.machine, state) for state in proceeding.visited)
            entries.append(Entry(texts("Way so far"), Text(way)))
        yield Facts(tuple(entries))
        if machine is None:
            return
        said = False
        for step in machine.steps.values():
            numbers = sorted(
                {number for name, number, _ in proceeding.answers if name == step.name}
                | {
                    number
                    for place, name, number in self.disclosure.history.answered
                    if (place, name) == (proceeding.id, step.name)
                }
            )
            self.relied_on += step.source if numbers else ()
            for number in numbers:
                heading = texts(step.title)
                if len(numbers) > 1 or number > 1:
                    heading = texts("{step}, round {number}").format(step=heading, number=number)
                yield from answer_parts(self.disclosure, proceeding, step, number, heading=heading, is_on_record=True)
                said = True
        if not said:
            yield Paragraph(Text(texts("No step has been answered yet.")))

    def decisions(self) -> Iterator[Part]:
        texts = self.texts
        yield Heading(texts("Decisions"))
        said = False
        for event in self.record.events:
            transition = self.transition_of(event)
            if transition is None or not may_know_act(self.definition, transition, self.disclosure.recipient.classes):
                continue
            self.relied_on += transition.source
            if not (transition.decided_by or transition.is_adverse or transition.asks):
                continue
            said = True
            yield Heading(texts(transition.title), 2)
            told = texts("{officer}, on {moment}").format(
                officer=self.disclosure.actor(event), moment=self.disclosure.moment(event.at)
            )
            entries = [Entry(texts("By"), Text(told))]
            if transition.does:
                entries.append(Entry(texts("What it does"), Text(texts(transition.does))))
            facts = facts_in_words(event, self.definition, texts, holds=self.disclosure.recipient.classes)
            if facts:
                entries.append(Entry(texts("Because"), Text("\n".join(facts))))
            yield Facts(tuple(entries))
            yield from self.reasons(event, transition)
        if not said:
            yield Paragraph(Text(texts("No decision has been taken yet.")))

    def reasons(self, event: AuditEvent, transition: Transition) -> Iterator[Part]:
        """The reasons given in the act itself, as they now stand on file."""
        machine = self.definition.machines.get(transition.machine)
        step = machine.steps.get(transition.asks or "") if machine else None
        if step is None:
            return
        try:
            proceeding = self.case.proceeding(event.proceeding)
        except KeyError:
            return
        number = int(event.data.get("asks_round", 1))
        yield from answer_parts(self.disclosure, proceeding, step, number, heading="")

    def votes(self) -> Iterator[Part]:
        sittings = self.disclosure.history.sittings
        if not sittings:
            return
        yield Heading(self.texts("Votes"))
        for sitting in sittings:
            machine = self.definition.machines.get(sitting.proceeding.split("-", 1)[0])
            panel = machine.panels.get(sitting.ballot.panel) if machine else None
            if panel is None:
                continue
            self.relied_on += panel.source
            yield Heading(self.texts(panel.title or name_in_words(panel.name)), 2)
            yield from vote_parts(self.disclosure, panel, sitting)

    def deadlines(self) -> Iterator[Part]:
        yield Heading(self.texts("Time limits"))
        entries = []
        for run in self.record.deadlines:
            machine, _, name = run.name.partition(".")
            declared = (
                self.definition.machines[machine].deadlines.get(name) if machine in self.definition.machines else None
            )
            self.relied_on += declared.source if declared else ()
            status = Text(self.texts(DEADLINE_WORDS[run.status]))
            entries.append(Entry(self.texts(name_in_words(name or machine)), Text(run.sentence), (status,)))
        yield Facts(tuple(entries)) if entries else Paragraph(Text(self.texts("No time limit has started.")))

    def documents(self) -> Iterator[Part]:
        texts = self.texts
        yield Heading(texts("Papers issued"))
        rows = []
        for issued in self.case.documents:
            machine, _, name = issued.name.partition(".")
            declared = (
                self.definition.machines[machine].documents.get(name) if machine in self.definition.machines else None
            )
            self.relied_on += declared.source if declared else ()
            title = texts(declared.title) if declared else name_in_words(name)
            who = self.disclosure.officer(issued.issued_by, self.role_at(issued.seq))
            rows.append((Text(title), Text(issued.number), Text(self.disclosure.moment(issued.issued_at)), Text(who)))
        columns = (texts("Paper"), texts("Number"), texts("Issued"), texts("By"))
        yield Table(columns, tuple(rows), texts("No paper has been issued yet."))

    def audit_trail(self) -> Iterator[Part]:
        """The entries as the chain holds them: number, instant in UTC, kind, place."""
        texts = self.texts
        yield Heading(texts("Audit trail"))
        rows = tuple(
            (
                Text(str(event.seq)),
                Text(f"{event.at:%Y-%m-%d %H:%M:%S}"),
                Text(event.kind),
                Text(event.proceeding),
                Text(self.disclosure.actor(event)),
            )
            for event in self.record.events
        )
        columns = (texts("Entry"), texts("Instant (UTC)"), texts("Kind"), texts("Proceeding"), texts("By"))
        yield Table(columns, rows, texts("The log is empty."))

    def law(self) -> Iterator[Part]:
        yield Heading(self.texts("Law relied on"))
        law = law_of(self.relied_on, self.definition, self.texts)
        yield law if law.entries else Paragraph(Text(self.texts("No rule has been applied yet.")))

    def proof(self) -> Iterator[Part]:
        texts = self.texts
        yield Heading(texts("How to check this record"))
        machines = dict.fromkeys(proceeding.machine for proceeding in self.case.proceedings)
        editions = [
            f"{texts(found.title)}: {found.edition}"
            for name in machines
            if (found := self.definition.machines.get(name)) is not None
        ]
        entries = [
            Entry(texts("Edition of the whole set"), Text(self.case.set_digest)),
            Entry(texts("Editions of the procedures"), Text("\n".join(editions) or "–")),
            Entry(texts("Entries in the log"), Text(str(len(self.record.events)))),
            Entry(texts("Chain head"), Text(self.record.chain_head)),
        ]
        yield Facts(tuple(entries))
        yield Paragraph(Text(texts(HOW_THE_CHAIN_PROVES)))
        yield QrCode(
            self.record.case_token or self.case.id,
            texts("With this code the issuing office finds the case. It holds no name."),
        )

    # Names

    def procedure_title(self, proceeding: Proceeding) -> str:
        texts = self.texts
        machine: Machine | None = self.definition.machines.get(proceeding.machine)
        title = texts(machine.title) if machine else name_in_words(proceeding.machine)
        if proceeding.key:
            title = texts("{procedure}: {key}").format(procedure=title, key=texts(name_in_words(proceeding.key)))
        alike = [p for p in self.case.proceedings if (p.machine, p.key) == (proceeding.machine, proceeding.key)]
        if len(alike) > 1:
            number = [p.id for p in alike].index(proceeding.id) + 1
            title = texts("{procedure} ({number})").format(procedure=title, number=number)
        return title

    def state_title(self, machine: str, state: str) -> str:
        declared = self.definition.machines.get(machine)
        found = declared.states.get(state) if declared else None
        return self.texts(found.title) if found else name_in_words(state)

    def role_title(self, role: str) -> str:
        declared = self.definition.roles.get(role)
        return self.texts(declared.title) if declared else name_in_words(role)

    def role_at(self, seq: int) -> str:
        return next((event.role for event in self.record.events if event.seq == seq), "")

    def is_true(self, fact: str) -> bool:
        place = self.case.proceedings[0].id if self.case.proceedings else ""
        return bool(place) and self.record.reading(FactIs(None, fact), place) is True

    def transition_of(self, event: AuditEvent) -> Transition | None:
        if event.kind != "TransitionTaken":
            return None
        machine, _, name = str(event.data["transition"]).rpartition(".")
        machine = machine or event.proceeding.split("-", 1)[0]
        declared = self.definition.machines.get(machine)
        return declared.transitions.get(name) if declared else None
