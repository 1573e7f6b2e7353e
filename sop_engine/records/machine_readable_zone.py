"""The lines of a travel document that machines read (ICAO Doc 9303): writing them, and checking lines that were read.

Three sizes: ``td1`` (card, three lines of 30), ``td2`` (two of 36) and ``td3`` (book, two of 44). A part of a date that
nobody knows is written as fillers, and an optional field that is empty has a filler as its check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sop_engine.records.mrz_letters import NoLetters, in_letters

Format = Literal["td1", "td2", "td3"]
LINES: dict[Format, tuple[int, int]] = {"td1": (3, 30), "td2": (2, 36), "td3": (2, 44)}
"""How many lines of how many characters."""

FILLER = "<"
_ALPHABET = re.compile(r"[A-Z0-9<]*")
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {FILLER: 0}
_WEIGHTS = (7, 3, 1)
_DATE = re.compile(r"(?:\d{2}(\d{2})(?:-(\d{2})(?:-(\d{2}))?)?)?")
_SEXES = {"female": "F", "male": "M", "F": "F", "M": "M"}


class CannotBeWritten(ValueError):
    """Something does not go into the lines; the message says what and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What the lines say of a document and its holder.

    Codes are those of Doc 9303: ``PR`` a book for a refugee, ``PS`` one for a stateless person; as nationality ``XXA``
    stateless, ``XXB`` refugee of the 1951 Convention, ``XXC`` other refugee, ``XXX`` not known. Dates are
    ``1990-01-31``, ``1990-01``, ``1990`` or empty for a birth that nobody can date.
    """

    document_code: str
    issuing_state: str
    surname: str
    given_names: str
    document_number: str
    nationality: str
    date_of_birth: str
    sex: str
    valid_until: str
    optional: str = ""
    optional_2: str = ""
    """Only a card (td1) has a second optional field."""


def check_digit(field: str) -> str:
    """Return the check digit of a field: weights 7, 3, 1 over and over, modulo 10; a filler counts as nothing."""
    return str(sum(_VALUES[sign] * _WEIGHTS[at % 3] for at, sign in enumerate(field)) % 10)


def lines_for(holder: Holder, size: Format = "td3") -> tuple[str, ...]:
    """Return the lines of a document. Raises CannotBeWritten for what does not fit."""
    code = _exactly(holder.document_code, 2, "the document code")
    state = _exactly(holder.issuing_state, 3, "the issuing State")
    nationality = _exactly(holder.nationality, 3, "the nationality")
    born = _with_digit(_date(holder.date_of_birth, "the date of birth"))
    until = _date(holder.valid_until, "the last day")
    if FILLER in until:
        raise CannotBeWritten("The last day of validity must be a whole date: give year, month and day.")
    until = _with_digit(until)
    sex = _SEXES.get(holder.sex, FILLER)
    names = _names(holder.surname, holder.given_names, {"td1": 30, "td2": 31, "td3": 39}[size])
    if size == "td3":
        number = _with_digit(_field(holder.document_number, 9, "the document number"))
        optional = _field(holder.optional, 14, "the optional field")
        optional += check_digit(optional) if holder.optional else FILLER
        whole = check_digit(number + born + until + optional)
        return code + state + names, number + nationality + born + sex + until + optional + whole
    if size == "td2":
        number, optional = _long_number(holder.document_number, holder.optional, 7)
        whole = check_digit(number + born + until + optional)
        return code + state + names, number + nationality + born + sex + until + optional + whole
    number, optional = _long_number(holder.document_number, holder.optional, 15)
    second = _field(holder.optional_2, 11, "the second optional field")
    whole = check_digit(number + optional + born + until + second)
    return code + state + number + optional, born + sex + until + nationality + second + whole, names


def faults_of(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is wrong with lines that were read, one sentence each; nothing when every check digit agrees."""
    return tuple(_faults(lines))


def _faults(lines: tuple[str, ...]) -> Iterator[str]:
    size = next((name for name, shape in LINES.items() if shape == (len(lines), len(lines[0]) if lines else 0)), None)
    if size is None or len({len(line) for line in lines}) > 1:
        yield "The lines have not the length of a card or a book: three of 30, two of 36 or two of 44 characters."
        return
    for at, line in enumerate(lines, 1):
        if not _ALPHABET.fullmatch(line):
            yield f"Line {at} holds a character other than A to Z, 0 to 9 and <."
            return
    first, second = lines[0], lines[1]
    if size == "td1":
        number, optional = first[5:15], first[15:30]
        born, until, whole = second[0:7], second[8:15], second[29]
        covered = number + optional + born + until + second[18:29]
    else:
        number, born, until = second[0:10], second[13:20], second[21:28]
        optional = second[28:35] if size == "td2" else second[28:43]
        whole, covered = second[-1], number + born + until + optional
    if size != "td3" and number[9] == FILLER:
        number = number[:9] + optional.split(FILLER, 1)[0]
    for what, field in (("document number", number), ("date of birth", born), ("last day", until)):
        if not _agrees(field):
            yield f"The check digit of the {what} does not agree."
    if size == "td3" and not _agrees(optional) and optional.strip(FILLER):
        yield "The check digit of the optional field does not agree."
    if check_digit(covered) != whole:
        yield "The check digit over the whole line does not agree."


def _agrees(field: str) -> bool:
    return len(field) > 1 and check_digit(field[:-1]) == field[-1]


def _with_digit(field: str) -> str:
    return field + check_digit(field)


def _exactly(text: str, length: int, what: str) -> str:
    written = text.upper().ljust(length, FILLER)
    if not text or len(written) != length or not _ALPHABET.fullmatch(written):
        raise CannotBeWritten(f"“{text}” cannot be {what}: it has {length} letters at most, A to Z.")
    return written


def _field(text: str, length: int, what: str) -> str:
    written = re.sub(r"[\s./-]", FILLER, text.upper())
    if len(written) > length or not _ALPHABET.fullmatch(written):
        raise CannotBeWritten(f"“{text}” cannot be {what}: it has {length} letters and digits at most.")
    return written.ljust(length, FILLER)


def _long_number(number: str, optional: str, room: int) -> tuple[str, str]:
    """A number of more than nine signs goes on in the optional field, then its check digit and a filler."""
    written = re.sub(r"[\s./-]", FILLER, number.upper())
    if len(written) <= 9:
        return _with_digit(_field(number, 9, "the document number")), _field(optional, room, "the optional field")
    overflow = written[9:] + check_digit(written) + FILLER + optional
    return written[:9] + FILLER, _field(overflow, room, "the rest of the document number and the optional field")


def _date(text: str, what: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        raise CannotBeWritten(f"“{text}” cannot be {what}: give a date, a month and a year, or a year.")
    return "".join(part or FILLER * 2 for part in found.groups())


def _names(surname: str, given_names: str, room: int) -> str:
    try:
        first, rest = in_letters(surname), in_letters(given_names)
    except NoLetters as sign:
        raise CannotBeWritten(f"{sign} Write the name in Latin letters, as the person wants it.") from None
    if not first:
        # Whoever has one name only has it in the place of the surname.
        first, rest = rest, ""
    if not first:
        raise CannotBeWritten("A document bears at least one name.")
    if not rest:
        return _ending_in_a_letter(first, room).ljust(room, FILLER)
    if len(first) > room - 3:
        # At least one letter of the given names stays.
        first = _ending_in_a_letter(first, room - 3)
    return _ending_in_a_letter(f"{first}{FILLER * 2}{rest}", room).ljust(room, FILLER)


def _ending_in_a_letter(name: str, room: int) -> str:
    """Cut a name that is too long so that the last place holds a letter, the sign that it was cut."""
    while len(name) > room and name[room - 1] == FILLER:
        # One letter less in the part before makes room for the first letter of the next part.
        end = name[: room - 1].rstrip(FILLER)
        name = end[:-1] + name[len(end) :]
    return name[:room]
