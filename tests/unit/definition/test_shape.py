"""The closed schema: every key is known, every value of the right kind, and the message says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sop_engine.definition
from sop_engine.definition.declarations import read_declarations
from sop_engine.definition.schema import json_schema, schema_text
from tests.unit.definition.small_set import CASE_FILE, LOAN_FILE, SMALL_SET, changed

ROLES_FILE = "harmonised/common/roles.yaml"


def _told(files: dict[str, str]) -> str:
    return "\n".join(str(error) for error in read_declarations(files).errors)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "title: Loan of a book\n",
            "titel: Loan of a book\n",
            ['unknown key "titel"', 'did you mean "title"?', 'no "title"'],
        ),
        ("class: procedure, ask: Which kind", "ask: Which kind", ['no "class"', "request.genre"]),
        ("{class: procedure, ask: The title", "{ask: The title", ['no "class"', '"title" of "columns"']),
        (
            "class: identity, ask: How",
            "class: secret, ask: How",
            ['found "secret"', "write one of procedure, identity"],
        ),
        ("says: The reader is a child., ", "", ['no "says" in "is_child"']),
        ("answer: person", "answer: persn", ['found "persn"', 'did you mean "person"?']),
        ("from: 0, to: 120", "from: 00, to: 120", ['found "00"', "whole number"]),
        ("from: 0, to: 120", "from: 1.5, to: 120", ['found "1.5"', "whole number"]),
        ("from: 0, to: 120", "from: 0, to: 1" + "0" * 30, ["whole number"]),
        ("kind: wait", "kind: waiting", ['found "waiting"', 'did you mean "wait"?']),
        ("length: 30 days", "length: 30", ['found "30"', "24 hours"]),
        ("length: 30 days", "length: -1 days", ['found "-1 days"', "24 hours"]),
        ("length: 30 days", "length: thirty days", ["24 hours"]),
        ("auto: yes", "auto: true", ['found "true"', "write one of yes, no"]),
        ("from: lent, to: lost_book", "from: lent, to: lost_book, stays: yes", ["exactly one of to, stays"]),
        ("from: lent, to: lost_book", "from: lent", ["exactly one of to, stays"]),
        ("{never: loan is lent and case is closed, says", "{says", ["exactly one of never"]),
        ("[{identity: yes}, ", "[{identity: yes, qr: yes}, ", ["identity and qr", "exactly one"]),
        ("members: [juror]", "members: []", ["empty list"]),
        ("[LIB 1, policy]", "[LIB 1, LIB 1]", ['found "LIB 1" twice']),
        ("  requested: {title", "  Requested: {title", ['the name "Requested"', "small letters"]),
        ("  request.age:", "  age:", ['the name "age"', "step.question"]),
        ("edition: 2026-11-21", "edition: soon", ["year-month-day"]),
        ("says: Somebody wants a book.", "says: Somebody, or nobody", ['"or nobody"', "quotation marks"]),
        ("says: Somebody wants a book.", "says: ", ["found nothing"]),
        ("sop: loan", "sop: library", ["the name of the folder", "write sop: loan"]),
        ("panels:\n", "shared: {}\npanels:\n", ["common/procedure.yaml"]),
    ],
)
def test_a_value_that_does_not_belong_is_named_with_its_cure(old: str, new: str, words: list[str]) -> None:
    told = _told(changed(old, new))

    assert LOAN_FILE in told
    for word in words:
        assert word in told, told


def test_the_small_set_has_the_right_shape() -> None:
    assert _told(dict(SMALL_SET)) == ""


def test_every_fault_of_every_file_is_told_at_once() -> None:
    files = changed("kind: wait", "kind: waiting")
    files[CASE_FILE] = files[CASE_FILE].replace("kind: work", "kind: working")
    files[ROLES_FILE] = files[ROLES_FILE].replace("scope: office, reads: [procedure, identity],", "scope: everywhere,")

    told = _told(files)

    assert told.count("\n") == 3
    for words in ('"waiting"', '"working"', '"everywhere"', 'no "reads"'):
        assert words in told


def test_two_names_that_differ_only_in_capitals_are_refused() -> None:
    files = changed("SC-FI: {", "Novel: Novel again, SC-FI: {", file="harmonised/common/codes.yaml")

    assert 'found "Novel" beside "novel"' in _told(files)


@pytest.mark.parametrize("name", ["roles.yaml", "codes.yaml", "law.yaml", "calendars.yaml"])
def test_a_set_without_one_of_its_registers_says_which(name: str) -> None:
    files = {path: text for path, text in SMALL_SET.items() if not path.endswith(name)}

    assert f"harmonised/common/{name}:1:1: found no {name}" in _told(files)


def test_the_schema_for_editors_is_the_one_the_tables_make() -> None:
    kept = Path(sop_engine.definition.__file__).with_name("schema.json").read_text(encoding="utf-8")

    assert kept == schema_text(), "write it again: sop schema --out sop_engine/definition/schema.json"


def test_the_schema_for_editors_is_closed_and_every_reference_leads_somewhere() -> None:
    schema = json_schema()
    text = json.dumps(schema)

    references = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert references == set(schema["$defs"])
    assert all(record["additionalProperties"] is False for record in schema["$defs"].values())


def test_an_editor_knows_every_key_of_an_overlay_and_of_a_profile() -> None:
    schema = json_schema()
    overlay, profile = schema["$defs"]["overlay_file"], schema["$defs"]["profile_file"]

    assert {"overlay", "changes", "deviations", "steps", "roles"} <= set(overlay["properties"])
    (change,) = overlay["properties"]["changes"]["patternProperties"].values()
    assert {"rule", "source", "from", "and_also", "shorten_to", "replace_body"} <= set(change["properties"])
    assert {"parameters", "law", "calendar", "transition", "readiness"} <= set(profile["properties"])
    assert schema["then"] == {"$ref": "#/$defs/overlay_file"}
