"""The one column type of personal values: what goes in is a JSON value or bytes, what is stored is sealed.

Today the seal is the canonical form in clear; encryption comes with the keys of an office, and needs no new column: the
type already knows the table and the column it binds for, and stores bytes.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Literal, TypeAlias

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from sop_engine.store.chain import canonical

Holds: TypeAlias = Literal["json", "bytes"]


class Sealed(TypeDecorator[Any]):
    """A personal value, bound for one column of one table."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, table: str, column: str, holds: Holds = "json") -> None:
        super().__init__()
        self.table = table
        self.column = column
        self.holds = holds

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return seal(value if self.holds == "bytes" else canonical(value).encode(), table=self.table, column=self.column)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        opened = unseal(bytes(value), table=self.table, column=self.column)
        return opened if self.holds == "bytes" else json.loads(opened)


def seal(clear: bytes, *, table: str, column: str) -> bytes:
    """Seal a value for one column, so that it opens there and nowhere else. (Today: as it is.)"""
    return clear


def unseal(sealed: bytes, *, table: str, column: str) -> bytes:
    """Open a value that was sealed for this column. (Today: as it is.)"""
    return sealed


def search_key(text: str, office: str) -> str:
    """Return the key under which one word of a name is found within an office. (Today: the normalised word.)"""
    return _normalised(text)


def search_keys(text: str, office: str) -> frozenset[str]:
    """Return the keys of all words of a name: case, accents and the order of the words do not matter."""
    return frozenset(search_key(word, office) for word in _normalised(text).split())


def _normalised(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(letter for letter in folded if not unicodedata.combining(letter))
    # Hyphens and apostrophes part or join the words of a name as the writer pleases: they become spaces.
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())
