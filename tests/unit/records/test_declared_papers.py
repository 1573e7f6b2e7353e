"""Every paper and every picture of the procedures in force can be made, even of a case that has only begun."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

from sop_engine.definition.model import Definition
from sop_engine.records.case_record import case_record
from sop_engine.records.compose import compose
from sop_engine.records.content import RecordInput
from sop_engine.records.diagram import picture_of, svg
from sop_engine.records.pdf import pdf
from sop_engine.records.recipients import recipient_of
from sop_engine.vocabulary import Proceeding
from tests.unit.records.example import START, record_of


def just_begun(definition: Definition) -> RecordInput:
    """A case in which every procedure has started and nothing was answered."""
    record = record_of((), definition)
    proceedings = tuple(
        Proceeding(f"{machine.name}-1", machine.name, None, machine.starts_in, START, START)
        for machine in definition.machines.values()
    )
    case = replace(record.case, number="TST-2026-000009", proceedings=proceedings)
    return record_of((), definition, case=case)


def test_every_declared_paper_can_be_made_for_every_recipient(definition: Definition) -> None:
    record = just_begun(definition)

    for machine in definition.machines.values():
        for document in machine.documents.values():
            for name in document.recipients:
                made = compose(record, document, proceeding=f"{machine.name}-1", recipient=recipient_of(name))
                assert made.title == document.title


def test_the_record_of_a_case_in_which_everything_has_begun_is_a_file(definition: Definition) -> None:
    assert pdf(case_record(just_begun(definition), recipient_of("file"))).startswith(b"%PDF-")


def test_every_procedure_has_a_picture(definition: Definition) -> None:
    for machine in definition.machines.values():
        for state in machine.states:
            ElementTree.fromstring(svg(picture_of(machine, here=state)))  # noqa: S314 - our own picture
