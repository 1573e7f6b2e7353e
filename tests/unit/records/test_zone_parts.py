"""The lines that machines read, on the specimen page of a travel document."""

from __future__ import annotations

from dataclasses import replace

from sop_engine.definition.model import Definition
from sop_engine.records.compose import compose
from sop_engine.records.content import MachineReadableLines, Notice, Paper, Paragraph
from sop_engine.records.pdf import pdf
from sop_engine.records.recipients import recipient_of
from sop_engine.vocabulary import Answer, Proceeding
from tests.unit.records.example import START, record_of

DATA: dict[str, Answer] = {
    "document_code": "PR",
    "issuing_state": "TTO",
    "surname": "Núñez-Peña",
    "given_names": "Ana María",
    "document_number": "R1234567",
    "nationality": "XXB",
    "date_of_birth": "1988",
    "sex": "female",
    "valid_until": "2028-03-01",
}
LINES = ("PRTTONUNEZ<PENA<<ANA<MARIA<<<<<<<<<<<<<<<<<<", "R1234567<5XXB88<<<<0F2803010<<<<<<<<<<<<<<<6")


def specimen(
    definition: Definition, data: dict[str, Answer], read: tuple[str, ...] = (), *, recipient: str = "file"
) -> Paper:
    """The specimen page of an invented book, with the lines that were read from it."""
    answers = {("data_page", 1, name): answer for name, answer in data.items()}
    answers |= {("book_check", 1, f"mrz_line{at}"): line for at, line in enumerate(read, 1)}
    place = Proceeding("td-1", "travel_document", None, "ctd_personalisation", START, START, answers=answers)
    record = record_of((), definition)
    record = record_of((), definition, case=replace(record.case, proceedings=(place,)))
    document = definition.machines["travel_document"].documents["ctd_specimen"]
    return compose(record, document, proceeding="td-1", recipient=recipient_of(recipient))


def lines_of(paper: Paper) -> list[tuple[str, ...]]:
    return [part.lines for part in paper.parts if isinstance(part, MachineReadableLines)]


def cared_for(paper: Paper) -> list[str]:
    return [part.text.words for part in paper.parts if isinstance(part, Notice)]


def test_the_specimen_page_bears_the_lines(definition: Definition) -> None:
    paper = specimen(definition, DATA)

    assert lines_of(paper) == [LINES]
    assert cared_for(paper) == []
    assert pdf(paper).startswith(b"%PDF-")


def test_lines_that_were_read_and_are_the_same_agree(definition: Definition) -> None:
    paper = specimen(definition, DATA, (LINES[0].lower(), f" {LINES[1]} "))

    said = [part.text.words for part in paper.parts if isinstance(part, Paragraph)]
    assert cared_for(paper) == []
    assert any("every check digit agrees" in words for words in said)


def test_lines_that_were_read_and_differ_stop_the_book(definition: Definition) -> None:
    wrong_digit = specimen(definition, DATA, (LINES[0], LINES[1].replace("XXB88", "XXB89")))
    another_name = specimen(definition, DATA, (LINES[0].replace("ANA", "ANN"), LINES[1]))

    assert "date of birth" in cared_for(wrong_digit)[0]
    assert "not these" in cared_for(another_name)[0]


def test_an_unknown_birth_is_filled_and_an_open_page_has_no_lines(definition: Definition) -> None:
    unknown = specimen(definition, {**DATA, "date_of_birth": "unknown", "sex": "unknown"})
    incomplete = specimen(definition, {name: answer for name, answer in DATA.items() if name != "valid_until"})

    assert lines_of(unknown)[0][1][13:21] == "<<<<<<0<"
    assert lines_of(incomplete) == []


def test_a_name_without_letters_is_explained(definition: Definition) -> None:
    assert "Latin letters" in cared_for(specimen(definition, {**DATA, "surname": "王"}))[0]
