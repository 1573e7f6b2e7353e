"""Names are found however they were written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.store.sealed import search_keys


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("María-José Inventada", "inventada maria jose"),
        ("O'Brien", "o brien"),
        ("ŞEYMA", "seyma"),
        ("STRASSE", "straße"),
        ("  Two   Spaces ", "two spaces"),
        ("محمد", "محمد"),
    ],
)
def test_a_name_is_found_however_it_was_written(written: str, asked: str) -> None:
    assert search_keys(written, "o1") == search_keys(asked, "o1")


@given(st.text())
def test_composed_and_decomposed_letters_are_the_same_name(name: str) -> None:
    assert search_keys(unicodedata.normalize("NFD", name), "o1") == search_keys(
        unicodedata.normalize("NFC", name), "o1"
    )


def test_a_name_of_nothing_has_no_keys() -> None:
    assert search_keys(" \u200f - ", "o1") == frozenset()
