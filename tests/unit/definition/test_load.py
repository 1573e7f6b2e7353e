"""Reading the set from a folder: what is opened, what is remembered, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sop_engine.definition.faults import DeclarationErrors, Unreadable
from sop_engine.definition.load import load_set, load_texts, load_translations
from tests.unit.definition.small_set import LOAN_FILE, SMALL_SET


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small set as files."""
    for name, text in SMALL_SET.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_loads_as_its_texts_do(folder: Path) -> None:
    assert load_set(folder) == load_texts(SMALL_SET)


def test_an_unchanged_folder_is_read_once(folder: Path) -> None:
    assert load_set(folder) is load_set(folder)


def test_a_changed_file_is_read_again(folder: Path) -> None:
    before = load_set(folder)

    path = folder / LOAN_FILE
    path.write_text(path.read_text().replace("Loan of a book", "Loan of books"))

    assert load_set(folder).machines["loan"].title == "Loan of books"
    assert load_set(folder).digest != before.digest


def test_a_folder_without_a_procedure_file_is_left_alone(folder: Path) -> None:
    (folder / "harmonised" / "drafts").mkdir()
    (folder / "harmonised" / "drafts" / "idea.yaml").write_text("not: [finished")

    assert set(load_set(folder).machines) == {"case", "loan", "reminder"}


def test_paths_in_messages_start_at_the_folder_of_the_procedures(folder: Path) -> None:
    (folder / LOAN_FILE).write_text("a: *b\n")

    with pytest.raises(DeclarationErrors) as refused:
        load_set(folder)

    assert f"{LOAN_FILE}:1:4: found an alias" in str(refused.value)
    assert str(folder) not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"sop: caf\xe9\n", "1:9: found bytes that are not UTF-8"),
        ("sop: loan\n".encode("utf-16"), "1:1: found bytes that are not UTF-8"),
        (b"\xef\xbb\xbfsop: loan\n", "1:1: found a byte order mark"),
        (b"# " + b"x" * 10_000_000, "1:1: found a file of 10,000,002 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder: Path, content: bytes, words: str) -> None:
    (folder / LOAN_FILE).write_bytes(content)

    with pytest.raises(DeclarationErrors) as refused:
        load_set(folder)

    assert f"{LOAN_FILE}:{words}" in str(refused.value)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "harmonised" / "loan" / "pipe.yaml")

    assert "loan" in load_set(folder).machines


def test_a_folder_without_a_set_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="SOP_WORKFLOWS"):
        load_set(tmp_path)


def test_translations_stand_beside_each_procedure(folder: Path) -> None:
    locale = folder / "harmonised" / "loan" / "locale"
    locale.mkdir()
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (locale / "nl.po").write_text(head + 'msgid "Receipt"\nmsgstr "Ontvangstbewijs"\n')

    assert load_translations(folder)["nl"].translate("Receipt") == "Ontvangstbewijs"
    assert load_translations(folder)["en"].translate("Receipt") == "Receipt"
