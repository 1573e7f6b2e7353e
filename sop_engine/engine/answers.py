"""Which answers a question accepts: one check for the web, the command line and the engine.

Messages say what to do; they never repeat what was entered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sop_engine.definition.model import Question
from sop_engine.guards.evaluate import evaluate_row
from sop_engine.vocabulary import Answer

# ASCII: the digits of other scripts are turned into these where a page is read, and a record holds one form only.
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"\w+", re.UNICODE)
MOST_ROWS = 200
LONGEST_FILE_WORD = 300
EARLIEST_YEAR = 1850
LATEST_YEAR = 2200


def check_answers(
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    *,
    shown: Callable[[Question], bool],
    required: Callable[[Question], bool],
    now: datetime,
    _: Callable[[str], str] = str,
) -> dict[str, str]:
    """Return question → message for everything that cannot be recorded; empty when all is well.

    ``shown`` and ``required`` say whether a question is asked, and must be answered, given the other answers.
    """
    known = {question.name: question for question in questions}
    problems = {name: _("This question is not part of this step.") for name in answers if name not in known}
    for name, question in known.items():
        value = answers.get(name)
        if not shown(question):
            if value is not None:
                problems[name] = _("Leave this question out: it is not asked here.")
            continue
        if value is None or value in ("", [], {}):
            if value is None or question.answer not in ("many", "table") or required(question):
                if required(question):
                    problems[name] = _missing(question, _)
                elif value is not None and question.answer not in ("many", "table"):
                    problems[name] = _("Leave this question unanswered instead of empty.")
            continue
        message = check_answer(question, value, now=now, _=_)
        if message:
            problems[name] = message
    return problems


def check_answer(question: Question, value: Answer, *, now: datetime, _: Callable[[str], str] = str) -> str | None:
    """Return what is wrong with one answer in a sentence that says how to mend it, or None."""
    if isinstance(value, str) and value in question.may_be:
        return None
    return _CHECKS[question.answer](question, value, now, _)


def _missing(question: Question, _: Callable[[str], str]) -> str:
    match question.answer:
        case "yes_no":
            return _("Select yes or no.")
        case "choice":
            return _("Select one answer.")
        case "many":
            return _("Select at least one answer.")
        case "date" | "moment":
            return _("Enter a date.")
        case "number":
            return _("Enter a number.")
        case "table":
            return _("Add at least one row.")
        case "file":
            return _("Select a file.")
        case "person":
            return _("Enter the person's name.")
        case _other:
            return _("Enter an answer.")


def _yes_no(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    return None if value in ("yes", "no") else _("Select yes or no.")


def _choice(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    offered = isinstance(value, str) and value in question.choices
    return None if offered else _("Select one of the answers offered.")


def _many(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, list) or not all(isinstance(v, str) and v in question.choices for v in value):
        return _("Select only answers that are offered.")
    if len(set(value)) != len(value):
        return _("Select each answer once.")
    if "none" in value and len(value) > 1:
        return _("Select “none” alone, or the answers that apply.")
    return None


def _number(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return _("Enter a whole number, such as 7.")
    low, high = question.lowest, question.highest
    if low is not None and value < low:
        return _("Enter a number of at least {number}.").format(number=low)
    if high is not None and value > high:
        return _("Enter a number of at most {number}.").format(number=high)
    return None


def _date(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    match = _PARTIAL_DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return _("Enter a real date, such as 27 3 2007.")
    year, month, day = match.groups()
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return _("Enter a year with four digits, such as 1987.")
    if (month is None or day is None) and not question.partial:
        return _("Enter the day, the month and the year.")
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return _("Enter a real date, such as 27 3 2007.")
    # A day of slack: the office may be ahead of UTC.
    if question.not_future and first.toordinal() > now.date().toordinal() + 1:
        return _("Enter a date that is not in the future.")
    return None


def _moment(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return _("Enter a date and a time, such as 27 3 2026 and 14:30.")
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return _("Enter a date and a time, such as 27 3 2026 and 14:30.")
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        return _("Enter a year with four digits, such as 2026.")
    if question.not_future and at > now:
        return _("Enter a date and time that is not in the future.")
    return None


def unprintable(text: str) -> bool:
    """Say whether a text holds characters that no record can keep: NUL, control characters, lone surrogates."""
    return any(
        unicodedata.category(character) in ("Cs", "Cn")
        or (unicodedata.category(character) == "Cc" and character not in "\n\r\t")
        for character in text
    )


def is_blank(text: str) -> bool:
    """Say whether a text has nothing to read: only spaces, marks of direction or zero-width characters."""
    return not any(unicodedata.category(character)[0] not in ("Z", "C") for character in text)


def _text(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, str):
        return _("Enter words.")
    if unprintable(value):
        return _("Remove the characters that cannot be printed.")
    if is_blank(value):
        return _("Enter an answer with words.")
    if len(value) > question.max_length:
        return _("Shorten the answer to {number} characters or fewer.").format(number=question.max_length)
    if len(value.strip()) < question.min_length:
        return _("Write at least {number} characters.").format(number=question.min_length)
    if question.refuse_if_only and _rests_only_on(value, question.refuse_if_only):
        return _("These words alone are no reason. Say which facts and which evidence the finding rests on.")
    return None


_FILLERS = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "is",
        "was",
        "are",
        "were",
        "his",
        "her",
        "their",
        "he",
        "she",
        "they",
        "it",
        "in",
        "on",
        "to",
        "by",
        "very",
        "not",
        "no",
        "because",
        "due",
        "only",
        "from",
        "with",
        "for",
    }
)


def _rests_only_on(text: str, refused: tuple[str, ...]) -> bool:
    words = [word for word in _WORD.findall(text.casefold()) if word not in _FILLERS]
    refused_words = {part for phrase in refused for part in _WORD.findall(phrase.casefold())}
    return bool(words) and all(any(word.startswith(bad[:6]) for bad in refused_words) for word in words)


def _person(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, dict) or not set(value) <= {"name", "relation", "contact"}:
        return _("Enter the person's name.")
    if not all(isinstance(part, str) and not unprintable(part) and len(part) <= 300 for part in value.values()):
        return _("Shorten each part to 300 characters, without characters that cannot be printed.")
    return None if not is_blank(str(value.get("name", ""))) else _("Enter the person's name.")


def _file(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, dict) or set(value) != {"name", "media_type", "sha256", "size"}:
        return _("Select a file.")
    words, size = (value["name"], value["media_type"], value["sha256"]), value["size"]
    is_well_formed = (
        all(isinstance(word, str) and not unprintable(word) and len(word) <= LONGEST_FILE_WORD for word in words)
        and isinstance(size, int)
        and not isinstance(size, bool)
        and size >= 0
        and _SHA256.fullmatch(str(value["sha256"])) is not None
    )
    return None if is_well_formed else _("Select a file.")


def _table(question: Question, value: Answer, now: datetime, _: Callable[[str], str]) -> str | None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return _("Enter the rows of the table.")
    if len(value) > MOST_ROWS:
        return _("Enter at most {number} rows.").format(number=MOST_ROWS)
    for number, row in enumerate(value, start=1):
        message = _row(question, row, now, _)
        if message:
            return _("Row {number}: {message}").format(number=number, message=message)
    return None


def _row(question: Question, row: Mapping[str, Any], now: datetime, _: Callable[[str], str]) -> str | None:
    for name in row:
        if name not in question.columns:
            return _("This column is not part of the table.")
    for name, column in question.columns.items():
        value = row.get(name)
        is_asked = column.shown_when is None or evaluate_row(column.shown_when, row) is True
        if value is None or value in ("", []):
            must = column.required if column.required_when is None else evaluate_row(column.required_when, row) is True
            if is_asked and must:
                return f"{column.ask}: {_missing(column, _)}"
            continue
        if not is_asked:
            return f"{column.ask}: {_('Leave this question out: it is not asked here.')}"
        message = check_answer(column, value, now=now, _=_)
        if message:
            return f"{column.ask}: {message}"
    return None


_CHECKS: Mapping[str, Callable[[Question, Answer, datetime, Callable[[str], str]], str | None]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "many": _many,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "text": _text,
    "person": _person,
    "file": _file,
    "table": _table,
}
