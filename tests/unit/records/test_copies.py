"""Each recipient gets the copy they may hold, and nothing else stands anywhere in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop_engine.records.case_record import case_record
from sop_engine.records.compose import compose
from sop_engine.records.content import Paper, RecordInput
from sop_engine.records.disclosure import Disclosure
from sop_engine.records.pdf import pdf
from sop_engine.records.recipients import NotForRecipient, Recipient, recipient_of
from sop_engine.records.secrecy import fact_class
from tests.unit.records.example import (
    ANSWERS,
    DECISION_LETTER,
    DEFINITION,
    HEARING,
    TRAVEL_NOTE,
    question,
    record_of,
    whole_log,
    whole_record,
)
from tests.unit.records.reading import bytes_of, text_of

RESTRICTED = ["CANARYEXCLUSION", "CANARYFACT", "CANARYSMUGGLER", "CANARYDISSENT", "CANARYGROUND", "Mina", "Remy"]
EVERY_CLASS = frozenset({"procedure", "identity", "story", "sensitive", "restricted"})
THIRD_PARTIES = ["Ivo", "555 0199"]
OFFICERS = ["Olive", "Carla", "account-1", "account-2"]
THE_PERSON = ["Amina", "Ejemplo", "Bruno", "555 0100", "555 0101", "amina-ejemplo"]


def letter(recipient: Recipient, record: RecordInput | None = None) -> Paper:
    return compose(record or whole_record(), DECISION_LETTER, proceeding="hearing-1", recipient=recipient)


def papers(recipient: Recipient) -> dict[str, Paper]:
    return {"letter": letter(recipient), "record": case_record(whole_record(), recipient)}


@pytest.mark.parametrize("which", ["letter", "record"])
@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("applicant", [*RESTRICTED, *THIRD_PARTIES, *OFFICERS]),
        ("file", RESTRICTED),
        ("appeal", RESTRICTED),
        ("quality", [*RESTRICTED, *THIRD_PARTIES, *OFFICERS, *THE_PERSON]),
    ],
)
def test_what_a_recipient_may_not_read_stands_nowhere_in_the_file(which: str, name: str, absent: list[str]) -> None:
    made = pdf(papers(recipient_of(name))[which])

    said, raw = text_of(made), bytes_of(made)
    for words in absent:
        assert words not in said
        assert words.encode() not in raw
        assert words.encode("utf-16-be") not in raw


@pytest.mark.parametrize("which", ["letter", "record"])
@pytest.mark.parametrize("name", ["applicant", "file", "appeal", "quality"])
def test_what_is_left_out_is_announced(which: str, name: str) -> None:
    assert "Restricted: not printed for this recipient" in text_of(papers(recipient_of(name))[which])


def test_the_words_of_a_restricted_question_are_not_told_either() -> None:
    said = text_of(letter(recipient_of("applicant")))

    assert "exclusion" not in said
    assert "Who brought the person?" not in said


def test_an_officer_who_holds_the_restricted_class_gets_everything_on_the_file_copy() -> None:
    said = text_of(case_record(whole_record(), recipient_of("file", reader_holds=EVERY_CLASS)))

    for words in (*RESTRICTED, "Mina Member", "Remy Recused"):
        assert words in said


@pytest.mark.parametrize("name", ["applicant", "appeal", "quality"])
def test_no_reader_can_put_restricted_answers_on_a_copy_that_leaves_the_file(name: str) -> None:
    assert "restricted" not in recipient_of(name, reader_holds=EVERY_CLASS).classes


@pytest.mark.parametrize("name", ["file", "applicant", "appeal", "quality"])
def test_no_copy_says_more_than_the_officer_who_asks_for_it_may_read(name: str) -> None:
    limited = recipient_of(name, reader_holds=frozenset({"procedure", "identity"}))

    for made in papers(limited).values():
        said = text_of(made)
        assert "CANARYHEALTH" not in said
        assert "They came for me" not in said
    assert "CANARYHEALTH" in text_of(letter(recipient_of("file")))


def test_a_fact_is_as_confidential_as_what_it_rests_on() -> None:
    assert fact_class(DEFINITION, None, "exclusion_trigger") == "restricted"
    assert fact_class(DEFINITION, None, "fear_expressed") == "procedure"


def test_an_outsider_reads_no_more_than_the_class_of_the_paper() -> None:
    slip = replace(DECISION_LETTER, recipients=("receiver",), confidentiality="identity")

    said = text_of(compose(whole_record(), slip, proceeding="hearing-1", recipient=recipient_of("receiver")))
    assert "Amina Ejemplo" in said
    assert "They came for me" not in said


def test_the_timeline_of_a_paper_tells_its_own_proceeding_and_no_other() -> None:
    said = text_of(letter(recipient_of("file")))

    assert "Submit to the committee" in said
    assert "Case opened" not in said


@pytest.mark.parametrize(("name", "told"), [("guardian", "Gala Guardian"), ("interpreter", "Person 1")])
def test_the_person_knows_by_name_who_stands_beside_them_and_not_who_may_need_protection(name: str, told: str) -> None:
    disclosure = Disclosure(whole_record(), recipient_of("applicant"))
    asked = question(name, "Who?", "person", "identity")

    assert told in disclosure.answer(asked, {"name": "Gala Guardian", "relation": "", "contact": ""}).words


def test_an_unknown_recipient_gets_the_least() -> None:
    assert recipient_of("carrier").classes == {"procedure", "identity"}
    assert not recipient_of("carrier").names_officers


def test_a_paper_is_not_made_for_somebody_whom_its_declaration_does_not_name() -> None:
    with pytest.raises(NotForRecipient, match="applicant, file, appeal, quality"):
        letter(recipient_of("carrier"))


def test_the_votes_are_told_to_the_appeal_by_number_and_to_the_applicant_as_a_result() -> None:
    appeal, applicant = text_of(letter(recipient_of("appeal"))), text_of(letter(recipient_of("applicant")))

    assert "1 for, 1 against" in appeal
    assert "Member 1" in appeal
    assert "1 for, 1 against" not in applicant
    assert "Member 1" not in applicant
    assert "Is the person a refugee? A tie" in applicant


def test_the_numbers_of_members_tell_nothing_across_cases() -> None:
    """The same three people have other numbers in other cases, so that nobody is recognised by comparing."""
    orders = set()
    for number in range(12):
        record = whole_record()
        record = replace(record, case=replace(record.case, id=f"case-{number}"))
        paper = case_record(record, recipient_of("file", reader_holds=EVERY_CLASS))
        said = text_of(paper)
        orders.add(tuple(sorted(("Carla", "Mina", "Remy"), key=lambda who: said.index(f": {who}"))))

    assert len(orders) > 1


def test_the_same_person_has_one_code_throughout_a_copy_for_quality() -> None:
    said = text_of(case_record(whole_record(), recipient_of("quality")))

    assert "Person 1, they said, you and Person 3 must go." in said
    assert "Ms Person 1 wept." in said
    assert "April 1990" not in said
    assert "Date of birth 1990" in said


def test_a_paper_for_a_destination_shows_nothing_of_who_wrote_it() -> None:
    made = pdf(compose(whole_record(), TRAVEL_NOTE, proceeding="hearing-1", recipient=recipient_of("destination")))

    said, raw = text_of(made), bytes_of(made)
    assert "Amina Ejemplo" in said
    for words in (
        "Asylum",
        "TST-2026",
        "d1d1",
        "abab",
        "Restricted",
        "afraid",
        "Statement",
        "officer",
        "SOP",
        "Member",
    ):
        assert words not in said
        assert words.encode() not in raw


def test_a_case_record_is_never_made_for_a_destination() -> None:
    with pytest.raises(NotForRecipient):
        case_record(whole_record(), recipient_of("destination"))


def test_a_block_is_printed_only_when_its_condition_is_true_and_not_when_it_is_open() -> None:
    sentence = "The person is afraid of returning."
    opened = whole_log()[:2]

    assert sentence in text_of(letter(recipient_of("file")))
    assert sentence not in text_of(letter(recipient_of("file"), record_of(opened)))


def test_a_letter_says_every_block_in_the_order_of_its_declaration() -> None:
    said = text_of(letter(recipient_of("file")))

    wanted = [
        "Name Amina Ejemplo", "This letter tells what was decided.", "They came for me at night.", "Utopia",
        "Vote: Committee", "The account is credible.", "10 working days from 2 March 2026", "You can challenge this",
        "Hearing opened", "Nobody is returned to danger.", "Interpreter Name, date and signature", "With this code",
    ]  # fmt: skip
    places = [said.index(words) for words in wanted]
    assert places == sorted(places)


def test_a_table_with_a_block_of_its_own_is_not_printed_twice() -> None:
    assert text_of(letter(recipient_of("file"))).count("Utopia") == 1


def test_a_question_that_was_not_asked_is_not_said_to_be_unanswered() -> None:
    by_land = text_of(letter(recipient_of("file")))
    events = tuple(
        replace(e, personal={"answers": {**ANSWERS["statement"], "route": "sea"}})
        if e.data.get("step") == "statement" and e.kind == "StepAnswered"
        else e
        for e in whole_log()
    )
    by_sea = text_of(letter(recipient_of("file"), record_of(events)))

    assert "What boat was it?" not in by_land
    assert "What boat was it? Not answered" in by_sea


def test_a_correction_stands_beside_the_original_with_who_and_why() -> None:
    said = text_of(letter(recipient_of("file")))

    assert "Ms Ejemplo wept." in said
    assert "Corrected by Olive Officer, Case officer on 2 March 2026, 11:00. Before: Ms Ejemplo spoke calmly." in said
    assert "Reason: I mixed up two files." in said


def test_the_law_names_each_provision_once_with_its_mark() -> None:
    said = text_of(letter(recipient_of("file")))

    assert said.count("Convention relating to the Status of Refugees") == 1
    assert "RSD-2003 4.1 To be confirmed" in said
    assert "Proposed here; to be confirmed by States" in said


def test_a_deviation_is_named_on_every_paper() -> None:
    record = whole_record(deviations=("Until 2027 the screening may take 7 days (Invented Act 3).",))

    for made in (letter(recipient_of("applicant"), record), case_record(record, recipient_of("file"))):
        assert "Until 2027 the screening may take 7 days (Invented Act 3)." in text_of(made)


def test_the_square_code_holds_the_token_and_no_name() -> None:
    from sop_engine.records.content import QrCode

    made = letter(recipient_of("applicant"), whole_record(case_token="opaque"))

    (code,) = [part for part in made.parts if isinstance(part, QrCode)]
    assert code.token == "opaque"


def test_the_fixed_words_of_a_paper_are_translated() -> None:
    spanish = {"Page {page} of {pages}": "Página {page} de {pages}", "Case number": "Número de expediente"}
    record = whole_record(texts=lambda words: spanish.get(words, words), language="es")

    said = text_of(letter(recipient_of("applicant"), record))
    assert "Página 1 de" in said
    assert "Número de expediente TST-2026-000007" in said


def test_the_record_of_the_same_log_is_the_same_file() -> None:
    once = pdf(case_record(whole_record(), recipient_of("file")))

    assert pdf(case_record(whole_record(), recipient_of("file"))) == once


def test_the_complete_record_tells_who_answered_what_and_how_to_check_it() -> None:
    said = text_of(case_record(whole_record(), recipient_of("file")))

    assert "Answered by Olive Officer, Case officer on 2 March 2026, 08:00" in said
    assert "Carla Chair, Committee chair, on 2 March 2026, 17:00" in said
    assert "TST-2026-000007/decision-letter/1" in said
    assert "The person is afraid." in said
    assert "13 2026-03-02 21:00:00 TransitionTaken hearing-1" in said
    assert "Up to entry 16" in said
    assert "d1" * 20 in said


def test_every_length_of_a_log_makes_a_record() -> None:
    log = whole_log()

    for length in range(1, len(log) + 1):
        for name in ("applicant", "file", "appeal", "quality"):
            assert case_record(record_of(log[:length]), recipient_of(name)).parts


def test_an_empty_case_has_a_record_too() -> None:
    said = text_of(case_record(record_of(()), recipient_of("file")))

    assert "No procedure has been opened yet." in said
    assert "The log is empty." in said
    assert "No time limit has started." in said


def test_an_alarm_stands_on_top_of_the_record() -> None:
    record = whole_record()
    record = replace(record, case=replace(record.case, alarms=("hearing.heard",)))

    assert "Everybody is heard." in text_of(case_record(record, recipient_of("file")))


def test_a_case_of_an_edition_that_lost_a_step_can_still_be_printed() -> None:
    smaller = replace(HEARING, steps={"person": HEARING.steps["person"]}, panels={}, deadlines={}, transitions={})
    definition = replace(DEFINITION, machines={"hearing": smaller})

    said = text_of(case_record(record_of(whole_log(), definition), recipient_of("file")))
    assert "Amina Ejemplo" in said
