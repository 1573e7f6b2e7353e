"""Every column of the store says how confidential it is, and what is personal is sealed."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from sop_engine.store.sealed import Sealed
from sop_engine.store.tables import metadata

CLASSES = {"procedure", "identity", "story", "sensitive", "restricted"}

# Each stands in clear for a reason, and none of them holds what a person said.
IN_CLEAR = {
    ("account", "username"): "found at sign-in by the text itself; names an officer",
    ("account", "password_hash"): "is a hash already, made to be kept",
    ("account", "fs_uniquifier"): "random; found by the text itself",
    ("session_row", "id_hash"): "is a hash of something random",
    ("case_file", "flags"): "names of the definition, by which lists are narrowed",
    ("name_search", "key"): "found by the text itself; `sealed.search_key` will make it a blind index",
}


def unclassified(found: MetaData) -> list[str]:
    return [str(c) for table in found.sorted_tables for c in table.columns if c.info.get("class") not in CLASSES]


def test_every_column_is_classified() -> None:
    assert unclassified(metadata) == []


@pytest.mark.parametrize("info", [{}, {"class": "secret"}])
def test_a_column_without_a_known_class_is_found(info: dict[str, str]) -> None:
    added = MetaData()
    Table("scribble", added, Column("note", Text, info=info))

    assert unclassified(added) == ["scribble.note"]


def test_whatever_is_personal_is_sealed() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info["class"] != "procedure" and (table.name, column.name) not in IN_CLEAR:
                assert isinstance(column.type, Sealed), f"{column} is personal and not sealed"


def test_every_seal_is_bound_to_its_own_column() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                assert (column.type.table, column.type.column) == (table.name, column.name)


def test_every_exception_is_of_a_column_that_exists() -> None:
    for table, column in IN_CLEAR:
        assert metadata.tables[table].columns[column].info["class"] != "procedure"
