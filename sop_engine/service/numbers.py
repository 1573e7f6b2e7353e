"""Case numbers: office, year, serial and a check digit, so that a number read over a bad line is caught."""

from __future__ import annotations

WEIGHTS = (7, 3, 1)


def case_number(*, office_code: str, year: int, serial: int) -> str:
    """Return a case number such as ``NHB-2026-00042-7``."""
    body = f"{office_code}-{year}-{serial:05d}"
    return f"{body}-{check_digit(body)}"


def check_digit(body: str) -> int:
    """Return the check digit of the letters and digits of a number: weights 7, 3, 1, modulo 10."""
    values = [int(character, 36) for character in body if character.isascii() and character.isalnum()]
    return sum(value * WEIGHTS[index % 3] for index, value in enumerate(values)) % 10


def is_case_number(text: str) -> bool:
    """Say whether a text is a case number with a right check digit."""
    body, _, digit = text.rpartition("-")
    return bool(body) and digit.isdigit() and len(digit) == 1 and check_digit(body) == int(digit)
