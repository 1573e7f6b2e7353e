"""From a case and the declaration of a paper to what the paper says, block by block, for one recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sop_engine.definition.model import Block, Document, Question, Source, Step
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
    Signatures,
    Table,
    Text,
    Voice,
)
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.identity import identity_entries
from sop_engine.records.recipients import RESTRICTED, Recipient, holder_of
from sop_engine.records.secrecy import may_know_step
from sop_engine.records.sources import law_of
from sop_engine.records.timeline import happened
from sop_engine.records.votes import vote_parts
from sop_engine.records.words import name_in_words
from sop_engine.records.zone_parts import zone_parts
from sop_engine.vocabulary import AuditEvent, Proceeding

DEADLINE_WORDS = {
    "not_started": "Not started",
    "running": "Running",
    "met": "Met",
    "expired": "The time is over",
}


def compose(record: RecordInput, document: Document, *, proceeding: str, recipient: Recipient) -> Paper:
    """Return a declared paper of one proceeding as one recipient may hold it.

    Raises NotForRecipient if the declaration does not name the recipient, KeyError if the case has no such proceeding.
    """
    recipient = holder_of(document, recipient)
    writer = _Writer(record, document, record.case.proceeding(proceeding), recipient)
    deviations = deviation_notices(record) if recipient.shows_origin else ()
    parts = (*deviations, *writer.parts())
    return framed(
        record,
        recipient,
        title=record.texts(document.title),
        reference=writer.reference(),
        parts=parts,
    )


def framed(record: RecordInput, recipient: Recipient, *, title: str, reference: str, parts: tuple[Part, ...]) -> Paper:
    """Return a paper with the words of its margins, in the language of the paper."""
    texts = record.texts
    shown = recipient.shows_origin
    return Paper(
        title=title,
        reference=reference if shown else "",
        office=record.office_name if shown else "",
        recipient=recipient.title,
        set_digest=record.case.set_digest if shown else "",
        chain_head=record.chain_head if shown else "",
        parts=parts if shown else tuple(part for part in parts if not isinstance(part, QrCode)),
        language=record.language,
        is_training=record.is_training,
        page_words=texts("Page {page} of {pages}"),
        edition_words=texts("Edition {digest}"),
        chain_words=texts("Chain head {head}"),
        training_words=texts("Training: an invented case"),
        on_file_words=" " + texts("(original script on file)"),
        voice_words=(texts("The words of the person"), texts("The words of an officer")),
        transliterations=record.transliterations,
    )


def deviation_notices(record: RecordInput) -> tuple[Part, ...]:
    """A national deviation is named on every paper that it touches."""
    title = record.texts("This country deviates from the harmonised procedure")
    return tuple(Notice("deviation", title, Text(words)) for words in record.deviations)


def answer_parts(
    disclosure: Disclosure,
    proceeding: Proceeding,
    step: Step,
    number: int,
    *,
    heading: str,
    besides: frozenset[str] = frozenset(),
    is_on_record: bool = False,
) -> Iterator[Part]:
    """Yield the answers of one round of a step: facts, and tables after them; corrected ones beside the original.

    ``besides``: questions (``machine.step.question``) that stand elsewhere on the same paper. ``is_on_record``: with
    who answered and when.
    """
    texts, shown, holds = disclosure.texts, disclosure.recipient.shows_origin, disclosure.recipient.classes
    entries: list[Entry] = []
    tables: list[Part] = []
    left_out = False
    for question in step.questions.values():
        value = proceeding.answers.get((step.name, number, question.name))
        if f"{proceeding.machine}.{step.name}.{question.name}" in besides:
            continue
        if value is None and not _is_asked(disclosure.record, question, proceeding):
            continue
        if not disclosure.holds(question.confidentiality):
            left_out = True
            continue
        if value is None and (not question.required or not shown):
            continue
        notes = _corrections(disclosure, proceeding, step, number, question.name)
        label = texts(question.ask)
        if question.answer == "table" and isinstance(value, list):
            tables += table_parts(disclosure, label, disclosure.rows(question, value))
            tables += [Paragraph(note) for note in notes]
            if shown and disclosure.leaves_out_columns(question):
                tables.append(Paragraph(disclosure.restricted()))
        else:
            entries.append(Entry(label, disclosure.answer(question, value), notes))
    if left_out and shown:
        # One line for all: the words of a restricted question can tell what it asks about.
        entries.append(Entry(texts("Restricted"), disclosure.restricted()))
    if heading and not may_know_step(disclosure.record.definition, proceeding.machine, step.name, holds):
        heading = texts("A restricted step")
    if heading and shown and (entries or tables):
        yield Heading(heading, 3 if is_on_record else 2)
    answered = disclosure.history.answered.get((proceeding.id, step.name, number))
    if is_on_record and answered is not None:
        told = texts("Answered by {officer} on {moment}").format(
            officer=disclosure.actor(answered), moment=disclosure.moment(answered.at)
        )
        yield Paragraph(Text(told))
    if entries:
        yield Facts(tuple(entries))
    yield from tables


def _is_asked(record: RecordInput, question: Question, proceeding: Proceeding) -> bool:
    return question.shown_when is None or record.reading(question.shown_when, proceeding.id) is True


def table_parts(disclosure: Disclosure, label: str, table: Table) -> list[Part]:
    return [Heading(label, 3), table] if disclosure.recipient.shows_origin else [table]


def _corrections(
    disclosure: Disclosure, proceeding: Proceeding, step: Step, number: int, name: str
) -> tuple[Text, ...]:
    """The original beside each correction, with who, when and why."""
    texts, question = disclosure.texts, step.questions[name]
    notes: list[Text] = []
    for event in disclosure.history.corrected.get((proceeding.id, step.name, number, name), ()):
        before = disclosure.answer(question, event.personal.get("before"))
        told = texts("Corrected by {officer} on {moment}. Before: {answer}").format(
            officer=disclosure.actor(event), moment=disclosure.moment(event.at), answer=before.words
        )
        notes.append(Text(told, before.voice))
        reason = disclosure.free(str(event.personal.get("reason", "")), question.confidentiality)
        if reason.words:
            notes.append(Text(texts("Reason: {reason}").format(reason=reason.words), reason.voice))
    return tuple(notes)


class _Writer:
    def __init__(self, record: RecordInput, document: Document, proceeding: Proceeding, recipient: Recipient) -> None:
        self.record = record
        self.document = document
        self.proceeding = proceeding
        self.recipient = recipient
        self.disclosure = Disclosure(record, recipient)
        self.texts = record.texts
        self.relied_on: list[Source] = [*document.source]
        self.shown_alone = frozenset(
            ".".join(self.split(name, parts=2))
            for block in document.blocks
            if block.kind in ("table", "reasons")
            for name in block.argument
        )
        machine = record.definition.machines[document.machine]
        for transition in machine.transitions.values():
            if document.name in transition.issues:
                self.relied_on += transition.source

    def reference(self) -> str:
        """The number of the newest issue of this paper, or the case number while it has none."""
        if self.document.numbered:
            for issued in reversed(self.record.case.documents):
                if issued.name == self.document.qualified and issued.proceeding == self.proceeding.id:
                    return issued.number
        return self.record.case.number

    def parts(self) -> Iterator[Part]:
        wanted = [block for block in self.document.blocks if self.is_wanted(block)]
        # The law stands where it was declared, and names what the other blocks rely on, also those after it.
        written = {id(block): list(self.block(block)) for block in wanted if block.kind != "law"}
        for block in wanted:
            if block.kind == "law":
                yield Heading(self.texts("Law"), 2)
                yield law_of(self.relied_on, self.record.definition, self.texts)
            else:
                yield from written[id(block)]

    def is_wanted(self, block: Block) -> bool:
        return self.record.reading(block.when, self.proceeding.id) is True

    def block(self, block: Block) -> Iterator[Part]:
        write = _BLOCKS.get(block.kind)
        if write is not None:
            yield from write(self, block)

    def identity(self, block: Block) -> Iterator[Part]:
        entries = identity_entries(self.disclosure)
        if entries:
            yield Facts(entries)

    def text(self, block: Block) -> Iterator[Part]:
        for words in block.argument:
            yield Paragraph(Text(self.texts(words)))

    def answers(self, block: Block) -> Iterator[Part]:
        for name in block.argument:
            machine, step_name = self.split(name)
            proceeding = self.place(machine)
            step = self.record.definition.machines[machine].steps[step_name]
            self.relied_on += step.source
            heading = self.texts(step.title)
            if proceeding is None:
                if self.recipient.shows_origin:
                    yield Heading(heading, 2)
                    yield Paragraph(Text(self.texts("This procedure has not started.")))
                continue
            number = _newest_round(proceeding, step_name)
            yield from answer_parts(
                self.disclosure, proceeding, step, number, heading=heading, besides=self.shown_alone
            )

    def table(self, block: Block) -> Iterator[Part]:
        for name in block.argument:
            machine, place = self.split(name, parts=2)
            step_name, question_name = place.split(".")
            question = self.record.definition.machines[machine].steps[step_name].questions[question_name]
            proceeding = self.place(machine)
            label = self.texts(question.ask)
            if not self.disclosure.holds(question.confidentiality):
                if self.recipient.shows_origin:
                    yield Paragraph(self.disclosure.restricted())
                continue
            value = proceeding.latest_answer(step_name, question_name) if proceeding else None
            yield from table_parts(self.disclosure, label, self.disclosure.rows(question, value))
            if self.recipient.shows_origin and self.disclosure.leaves_out_columns(question):
                yield Paragraph(self.disclosure.restricted())

    def reasons(self, block: Block) -> Iterator[Part]:
        for name in block.argument:
            machine, place = self.split(name, parts=2)
            step_name, question_name = place.split(".")
            question = self.record.definition.machines[machine].steps[step_name].questions[question_name]
            proceeding = self.place(machine)
            value = proceeding.latest_answer(step_name, question_name) if proceeding else None
            if question.confidentiality != RESTRICTED or self.disclosure.holds(RESTRICTED):
                yield Heading(self.texts(question.ask), 2)
            yield Paragraph(self.disclosure.answer(question, value))

    def deadlines(self, block: Block) -> Iterator[Part]:
        entries = []
        for name in block.argument:
            machine, own = self.split(name)
            declared = self.record.definition.machines[machine].deadlines.get(own)
            self.relied_on += declared.source if declared else ()
            label = self.texts(name_in_words(own))
            place = self.place(machine)
            runs = [
                run
                for run in self.record.deadlines
                if run.name == f"{machine}.{own}" and place is not None and run.proceeding == place.id
            ]
            for run in runs[-1:]:
                status = Text(self.texts(DEADLINE_WORDS[run.status]))
                entries.append(Entry(label, Text(run.sentence), (status,)))
            if not runs:
                entries.append(Entry(label, Text(self.texts(DEADLINE_WORDS["not_started"]))))
        if entries:
            yield Heading(self.texts("Time limits"), 2)
            yield Facts(tuple(entries))

    def votes(self, block: Block) -> Iterator[Part]:
        for name in block.argument:
            machine, own = self.split(name)
            panel = self.record.definition.machines[machine].panels[own]
            self.relied_on += [*panel.source, *(source for q in panel.questions.values() for source in q.source)]
            place = self.place(machine)
            sittings = self.disclosure.history.sittings_of(place.id, own) if place else ()
            yield Heading(self.texts("Vote: {panel}").format(panel=self.texts(name_in_words(own))), 2)
            if not sittings:
                yield Paragraph(Text(self.texts("Nobody has voted yet.")))
            for sitting in sittings[-1:]:
                yield from vote_parts(self.disclosure, panel, sitting)

    def remedy(self, block: Block) -> Iterator[Part]:
        title = self.texts("What you can do against this")
        yield Notice("remedy", title, Text("\n".join(self.texts(words) for words in block.argument)))

    def timeline(self, block: Block) -> Iterator[Part]:
        # Only this proceeding: who may know of a hand-over need not learn of every other procedure.
        events = [event for event in self.record.events if event.proceeding == self.proceeding.id]
        yield Heading(self.texts("What happened"), 2)
        yield timeline_table(self.disclosure, events)

    def signatures(self, block: Block) -> Iterator[Part]:
        labels = tuple(self.texts(label) for label in block.argument)
        yield Signatures(labels, self.texts("Name, date and signature"))

    def machine_readable_zone(self, block: Block) -> Iterator[Part]:
        steps = [(self.place(machine), machine, step) for machine, step in map(self.split, block.argument)]
        yield from zone_parts(self.disclosure, steps)

    def qr(self, block: Block) -> Iterator[Part]:
        caption = self.texts("With this code the issuing office finds the case. It holds no name.")
        yield QrCode(self.record.case_token or self.record.case.id, caption)

    def split(self, name: str, *, parts: int = 1) -> tuple[str, str]:
        """(machine, rest); a name without its machine belongs to the machine of the paper."""
        pieces = name.split(".")
        if len(pieces) > parts:
            return pieces[0], ".".join(pieces[1:])
        return self.document.machine, name

    def place(self, machine: str) -> Proceeding | None:
        return self.proceeding if machine == self.proceeding.machine else self.record.case.newest(machine)


def timeline_table(disclosure: Disclosure, events: Iterable[AuditEvent]) -> Table:
    """Return what happened: when, what, by whom."""
    texts = disclosure.texts
    rows = []
    for event in events:
        title, detail = happened(event, disclosure.record.definition, texts, holds=disclosure.recipient.classes)
        reason = disclosure.reason(event)
        what = "\n".join(part for part in (title, detail, reason.words if reason else "") if part)
        voice = reason.voice if reason else Voice.DEFINITION
        rows.append((Text(disclosure.moment(event.at)), Text(what, voice), Text(disclosure.actor(event))))
    return Table((texts("When"), texts("What happened"), texts("Who")), tuple(rows), texts("Nothing happened yet."))


def _newest_round(proceeding: Proceeding, step: str) -> int:
    """The newest round of a step that has an answer, else the present one."""
    rounds = [number for name, number, _ in proceeding.answers if name == step]
    return max(rounds, default=proceeding.current_round(step))


_BLOCKS: Mapping[str, Callable[[_Writer, Block], Iterator[Part]]] = {
    "identity": _Writer.identity,
    "text": _Writer.text,
    "answers": _Writer.answers,
    "table": _Writer.table,
    "deadlines": _Writer.deadlines,
    "votes": _Writer.votes,
    "reasons": _Writer.reasons,
    "remedy": _Writer.remedy,
    "timeline": _Writer.timeline,
    "signatures": _Writer.signatures,
    "machine_readable_zone": _Writer.machine_readable_zone,
    "qr": _Writer.qr,
}
