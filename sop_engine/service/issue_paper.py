"""Papers of a case as PDF: issued documents and the complete record. The same state gives the same bytes for ever."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.engine.deadlines import deadlines_of
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.tree import Guard
from sop_engine.periods import Length, worked_explanation, worked_sentence
from sop_engine.records.case_record import case_record
from sop_engine.records.compose import compose
from sop_engine.records.content import DeadlineWords, Paper, RecordInput
from sop_engine.records.pdf import pdf
from sop_engine.records.recipients import recipient_of
from sop_engine.service import access
from sop_engine.service.deviations import deviations_in
from sop_engine.service.errors import NotFound
from sop_engine.service.identity import identity_of
from sop_engine.service.service import Service, Texts
from sop_engine.service.views import Reader
from sop_engine.store import access_log, accounts, cases, offices, papers
from sop_engine.store.cases import CaseHead
from sop_engine.vocabulary import SYSTEM, Case

RECORD = "case_record"


def paper_pdf(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    number: str,
    recipient: str = "file",
) -> bytes:
    """Return an issued document as PDF, as the case stood when it was issued.

    ``number`` is the number in the register of issued documents. Raises NotFound, also for a document whose class the
    reader does not hold; NotForRecipient when the paper may not go to this recipient.
    """
    with svc.store.writing() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        issued = next((d for d in svc.load(conn, head).documents if d.number == number), None)
        if issued is None:
            raise NotFound
        machine, name = issued.name.split(".", 1)
        definition = svc.definition(conn, _at(svc, conn, head, issued.seq).set_digest)
        declared = definition.machines[machine].documents.get(name)
        classes = access.classes_read(definition, reader)
        if declared is None or declared.confidentiality not in classes:
            raise NotFound
        record = _record(svc, conn, reader, definition, head, issued.seq, machine=machine)
        to = recipient_of(recipient, texts=record.texts, reader_holds=classes)
        paper = compose(record, declared, proceeding=issued.proceeding, recipient=to)
        return _printed(svc, conn, reader, head, paper, name=issued.name, number=number, seq=issued.seq, to=recipient)


def case_record_pdf(
    svc: Service, reader: Reader, case_id: str, *, recipient: str = "file", at_seq: int | None = None
) -> bytes:
    """Return the complete record of a case as PDF, as it stood after entry ``at_seq`` (now, if not given)."""
    with svc.store.writing() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        seq = head.seq if at_seq is None else at_seq
        if not 1 <= seq <= head.seq:
            raise NotFound
        definition = svc.definition(conn, _at(svc, conn, head, seq).set_digest)
        record = _record(svc, conn, reader, definition, head, seq)
        classes = access.classes_read(definition, reader)
        to = recipient_of(recipient, texts=record.texts, reader_holds=classes)
        paper = case_record(record, to)
        number = f"{head.number}/record/{seq}"
        return _printed(svc, conn, reader, head, paper, name=RECORD, number=number, seq=seq, to=recipient)


def _printed(
    svc: Service,
    conn: Connection,
    reader: Reader,
    head: CaseHead,
    paper: Paper,
    *,
    name: str,
    number: str,
    seq: int,
    to: str,
) -> bytes:
    """Make the bytes and note them in the register of papers, so that they can be told from a forgery."""
    content = pdf(paper)
    papers.register_paper(
        conn,
        papers.Paper(
            case_id=head.id,
            sha256=hashlib.sha256(content).hexdigest(),
            recipient=to,
            office_id=head.office_id,
            name=name,
            number=number,
            seq=seq,
            made_by=reader.user,
            made_at=svc.clock(),
        ),
    )
    access_log.record_access(conn, at=svc.clock(), account=reader.user, what=f"print {name}", case_id=head.id)
    return content


def _record(
    svc: Service,
    conn: Connection,
    reader: Reader,
    definition: Definition,
    head: CaseHead,
    seq: int,
    *,
    machine: str | None = None,
) -> RecordInput:
    case = _at(svc, conn, head, seq)
    chain = cases.load_chain(conn, head.id)[:seq]
    events = tuple(entry.event for entry in chain)
    people = {e.by for e in events if e.by != SYSTEM} | {p.user for p in case.participations}
    office = offices.find_office(conn, head.office_id)
    texts = svc.texts(reader.language)
    base = CaseReading(definition, case)

    def reading(guard: Guard, proceeding: str) -> bool | None:
        return base.at(case.proceeding(proceeding)).holds(guard)

    return RecordInput(
        case=case,
        definition=definition,
        events=events,
        chain_head=chain[-1].hash if chain else "",
        reading=reading,
        names=accounts.names_of(conn, people),
        texts=texts,
        language=reader.language,
        deadlines=_deadlines(definition, case, texts),
        office_name=office.name if office else "",
        transliterations=identity_of(definition, case).transliterations,
        case_token=case.id,
        is_training=svc.is_training,
        deviations=deviations_in(definition, case, texts, machine=machine),
    )


def _at(svc: Service, conn: Connection, head: CaseHead, seq: int) -> Case:
    """Return the case as it stood then, under the edition that held then."""
    return svc.load(conn, head) if seq == head.seq else svc.load_at(conn, head, seq)


def _deadlines(definition: Definition, case: Case, texts: Texts) -> tuple[DeadlineWords, ...]:
    found = []
    for run in case.deadlines:
        machine, name = run.name.split(".", 1)
        declared = deadlines_of(definition, machine).get(name)
        if declared is None:
            continue
        worked = worked_explanation(
            Length.parse(run.length),
            counted_from=run.counted_from,
            due=run.due_at,
            calendar=definition.calendar,
            skip_closures=declared.person_duty,
        )
        found.append(
            DeadlineWords(
                name=run.name,
                proceeding=run.proceeding,
                status=run.status,
                due_at=run.due_at,
                sentence=worked_sentence(worked, texts),
            )
        )
    return tuple(found)
