"""The lines that machines read: specimens of Doc 9303 and invented books for people who exist nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.records.machine_readable_zone import (
    LINES,
    CannotBeWritten,
    Format,
    Holder,
    check_digit,
    faults_of,
    lines_for,
)
from sop_engine.records.mrz_letters import in_letters

ERIKSSON = Holder(
    document_code="P",
    issuing_state="UTO",
    surname="Eriksson",
    given_names="Anna Maria",
    document_number="L898902C3",
    nationality="UTO",
    date_of_birth="1974-08-12",
    sex="female",
    valid_until="2012-04-15",
    optional="ZE184226B",
)
REFUGEE = Holder(
    document_code="P",
    issuing_state="UTO",
    surname="Specimen",
    given_names="Refugee One",
    document_number="RT0000001",
    nationality="XXB",
    date_of_birth="1990-01-01",
    sex="",
    valid_until="2030-01-01",
)


@pytest.mark.parametrize(
    ("field", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8")]
)
def test_the_check_digits_are_those_of_the_examples(field: str, digit: str) -> None:
    assert check_digit(field) == digit


def test_the_specimen_book_is_written_as_printed() -> None:
    assert lines_for(ERIKSSON) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_the_specimen_of_the_middle_size_is_written_as_printed() -> None:
    holder = replace(ERIKSSON, document_code="I", document_number="D23145890", optional="")

    assert lines_for(holder, "td2") == (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D231458907UTO7408122F1204159<<<<<<<6",
    )


def test_the_specimen_card_is_written_as_printed() -> None:
    holder = replace(ERIKSSON, document_code="I", document_number="D23145890", optional="")

    assert lines_for(holder, "td1") == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


@pytest.mark.parametrize("nationality", ["XXA", "XXB", "XXC", "XXX"])
def test_people_without_a_nationality_of_a_state_have_a_code(nationality: str) -> None:
    assert lines_for(replace(REFUGEE, nationality=nationality)) == (
        "P<UTOSPECIMEN<<REFUGEE<ONE<<<<<<<<<<<<<<<<<<",
        f"RT00000017{nationality}9001011<3001019<<<<<<<<<<<<<<<2",
    )


@pytest.mark.parametrize("code", ["PR", "PS"])
def test_the_kind_of_book_stands_first(code: str) -> None:
    assert lines_for(replace(REFUGEE, document_code=code))[0].startswith(f"{code}UTO")


@pytest.mark.parametrize(
    ("born", "written"), [("", "<<<<<<0"), ("1990", "90<<<<3"), ("1990-05", "9005<<8"), ("1990-05-07", "9005075")]
)
def test_a_part_of_the_birth_that_nobody_knows_is_filled(born: str, written: str) -> None:
    line = lines_for(replace(REFUGEE, date_of_birth=born))[1]

    assert line[13:20] == written[:6] + check_digit(written[:6])
    assert faults_of(lines_for(replace(REFUGEE, date_of_birth=born))) == ()


def test_lines_with_right_digits_have_no_fault() -> None:
    lines = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")

    assert faults_of(lines) == ()


def test_a_wrong_digit_is_named() -> None:
    lines = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7488122F1204159ZE184226B<<<<<10")

    assert faults_of(lines) == (
        "The check digit of the date of birth does not agree.",
        "The check digit over the whole line does not agree.",
    )


def test_lines_of_another_length_or_alphabet_are_no_zone() -> None:
    assert "length" in faults_of(("P<UTO",))[0]
    assert "length" in faults_of(())[0]
    assert "character" in faults_of(("p" * 44, "0" * 44))[0]


def test_a_long_number_goes_on_in_the_optional_field() -> None:
    holder = replace(ERIKSSON, document_code="I", document_number="D23145890734", optional="")

    first, second, _ = lines_for(holder, "td1")

    assert first == "I<UTOD23145890<7349<<<<<<<<<<<"
    assert faults_of((first, second, _)) == ()
    assert faults_of(lines_for(holder, "td2")) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"document_number": "RT00000012"},
        {"valid_until": "2030-01"},
        {"date_of_birth": "last spring"},
        {"issuing_state": ""},
        {"nationality": "X1É"},
        {"surname": "", "given_names": "'"},
        {"surname": "王"},
    ],
)
def test_what_does_not_go_into_the_lines_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(CannotBeWritten):
        lines_for(replace(REFUGEE, **change))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Núñez-Peña", "NUNEZ<PENA"),
        ("O'Connor", "OCONNOR"),
        ("Groß Müller", "GROSS<MUELLER"),
        ("Søren Ærø", "SOEREN<AEROE"),
        ("D’Ávila, Jr.", "DAVILA<JR"),
        ("Щербаков", "SHCHERBAKOV"),
        ("Юлия", "IULIIA"),
        ("فاطمة", "FAXTTMXAH"),
        ("Đặng", "DANG"),
        ("N\u0303on\u0303o", "NONO"),
    ],
)
def test_names_are_written_in_letters(name: str, written: str) -> None:
    assert in_letters(name) == written


def test_one_name_alone_stands_in_the_place_of_the_surname() -> None:
    assert lines_for(replace(REFUGEE, surname="", given_names="Lovely"))[0] == "P<UTOLOVELY".ljust(44, "<")


def test_a_name_that_is_too_long_ends_in_a_letter_and_keeps_a_given_name() -> None:
    first = lines_for(replace(REFUGEE, surname="Papandropoulousserama Nilavadhanananda", given_names="Jo"))[0]
    given_cut = lines_for(replace(REFUGEE, surname="Nilavadhanananda", given_names="Chayapa Dejthamrong Krasuang"))[0]

    assert len(first) == len(given_cut) == 44
    assert first[5:].endswith("<<J")
    assert given_cut == "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"


_NAMES = st.text(alphabet="abcdefgh ABCÉÑÜßø-'", min_size=0, max_size=60)


@given(
    surname=_NAMES,
    given_names=_NAMES,
    number=st.text(alphabet="ABC0123456789", min_size=1, max_size=9),
    born=st.sampled_from(["", "1971", "1971-11", "1971-11-30"]),
    optional=st.text(alphabet="ABC0123456789", max_size=7),
    size=st.sampled_from(["td1", "td2", "td3"]),
)
def test_whatever_is_written_has_the_right_length_and_no_fault(
    surname: str, given_names: str, number: str, born: str, optional: str, size: Format
) -> None:
    holder = replace(
        REFUGEE,
        surname=f"A{surname}",
        given_names=given_names,
        document_number=number,
        date_of_birth=born,
        optional=optional,
    )
    lines = lines_for(holder, size)

    count, length = LINES[size]
    assert [len(line) for line in lines] == [length] * count
    assert faults_of(lines) == ()


@given(at=st.integers(0, 27), sign=st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_changed_sign_in_a_checked_place_is_found_unless_it_weighs_the_same(at: int, sign: str) -> None:
    first, second = lines_for(ERIKSSON)
    changed = second[:at] + sign + second[at + 1 :]
    is_checked = at not in (10, 11, 12, 20)
    weighs_the_same = _weight(sign) == _weight(second[at])

    if is_checked and not weighs_the_same:
        assert faults_of((first, changed))


def _weight(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36) % 10
