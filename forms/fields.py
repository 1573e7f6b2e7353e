"""One field for each type of answer: what it reads from a submitted page, and how an answer fills it again.

A field hands on what it could not understand as it was typed, so that the one check of the engine
(``sop_engine.engine.answers``) says in one place what is wrong and how to mend it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field

from forms import widgets
from forms.text import tidy
from sop_engine.definition.model import Question
from sop_engine.vocabulary import Answer

Words = Callable[[str], str]

MANY_FROM = 41
"""From this number of choices on, several are chosen in rows of select boxes instead of a wall of checkboxes."""
SELECT_FROM = 13
"""From this number of choices on, one is chosen in a select box instead of radio buttons."""
MOST_ROWS = 200
UNREADABLE = "?"
"""What a field hands on when it was filled in a way that no answer has."""


class Uploads(Protocol):
    """The files of a submitted page, by field name."""

    def get(self, key: str) -> FileStorage | None: ...


class AnswerField(Field):
    """One question on a page.

    ``answer`` is what was understood, None when nothing was entered. ``conflict`` is set when an answer and a word like
    “not known” were both given.
    """

    widget: Any
    data: Any
    is_list = False
    """Whether an answer is a list, which may be empty."""
    beside = True
    """Whether “not known” and its like stand beside the field, and not among its own choices."""

    def __init__(
        self, *, question: Question, on_page: str, zone: ZoneInfo, words: Words, is_heading: bool = False, **bound: Any
    ) -> None:
        super().__init__(label=question.ask, description=question.hint, id=on_page, **bound)
        # A question may be called anything, also ``data`` or ``errors``: its name on the page is ours to give.
        self.name = on_page
        self.question = question
        self.zone = zone
        self.words = words
        self.is_heading = is_heading
        self.given: tuple[str, ...] = ()
        """The words chosen instead of an answer."""
        self.twice = False
        self.cell_errors: Mapping[tuple[int, str], str] = {}
        self.in_table = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the field from a submitted page, or from the answer on file."""
        self.process_errors = []
        self.data = data if isinstance(data, str | int | list | dict) else None
        if formdata is None:
            if isinstance(self.data, str) and self.beside and self.data in self.question.may_be:
                self.given = (self.data,)
            elif self.data is not None:
                self.fill(self.data)
            return
        if self.beside:
            self.given = tuple(v for v in self._all(formdata, "instead") if v in self.question.may_be)
        self.read(formdata)

    def read(self, formdata: MultiDict[str, str]) -> None:
        raise NotImplementedError

    def fill(self, answer: Answer) -> None:
        raise NotImplementedError

    def typed(self) -> Answer | None:
        """What was entered in the field itself, as an answer; None when nothing was."""
        raise NotImplementedError

    @property
    def answer(self) -> Answer | None:
        """The answer of a page that was sent. An optional list that was left empty says: none of these."""
        if self.given:
            return self.given[0]
        typed = self.typed()
        may_be_left = not self.question.required or self.question.required_when is not None
        return [] if typed is None and self.is_list and may_be_left and not self.in_table else typed

    @property
    def conflict(self) -> str | None:
        """What is wrong with how the field was filled, before its answer is looked at."""
        if self.twice:
            return self.words("Answer this question once.")
        if len(self.given) > 1:
            return self.words("Select one of “not known” and “prefers not to say”.")
        if self.given and self.typed() is not None:
            return self.words("Enter an answer, or say why there is none. Not both.")
        return None

    @property
    def first_id(self) -> str:
        """The id that the error summary jumps to."""
        return str(self.id)

    def _all(self, formdata: MultiDict[str, str], part: str = "") -> list[str]:
        return formdata.getlist(f"{self.name}-{part}" if part else self.name)

    def _one(self, formdata: MultiDict[str, str], part: str = "") -> str:
        found = self._all(formdata, part)
        if len(found) > 1:
            self.twice = True
        return found[0] if found else ""


class TextField(AnswerField):
    """Words on one line."""

    widget = widgets.TextInput()
    value = ""

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.value = tidy(self._one(formdata))

    def fill(self, answer: Answer) -> None:
        self.value = str(answer)

    def typed(self) -> Answer | None:
        return self.value or None

    def _value(self) -> str:
        return self.value


class LongTextField(TextField):
    """Words on several lines."""

    widget = widgets.TextArea()


class NumberField(TextField):
    """A whole number."""

    widget = widgets.NumberInput()

    def typed(self) -> Answer | None:
        # Digits of any script; longer ones are refused as they stand, before they cost time.
        if re.fullmatch(r"[+-]?\d{1,9}", self.value):
            return int(self.value)
        return self.value or None


class ChoiceField(AnswerField):
    """One of a few answers, as radio buttons; “not known” stands among them."""

    widget = widgets.Radios()
    beside = False
    value = ""

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.value = self._one(formdata)

    def fill(self, answer: Answer) -> None:
        self.value = str(answer)

    def typed(self) -> Answer | None:
        return self.value or None

    def options(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (code, label, is chosen) of the answers of substance. Nothing is ever chosen beforehand."""
        for code, label in offered(self.question, self.words).items():
            yield code, label, code == self.value

    def other_options(self) -> Iterator[tuple[str, str, bool]]:
        for code in self.question.may_be:
            if code not in self.question.choices:
                yield code, absence(code, self.words), code == self.value

    @property
    def first_id(self) -> str:
        return str(self.id)


class SelectField(ChoiceField):
    """One of many answers, in a select box."""

    widget = widgets.Select()


class ManyField(AnswerField):
    """Any number of answers, as checkboxes; “not known” stands among them and excludes the others."""

    is_list = True
    widget = widgets.Checkboxes()
    beside = False
    values: tuple[str, ...] = ()

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.values = tuple(self._all(formdata))

    def fill(self, answer: Answer) -> None:
        self.values = tuple(answer) if isinstance(answer, list) else (str(answer),)

    def typed(self) -> Answer | None:
        absent = [v for v in self.values if v in self.question.may_be and v not in self.question.choices]
        if absent:
            return absent[0] if len(self.values) == 1 else [UNREADABLE]
        known = [code for code in self.question.choices if code in self.values]
        foreign = [v for v in self.values if v not in self.question.choices]
        return [*known, *foreign] or None

    @property
    def conflict(self) -> str | None:
        if self.typed() == [UNREADABLE]:
            return self.words("Select answers, or say why there is none. Not both.")
        return super().conflict

    def options(self) -> Iterator[tuple[str, str, bool]]:
        for code, label in self.question.choices.items():
            yield code, label, code in self.values

    def other_options(self) -> Iterator[tuple[str, str, bool]]:
        for code in self.question.may_be:
            if code not in self.question.choices:
                yield code, absence(code, self.words), code in self.values


class LongManyField(AnswerField):
    """Any number out of a long list: rows of select boxes, one more at a time."""

    is_list = True
    widget = widgets.SelectRows()
    values: tuple[str, ...] = ()

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.values = tuple(dict.fromkeys(v for v in self._all(formdata) if v))
        self.rows = max(1, len(self.values))
        if self._row_action(formdata) == "add":
            self.rows = min(len(self.values) + 1, MOST_ROWS)

    def fill(self, answer: Answer) -> None:
        self.values = tuple(str(v) for v in answer) if isinstance(answer, list) else ()
        self.rows = max(1, len(self.values))

    rows = 1

    def typed(self) -> Answer | None:
        known = [code for code in self.question.choices if code in self.values]
        return [*known, *(v for v in self.values if v not in self.question.choices)] or None

    def _row_action(self, formdata: MultiDict[str, str]) -> str:
        return "add" if formdata.get("row") == f"add:{self.name}" else ""

    @property
    def first_id(self) -> str:
        return f"{self.id}-0"


class DateField(AnswerField):
    """A date in three boxes. Where the question allows, a year alone, or a month and a year, is an answer too."""

    widget = widgets.DateInput()
    day = month = year = ""

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.day, self.month, self.year = (tidy(self._one(formdata, p)) for p in ("day", "month", "year"))

    def fill(self, answer: Answer) -> None:
        parts = str(answer).split("-")
        self.year = parts[0]
        self.month = str(int(parts[1])) if len(parts) > 1 and parts[1].isdigit() else ""
        self.day = str(int(parts[2])) if len(parts) > 2 and parts[2].isdigit() else ""

    def typed(self) -> Answer | None:
        return self._date()

    def _date(self) -> str | None:
        if not (self.day or self.month or self.year):
            return None
        if not re.fullmatch(r"\d{4}", self.year) or not all(
            re.fullmatch(r"\d{0,2}", part) for part in (self.day, self.month)
        ):
            return UNREADABLE
        if self.day and not self.month:
            return UNREADABLE
        parts = [f"{int(self.year):04}", *(f"{int(part):02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def first_id(self) -> str:
        return f"{self.id}-day"


class MomentField(DateField):
    """A date and a time on the clock of the office, kept in UTC."""

    widget = widgets.MomentInput()
    time = ""

    def read(self, formdata: MultiDict[str, str]) -> None:
        super().read(formdata)
        self.time = tidy(self._one(formdata, "time"))

    def fill(self, answer: Answer) -> None:
        try:
            local = datetime.fromisoformat(str(answer)).astimezone(self.zone)
        except ValueError:
            return
        self.day, self.month, self.year = str(local.day), str(local.month), f"{local.year:04}"
        self.time = f"{local:%H:%M}"

    def typed(self) -> Answer | None:
        day = self._date()
        if day is None and not self.time:
            return None
        clock = re.fullmatch(r"(\d{1,2})[:.h ]?(\d{2})", self.time)
        if day is None or len(day) != 10 or clock is None:
            return UNREADABLE
        try:
            local = datetime.fromisoformat(f"{day}T{int(clock[1]):02}:{int(clock[2]):02}").replace(tzinfo=self.zone)
            at = local.astimezone(UTC)
        except (ValueError, OverflowError):
            return UNREADABLE
        # In the hour that the clocks skip in spring there is no such time: it would come back as another one.
        if at.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            return UNREADABLE
        return f"{at:%Y-%m-%dT%H:%MZ}" if at.year > 999 else UNREADABLE


class PersonField(AnswerField):
    """A person: name, how they are related, how to reach them."""

    widget = widgets.PersonInput()
    parts = ("name", "relation", "contact")
    values: Mapping[str, str] = {}

    def read(self, formdata: MultiDict[str, str]) -> None:
        self.values = {part: tidy(self._one(formdata, part)) for part in self.parts}

    def fill(self, answer: Answer) -> None:
        if isinstance(answer, dict):
            self.values = {part: str(answer.get(part, "")) for part in self.parts}

    def typed(self) -> Answer | None:
        return {part: words for part, words in self.values.items() if words} or None

    @property
    def first_id(self) -> str:
        return f"{self.id}-name"


class FileField(AnswerField):
    """A file. What was attached before stays until another file is chosen or the box beside it is ticked."""

    widget = widgets.FileInput()
    kept: Mapping[str, Any] | None = None
    content: bytes | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.kept = data if isinstance(data, dict) else None
        super().process(formdata, data, extra_filters)

    def read(self, formdata: MultiDict[str, str]) -> None:
        # The file itself does not come with the words of the page: see ``attach``.
        if self._one(formdata, "remove"):
            self.kept = None

    def fill(self, answer: Answer) -> None:
        self.kept = answer if isinstance(answer, dict) else None

    def attach(self, uploads: Uploads) -> None:
        """Take the file that came with the page, if one did."""
        upload = uploads.get(str(self.name))
        if upload is None or not upload.filename:
            return
        self.content = upload.stream.read()
        self.kept = {
            "name": tidy(re.split(r"[\\/]", upload.filename)[-1])[:200] or "file",
            "media_type": (upload.mimetype or "application/octet-stream")[:100],
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "size": len(self.content),
        }

    def typed(self) -> Answer | None:
        return dict(self.kept) if self.kept else None


class TableField(AnswerField):
    """Rows of cells. A row can be added or removed by a plain button: no script is needed."""

    is_list = True
    widget = widgets.Table()
    rows: list[dict[str, AnswerField]]

    def __init__(self, *, make_cell: Callable[..., AnswerField], **bound: Any) -> None:
        super().__init__(**bound)
        self._make_cell = make_cell
        self.rows = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if not self.rows:
            self.rows.append(self._row(0, None, None))

    def read(self, formdata: MultiDict[str, str]) -> None:
        count = self._one(formdata, "rows")
        action = formdata.get("row", "")
        numbers = list(range(min(int(count), MOST_ROWS) if re.fullmatch(r"\d{1,4}", count) else 0))
        removed = re.fullmatch(r"remove:" + re.escape(str(self.name)) + r":(\d{1,4})", action)
        self.rows = [self._row(n, formdata, None) for n in numbers if not (removed and n == int(removed[1]))]
        if action == f"add:{self.name}" and len(self.rows) < MOST_ROWS:
            self.rows.append(self._row(len(self.rows), None, None))
        self._renumber()

    def fill(self, answer: Answer) -> None:
        saved = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
        self.rows = [self._row(n, None, row) for n, row in enumerate(saved)]

    def typed(self) -> Answer | None:
        return [answers for _number, answers in self.filled_rows()] or None

    def filled_rows(self) -> Iterator[tuple[int, dict[str, Answer]]]:
        """Yield (number on the page, answers) of every row in which something was entered."""
        for number, row in enumerate(self.rows):
            answers = {name: cell.answer for name, cell in row.items()}
            kept = {name: answer for name, answer in answers.items() if answer is not None}
            if kept:
                yield number, kept

    def cells(self) -> Iterator[tuple[int, str, AnswerField]]:
        for number, row in enumerate(self.rows):
            for name, cell in row.items():
                yield number, name, cell

    @property
    def conflict(self) -> str | None:
        inside = next((c.conflict for _n, _name, c in self.cells() if c.conflict), None)
        return super().conflict or inside

    @property
    def first_id(self) -> str:
        for _number, _name, cell in self.cells():
            if cell.errors:
                return cell.first_id
        return next((cell.first_id for _number, _name, cell in self.cells()), str(self.id))

    def _row(
        self, number: int, formdata: MultiDict[str, str] | None, saved: Mapping[str, Answer] | None
    ) -> dict[str, AnswerField]:
        row = {}
        for name, column in self.question.columns.items():
            cell = self._make_cell(column, on_page=f"{self.name}-{number}-{name}", zone=self.zone, words=self.words)
            cell.in_table = True
            cell.process(formdata, (saved or {}).get(name))
            row[name] = cell
        return row

    def _renumber(self) -> None:
        # After a removal the rows close up, so that the numbers on the page run from one.
        for number, row in enumerate(self.rows):
            for name, cell in row.items():
                cell.name = cell.id = f"{self.name}-{number}-{name}"
                cell.label.field_id = cell.id


def offered(question: Question, words: Words) -> Mapping[str, str]:
    """Return code → label of the answers of substance of a yes-or-no question or a choice."""
    if question.answer == "yes_no":
        return {"yes": words("Yes"), "no": words("No")}
    return question.choices


def absence(code: str, words: Words) -> str:
    """Return the label of a word given instead of an answer."""
    return words("Prefers not to say") if code == "prefers_not_to_say" else words("Not known")
