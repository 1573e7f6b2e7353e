"""An answer in words, the same on a page, on a paper and on the command line.

Every fixed word goes through ``texts``, which translates it; labels and column titles come from the definition and go
through it too. The person's and the officer's own words are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sop_engine.definition.model import Question
from sop_engine.periods import Calendar, say_day, say_moment
from sop_engine.vocabulary import PREFERS_NOT_TO_SAY, UNKNOWN, Answer

# Named again here since ``periods`` keeps its list to itself; a date known by its month only needs a month alone.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def answer_in_words(
    question: Question, value: Answer | None, texts: Callable[[str], str], *, calendar: Calendar | None = None
) -> str:
    """Return an answer as an officer would say it; an unanswered question gives “Not answered”.

    Moments are shown in the authority's time when ``calendar`` is given, else in UTC with that word. A value that does
    not fit its question is shown as it stands, since a record must never fail for being old.
    """
    if value is None:
        return texts("Not answered")
    if value == UNKNOWN and question.answer != "text":
        return texts("Unknown")
    if value == PREFERS_NOT_TO_SAY and question.answer != "text":
        return texts("Prefers not to say")
    match question.answer, value:
        case "yes_no", str():
            return {"yes": texts("Yes"), "no": texts("No")}.get(value, value)
        case "choice", str():
            return _label(question, value, texts)
        case "many", list():
            return "; ".join(_label(question, code, texts) for code in value) if value else texts("None of these")
        case "number", int():
            return str(value)
        case "date", str():
            return date_in_words(value, texts)
        case "moment", str():
            return moment_in_words(value, texts, calendar=calendar)
        case "text", str() if value in question.may_be:
            return {UNKNOWN: texts("Unknown"), PREFERS_NOT_TO_SAY: texts("Prefers not to say")}.get(value, value)
        case "person", dict():
            return _person(value)
        case "file", dict():
            return _file(value, texts)
        case "table", list():
            rows = rows_in_words(question, value, texts, calendar=calendar)
            if not rows:
                return texts("No rows")
            return "\n".join(
                texts("{number}. {row}").format(number=number, row=_row(question, row, texts))
                for number, row in enumerate(rows, 1)
            )
        case _:
            return str(value)


def rows_in_words(
    question: Question, value: Answer | None, texts: Callable[[str], str], *, calendar: Calendar | None = None
) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table answer, each as column name → words; a column left out of a row is an empty text."""
    if not isinstance(value, list):
        return ()
    return tuple(
        {
            name: answer_in_words(column, row[name], texts, calendar=calendar) if row.get(name) is not None else ""
            for name, column in question.columns.items()
        }
        for row in value
        if isinstance(row, dict)
    )


def date_in_words(value: str, texts: Callable[[str], str]) -> str:
    """Say a date as far as it is known: “1990”, “April 1990”, “23 April 1990”."""
    found = _DATE.fullmatch(value)
    if found is None:
        return value
    year, month, day = found.groups()
    if month is None:
        return year
    try:
        if day is None:
            return texts("{month} {year}").format(month=texts(_MONTHS[int(month) - 1]), year=int(year))
        return say_day(date(int(year), int(month), int(day)), texts)
    except (ValueError, IndexError):
        return value


def moment_in_words(value: str | datetime, texts: Callable[[str], str], *, calendar: Calendar | None = None) -> str:
    """Say a moment: “2 March 2026, 14:05” in the authority's time, or with “UTC” when no calendar is given."""
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return str(value)
    if calendar is not None:
        return say_moment(calendar.local(instant), texts)
    return texts("{moment} UTC").format(moment=say_moment(instant.astimezone(UTC), texts))


def name_in_words(name: str) -> str:
    """Return a declared name as plain words: ``complete_form`` → “Complete form”."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _label(question: Question, code: Any, texts: Callable[[str], str]) -> str:
    if code in (UNKNOWN, PREFERS_NOT_TO_SAY) and code not in question.choices:
        return texts("Unknown") if code == UNKNOWN else texts("Prefers not to say")
    label = question.choices.get(str(code))
    return texts(label) if label else str(code)


def _row(question: Question, row: Mapping[str, str], texts: Callable[[str], str]) -> str:
    cells = (
        texts("{label}: {value}").format(label=texts(column.ask), value=row[name])
        for name, column in question.columns.items()
        if row[name]
    )
    return "; ".join(cells)


def _person(value: Mapping[str, Any]) -> str:
    name, relation, contact = (str(value.get(key) or "") for key in ("name", "relation", "contact"))
    words = f"{name} ({relation})" if relation else name
    return ", ".join(part for part in (words, contact) if part)


def _file(value: Mapping[str, Any], texts: Callable[[str], str]) -> str:
    kind = str(value.get("media_type") or "").rpartition("/")[2].upper()
    size = _size(int(value.get("size") or 0), texts)
    inside = ", ".join(part for part in (kind, size) if part)
    return f"{value.get('name', '')} ({inside})" if inside else str(value.get("name", ""))


def _size(count: int, texts: Callable[[str], str]) -> str:
    if count <= 0:
        return ""
    if count < 1024:
        return texts("{number} bytes").format(number=count)
    if count < 1024 * 1024:
        return texts("{number} KB").format(number=-(-count // 1024))
    return texts("{number} MB").format(number=f"{count / (1024 * 1024):.1f}")
