"""Texts that officers and persons read: plain words, without markup and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sop_engine.definition.declarations import Declarations
from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.definition.shape import MACHINE_FILE
from sop_engine.definition.shape_registers import COMMON_FILES
from sop_engine.definition.shape_words import GUARD
from sop_engine.definition.shapes import Either, Key, ListOf, MapOf, Record, Shape

_MARKUP = re.compile(r"<[A-Za-z/!?]|&[A-Za-z]+;|&#\d+;|\]\(|javascript:", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(https?|ftp|file)://|\bwww\.|(^|\s)(/[\w.-]+){2,}|[A-Za-z]:\\", re.IGNORECASE)
_ADDRESSES_OF_LAW = "law.yaml"


def plain_texts(declarations: Declarations) -> Iterator[DeclarationError]:
    """Find markup and addresses in texts: a text of a procedure is shown as it stands and leads nowhere."""
    for tree in declarations.machines.values():
        yield from _texts(tree, MACHINE_FILE)
    for name, tree in declarations.common.items():
        # Only the register of sources holds addresses: where each instrument was read.
        if name != _ADDRESSES_OF_LAW:
            yield from _texts(tree, COMMON_FILES[name])


def _texts(raw: Raw, shape: Shape | None) -> Iterator[DeclarationError]:
    if shape is GUARD:
        return
    match raw:
        case RawText():
            yield from _check(raw)
        case RawList():
            inner = shape.item if isinstance(shape, ListOf) else None
            for item in raw.items:
                yield from _texts(item, inner)
        case RawMap():
            for name, value in raw.entries.items():
                yield from _texts(value, _shape_under(shape, name))


def _shape_under(shape: Shape | None, name: str) -> Shape | None:
    match shape:
        case Either():
            return _shape_under(shape.mapping, name)
        case MapOf():
            return shape.value
        case Record():
            keys: Mapping[str, Key] = shape.keys
            return keys[name].shape if name in keys else None
        case ListOf():
            return _shape_under(shape.item, name)
        case _:
            return None


def _check(raw: RawText) -> Iterator[DeclarationError]:
    for pattern, what, mend in (
        (_MARKUP, "markup", "write plain words; the program sets the type"),
        (_ADDRESS, "an address", "addresses stand in common/law.yaml only"),
    ):
        found = pattern.search(raw.text)
        if found:
            shown = raw.text[max(0, found.start() - 10) : found.end() + 10].strip()
            why = "a text is shown as it stands and leads nowhere"
            yield DeclarationError(raw.span, f'found {what} in "{shown}"', why, mend)
