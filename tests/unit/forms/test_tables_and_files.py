"""Tables grow and shrink by plain buttons; files stay until they are replaced."""

from __future__ import annotations

import hashlib
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.answers import SentFile, read_answers
from forms.build import build_form, read_form
from tests.unit.forms.conftest import NOW, PORT_OF_SPAIN, question, upload

Sent = Any

COLUMNS = {
    "who": question("text", name="who", step="", ask="Who?"),
    "age": question("number", name="age", step="", ask="Age", required=False, may_be=("unknown",)),
}
TABLE = question("table", columns=COLUMNS)


def rows(*cells: tuple[str, str]) -> dict[str, str]:
    page = {"q-it-rows": str(len(cells))}
    for number, (who, age) in enumerate(cells):
        page |= {f"q-it-{number}-who": who, f"q-it-{number}-age": age}
    return page


def test_rows_become_a_list_and_empty_rows_are_left_out(send: Sent) -> None:
    _form, submitted = send(TABLE, rows(("Ama", "7"), ("", ""), ("Ben", "")))

    assert submitted.answers == {"it": [{"who": "Ama", "age": 7}, {"who": "Ben"}]}


def test_not_known_can_stand_in_a_cell(send: Sent) -> None:
    _form, submitted = send(TABLE, rows(("Ama", "")) | {"q-it-0-age-instead": "unknown"})

    assert submitted.answers == {"it": [{"who": "Ama", "age": "unknown"}]}


def test_another_row_is_added_and_what_was_typed_stays(send: Sent) -> None:
    form, _submitted = send(TABLE, rows(("Ama", "7")) | {"row": "add:q-it"})

    table = next(form.questions())
    assert [row["who"].value for row in table.rows] == ["Ama", ""]
    assert [row["who"].name for row in table.rows] == ["q-it-0-who", "q-it-1-who"]


def test_a_row_is_removed_and_the_others_close_up(send: Sent) -> None:
    form, submitted = send(TABLE, rows(("Ama", "7"), ("Ben", "8"), ("Cho", "9")) | {"row": "remove:q-it:1"})

    table = next(form.questions())
    assert [row["who"].value for row in table.rows] == ["Ama", "Cho"]
    assert [row["who"].name for row in table.rows] == ["q-it-0-who", "q-it-1-who"]
    assert submitted.answers == {"it": [{"who": "Ama", "age": 7}, {"who": "Cho", "age": 9}]}


def test_what_is_wrong_in_a_row_is_said_at_its_cell_and_in_the_summary(send: Sent) -> None:
    form, submitted = send(TABLE, rows(("Ama", "7"), ("", "young")))

    table = next(form.questions())
    assert submitted.answers == {}
    assert submitted.problems["it"].startswith("Row 2:")
    assert table.rows[1]["who"].errors
    assert table.rows[1]["age"].errors
    assert table.first_id == "q-it-1-who"


def test_a_count_of_rows_that_no_page_sends_is_no_harm(send: Sent) -> None:
    for count in ("99999999", "-1", "x", "", "٩٩"):
        _form, submitted = send(TABLE, rows(("Ama", "7")) | {"q-it-rows": count})

        assert submitted.answers == {} or submitted.answers["it"][0]["who"] == "Ama"


def test_a_saved_table_fills_the_page_again(fill: Sent) -> None:
    form = fill(TABLE, [{"who": "Ama", "age": 7}, {"who": "Ben", "age": "unknown"}])

    table = next(form.questions())
    assert [(r["who"].value, r["age"].value, r["age"].given) for r in table.rows] == [
        ("Ama", "7", ()),
        ("Ben", "", ("unknown",)),
    ]


def test_a_long_list_of_answers_grows_by_a_button(send: Sent) -> None:
    choices = {f"c{n}": f"C{n}" for n in range(60)}
    form, submitted = send(question("many", choices=choices), {"q-it": ["c7", "", "c3"], "row": "add:q-it"})

    assert submitted.answers == {"it": ["c3", "c7"]}
    assert next(form.questions()).rows == 3


def test_a_file_becomes_its_name_kind_size_and_digest(send: Sent) -> None:
    form = read_form(build_form([question("file")], zone=PORT_OF_SPAIN, words=str), MultiDict(), {})

    submitted = read_answers(form, now=NOW, words=str, uploads={"q-it": upload("..\\..\\my letter.pdf", b"abc")})

    digest = hashlib.sha256(b"abc").hexdigest()
    assert submitted.answers == {
        "it": {"name": "my letter.pdf", "media_type": "application/pdf", "sha256": digest, "size": 3}
    }
    assert submitted.files == (SentFile("my letter.pdf", "application/pdf", digest, b"abc"),)


def test_a_file_attached_before_stays_until_it_is_removed(send: Sent) -> None:
    before = {"name": "letter.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 3}

    _form, kept = send(question("file"), {}, before=before)
    _form, removed = send(question("file"), {"q-it-remove": "yes"}, before=before)

    assert kept.answers == {"it": before}
    assert removed.answers == {}


def test_an_optional_list_left_empty_says_none_and_a_required_one_is_missing(send: Sent) -> None:
    for kind in ("many", "table"):
        optional = question(kind, required=False, choices={"a": "A"}, columns=COLUMNS)
        required = question(kind, choices={"a": "A"}, columns=COLUMNS)

        _form, left = send(optional, {})
        _form, missed = send(required, {})

        assert left.answers == {"it": []}
        assert missed.answers == {}
        assert "it" in missed.problems
