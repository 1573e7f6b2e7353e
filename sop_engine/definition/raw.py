"""Strict YAML 1.2: the text of a file as a plain tree of texts, lists and mappings that know where they stand.

Every scalar is text: ``no`` is the word no, ``12:30`` is not a number of seconds. What could make a file mean something
else than it says to its reader is refused: duplicate keys, anchors and aliases, tags, tabs, marks at the start of the
file, directives, several documents in one file, very long files, very deep nesting. Only the event stream of a parser
is used; nothing is ever constructed from it but the three classes below.

ruamel.yaml reads YAML 1.2 and says best what is wrong, slowly. A file without any fault is read through libyaml, some
twenty times faster; at the first doubt ruamel.yaml reads it again and decides. A test holds both to the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import yaml as libyaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sop_engine.definition.faults import DeclarationError
from sop_engine.guards.tree import Span

_NODES = ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent")
_INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
LONGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 30


@dataclass(frozen=True, slots=True)
class RawText:
    """A scalar. ``span`` is where its first character stands, after any quotation mark.

    ``written`` is the text with the line ends of the file, so that a place inside a guard of several lines can be told.
    """

    text: str
    span: Span
    is_plain: bool = True
    written: str = ""
    also: tuple[RawText, ...] = ()
    """Further guards that a national overlay joined to this one with ``and``, each with its own place."""


@dataclass(frozen=True, slots=True)
class RawList:
    items: tuple[Raw, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RawMap:
    """A mapping; ``key_spans`` says where each key stands."""

    entries: dict[str, Raw]
    span: Span
    key_spans: dict[str, Span] = field(default_factory=dict)


Raw: TypeAlias = RawText | RawList | RawMap


def parse(text: str, *, file: str) -> tuple[RawMap, list[DeclarationError]]:
    """Return the tree of one file, and what is wrong with it; the tree holds whatever could be read."""
    tree, errors = _parsed(text, file)
    return tree, list(errors)


@lru_cache(maxsize=128)
def _parsed(text: str, file: str) -> tuple[RawMap, tuple[DeclarationError, ...]]:
    start = Span(file, 1, 1)
    nothing = RawMap({}, start)
    try:
        _refuse_characters(text, file)
        faultless = _read_fast(text, file)
        if faultless is not None:
            return faultless, ()
        reading = _Reading(file, text, YAML(typ="safe", pure=True).parse(text))
        tree = reading.document()
    except DeclarationError as error:
        return nothing, (error,)
    except MarkedYAMLError as error:
        return nothing, (_syntax_error(error, file),)
    except (YAMLError, RecursionError, ValueError, IndexError, TypeError, AttributeError, StopIteration) as error:
        # The parser of others may stumble in any way over hostile text; the author gets a sentence, never a traceback.
        found = f"found text that is not YAML ({type(error).__name__})"
        mend = "write plain YAML 1.2, see docs/sop-language.md"
        return nothing, (DeclarationError(start, found, "the file cannot be read", mend),)
    if not isinstance(tree, RawMap):
        found, mend = "found no mapping", "write `key: value` lines from the first column"
        return nothing, (*reading.errors, DeclarationError(start, found, "a file is one", mend))
    return tree, tuple(reading.errors)


def _read_fast(text: str, file: str) -> RawMap | None:
    """Return the tree of a file without any fault, or None where the careful parser has to look."""
    try:
        reading = _FastReading(file, text, libyaml.parse(text, Loader=libyaml.CSafeLoader))
        tree = reading.document()
    except (libyaml.YAMLError, DeclarationError, RecursionError, ValueError, IndexError, TypeError, StopIteration):
        return None
    return tree if isinstance(tree, RawMap) and not reading.errors else None


def _refuse_characters(text: str, file: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_FILE_BYTES:
        found = f"found a file of more than {LONGEST_FILE_BYTES // 1_000_000} MB"
        raise DeclarationError(Span(file, 1, 1), found, "nobody can review it", "split it into several machines")
    refused = {
        "\ufeff": ("a byte order mark", "save the file as UTF-8 without a byte order mark"),
        "\r": ("a carriage return", "save the file with Unix line ends (LF)"),
        "\t": ("a tab", "write spaces"),
        "\0": ("a null character", "remove it"),
        # A line separator looks like a blank to the reader and ends a line for some programs.
        "\u2028": ("a Unicode line separator", "write an ordinary line end"),
        "\u2029": ("a Unicode paragraph separator", "write an ordinary line end"),
        "\x85": ("a next-line character", "write an ordinary line end"),
    }
    for character, (name, mend) in refused.items():
        at = text.find(character)
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            column = at - (text.rfind("\n", 0, at) + 1) + 1
            why = "it is invisible and programs disagree about it"
            raise DeclarationError(Span(file, line, column), f"found {name}", why, mend)


class _Reading:
    """One pass over the events of a file."""

    def __init__(self, file: str, text: str, events: Iterator[Any]) -> None:
        self.file = file
        self._text = text
        self.errors: list[DeclarationError] = []
        self._events = events

    def document(self) -> Raw | None:
        found: Raw | None = None
        seen = 0
        for event in self._events:
            kind = _kind(event)
            if kind in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                continue
            if kind == "DocumentStartEvent":
                seen += 1
                if seen > 1:
                    self._refuse(
                        event, "a second document", "a file declares one thing", "write it in a file of its own"
                    )
                if event.version or event.tags:
                    self._refuse(event, "a directive", "the language is YAML 1.2 without directives", "remove it")
                continue
            found = self._node(event, depth=1)
        return found

    def _node(self, event: Any, *, depth: int) -> Raw:
        kind = _kind(event)
        if kind == "AliasEvent":
            self._refuse(event, "an alias (*)", "a reader would have to look elsewhere", "write the value out")
        if getattr(event, "anchor", None):
            self._refuse(event, "an anchor (&)", "every declaration stands by itself", "write the value out")
        if _tag_of(event):
            self._refuse(event, "a tag (!)", "every value is plain text", "remove the tag")
        if depth > DEEPEST_NESTING:
            found = f"more than {DEEPEST_NESTING} levels of nesting"
            self._refuse(event, found, "no declaration goes so deep", "check the brackets and the indentation")
        if kind == "ScalarEvent":
            return self._scalar(event)
        if kind == "SequenceStartEvent":
            return self._list(event, depth=depth)
        return self._map(event, depth=depth)

    def _scalar(self, event: Any) -> RawText:
        at = self._span(event)
        style = event.style
        if style in ("'", '"'):
            at = Span(at.file, at.line, at.column + 1)
        elif style in ("|", ">"):
            at = Span(at.file, at.line + 1, 1)
        value = str(event.value)
        if _INVISIBLE.search(value):
            self._note(at, "an invisible character", "it cannot be printed or stored faithfully", "remove the escape")
            value = ""
        return RawText(value, at, is_plain=not style, written=self._written(event, value))

    def _written(self, event: Any, value: str) -> str:
        """Return the scalar as it stands in the file, or its value when that says the same or cannot be compared."""
        if event.start_mark.line == event.end_mark.line:
            return value
        slice_ = self._text[event.start_mark.index : event.end_mark.index]
        if event.style in ("|", ">"):
            slice_ = slice_.split("\n", 1)[-1]
        elif event.style:
            slice_ = slice_[1:-1]
        return slice_ if slice_.split() == value.split() else value

    def _list(self, start: Any, *, depth: int) -> RawList:
        items: list[Raw] = []
        for event in self._events:
            if _kind(event) == "SequenceEndEvent":
                break
            items.append(self._node(event, depth=depth + 1))
        return RawList(tuple(items), self._span(start))

    def _map(self, start: Any, *, depth: int) -> RawMap:
        entries: dict[str, Raw] = {}
        spans: dict[str, Span] = {}
        for event in self._events:
            if _kind(event) == "MappingEndEvent":
                break
            if _kind(event) not in _NODES:
                continue
            key = self._node(event, depth=depth + 1)
            value = self._node(next(self._events), depth=depth + 1)
            if not isinstance(key, RawText):
                self._note(key.span, "a list or mapping as a key", "a key is a word", "write a word before the colon")
            elif key.text == "<<" and key.is_plain:
                self._note(key.span, "a merge key (<<)", "every declaration stands by itself", "write the keys out")
            elif key.text in entries:
                why = f"it stands already on line {spans[key.text].line}, and only one of them could count"
                self._note(key.span, f'the key "{key.text}" a second time', why, "keep one of the two")
            else:
                entries[key.text] = value
                spans[key.text] = key.span
        return RawMap(entries, self._span(start), spans)

    def _span(self, event: Any) -> Span:
        return Span(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note(self, span: Span, found: str, why: str, mend: str) -> None:
        self.errors.append(DeclarationError(span, f"found {found}", why, mend))

    def _refuse(self, event: Any, found: str, why: str, mend: str) -> None:
        raise DeclarationError(self._span(event), f"found {found}", why, mend)


class _FastReading(_Reading):
    """As above, over libyaml: gives up where the two parsers see things differently."""

    def _scalar(self, event: Any) -> RawText:
        if not event.style and not event.value:
            raise ValueError("They place a value that was left out differently.")
        return super()._scalar(event)


def _kind(event: Any) -> str:
    """Return the name of an event's class, which both parsers share."""
    return type(event).__name__


def _tag_of(event: Any) -> str | None:
    tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
    return str(tag) if tag else None


def _syntax_error(error: MarkedYAMLError, file: str) -> DeclarationError:
    mark = error.problem_mark or error.context_mark
    span = Span(file, mark.line + 1, mark.column + 1) if mark is not None else Span(file, 1, 1)
    problem = (error.problem or error.context or "something").strip()
    mend = "put quotation marks around a text that holds any of : # { } [ ] , and check the brackets and the indents"
    return DeclarationError(span, f"found text that is not YAML ({problem})", "the file cannot be read further", mend)
