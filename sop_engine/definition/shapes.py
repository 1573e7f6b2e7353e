"""The building stones of the closed schema: what may stand in a place, and how anything else is reported.

A shape does two things: ``check`` a raw value, adding a fault for everything that does not belong, and describe itself
as ``json_schema`` for editors. The tables of the language itself stand in ``shape.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sop_engine.definition.faults import DeclarationError, did_you_mean, one_of
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText

Faults = list[DeclarationError]

NAME = r"[a-z][a-z0-9_]*"
CODE = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
DOTTED = rf"{NAME}(\.{NAME})*"


class Shape(Protocol):
    """What may stand in one place of a declaration."""

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        """Add a fault for everything in ``raw`` that may not stand there; ``what`` names the place in words."""

    def json_schema(self) -> dict[str, Any]:
        """Return the same rule as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text: any scalar that is not empty. ``pattern`` narrows it, ``like`` shows the author an example."""

    pattern: str = ""
    like: str = ""
    says: str = ""
    longest: int = 4000

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawText):
            faults.append(_wrong_kind(raw, what, f"a text{self._example()}"))
        elif not raw.text.strip():
            why = "nothing is not a value; after a comma inside { } a text must stand in quotation marks"
            mend = "write a value or remove the key"
            faults.append(DeclarationError(raw.span, f"found nothing after {what}", why, mend))
        elif self.pattern and not re.fullmatch(self.pattern, raw.text):
            why = f"{what} is {self.says or 'a word'}"
            faults.append(DeclarationError(raw.span, f"found {_shown(raw)}", why, f"write it{self._example()}"))
        elif len(raw.text) > self.longest:
            found = f"found a text of {len(raw.text)} characters"
            mend = f"write at most {self.longest}"
            faults.append(DeclarationError(raw.span, found, f"{what} must be read at once", mend))

    def _example(self) -> str:
        return f", for example {self.like}" if self.like else ""

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": ["string", "number", "boolean"]} if not self.pattern else {"type": "string"}
        if self.pattern:
            schema["pattern"] = f"^{self.pattern}$"
        return schema


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number without sign of more than nine digits (a minus sign is allowed)."""

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawText) or not re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", raw.text):
            faults.append(_wrong_kind(raw, what, "a whole number without leading zeros, at most nine digits"))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer"}


@dataclass(frozen=True, slots=True)
class OneWord:
    """One of a closed list of words."""

    words: tuple[str, ...]

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawText):
            faults.append(_wrong_kind(raw, what, "one of " + ", ".join(self.words)))
        elif raw.text not in self.words:
            mend = one_of(self.words) + did_you_mean(raw.text, self.words)
            faults.append(DeclarationError(raw.span, f"found {_shown(raw)} as {what}", "it is a closed list", mend))

    def json_schema(self) -> dict[str, Any]:
        # An editor reads yes and no as YAML 1.1 booleans; both spellings are the same word to us.
        extra: list[Any] = [value for word, value in (("yes", True), ("no", False)) if word in self.words]
        return {"enum": [*self.words, *extra]}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; ``or_one`` also accepts a single value in place of a list of one."""

    item: Shape
    or_one: bool = False
    may_be_empty: bool = False

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if isinstance(raw, RawList):
            if not raw.items and not self.may_be_empty:
                faults.append(
                    DeclarationError(raw.span, f"found an empty list as {what}", "", "fill it or remove the key")
                )
            for item in raw.items:
                self.item.check(item, f"an entry of {what}", faults)
            _report_repeated(raw, what, faults)
        elif self.or_one:
            self.item.check(raw, what, faults)
        else:
            faults.append(_wrong_kind(raw, what, "a list in square brackets, [a, b]"))

    def json_schema(self) -> dict[str, Any]:
        several: dict[str, Any] = {"type": "array", "items": self.item.json_schema()}
        if not self.may_be_empty:
            several["minItems"] = 1
        return {"anyOf": [self.item.json_schema(), several]} if self.or_one else several


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names of the author's choice to one shape."""

    value: Shape
    key: str = NAME
    key_says: str = "a name in small letters, digits and underscores"
    key_like: str = "needs_check"

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawMap):
            faults.append(_wrong_kind(raw, what, f"a mapping, {self.key_like}: …"))
            return
        lower: dict[str, str] = {}
        for name, value in raw.entries.items():
            span = raw.key_spans[name]
            if not re.fullmatch(self.key, name):
                why = f"a name in {what} is {self.key_says}"
                found = f'found the name "{name}"'
                faults.append(DeclarationError(span, found, why, f"write it like {self.key_like}"))
            elif name.lower() in lower:
                found = f'found "{name}" beside "{lower[name.lower()]}"'
                why = "two names that differ only in capitals will be mistaken for one another"
                faults.append(DeclarationError(span, found, why, "choose another name"))
            lower.setdefault(name.lower(), name)
            self.value.check(value, f'"{name}" of {what}', faults)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "patternProperties": {f"^{self.key}$": self.value.json_schema()},
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: its shape, whether it must stand there, and what it says to an author."""

    shape: Shape
    says: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with a closed list of keys. ``name`` is what an author calls it, ``reference`` the JSON Schema."""

    name: str
    keys: Mapping[str, Key]
    exactly_one_of: tuple[tuple[str, ...], ...] = ()
    reference: str = ""

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        if not isinstance(raw, RawMap):
            faults.append(_wrong_kind(raw, what, "a mapping with " + ", ".join(self.keys)))
            return
        for name, value in raw.entries.items():
            key = self.keys.get(name)
            if key is None:
                found = f'found the unknown key "{name}"'
                why = f"{self.name} has no such key"
                if isinstance(value, RawText) and not value.text:
                    why += "; inside { } a text with a comma must stand in quotation marks"
                mend = one_of(self.keys, most=40) + did_you_mean(name, self.keys)
                faults.append(DeclarationError(raw.key_spans[name], found, why, mend))
            else:
                key.shape.check(value, f'"{name}" of {what}', faults)
        for name, key in self.keys.items():
            if key.is_required and name not in raw.entries:
                why = key.says or f"{self.name} needs it"
                faults.append(DeclarationError(raw.span, f'found no "{name}" in {what}', why, f"write {name}: …"))
        for group in self.exactly_one_of:
            present = [name for name in group if name in raw.entries]
            if len(present) != 1:
                found = f"found {' and '.join(present) or 'none of ' + ', '.join(group)} in {what}"
                mend = f"write exactly one of {', '.join(group)}"
                faults.append(DeclarationError(raw.span, found, f"{self.name} has exactly one of them", mend))

    def json_schema(self) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.reference}"} if self.reference else self.definition()

    def definition(self) -> dict[str, Any]:
        """Return the schema of the record itself, where ``json_schema`` may only point to it."""
        properties: dict[str, Any] = {}
        for name, key in self.keys.items():
            schema = key.shape.json_schema()
            properties[name] = {**schema, "description": key.says} if key.says else schema
        found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name, key in self.keys.items() if key.is_required]
        if required:
            found["required"] = required
        if self.exactly_one_of:
            found["allOf"] = [{"oneOf": [{"required": [name]} for name in group]} for group in self.exactly_one_of]
        return found


@dataclass(frozen=True, slots=True)
class Either:
    """A scalar of one shape, or a mapping of another."""

    scalar: Shape
    mapping: Shape

    def check(self, raw: Raw, what: str, faults: Faults) -> None:
        (self.mapping if isinstance(raw, RawMap) else self.scalar).check(raw, what, faults)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self.scalar.json_schema(), self.mapping.json_schema()]}


YES_NO = OneWord(("yes", "no"))


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a machine file: its name, and the shape of every declaration in it."""

    name: str
    shape: MapOf
    says: str
    record: Record = field(repr=False)


def _shown(raw: RawText) -> str:
    text = raw.text if len(raw.text) <= 60 else raw.text[:57] + "…"
    return f'"{text}"'


def _wrong_kind(raw: Raw, what: str, wanted: str) -> DeclarationError:
    found = {RawText: "a text", RawList: "a list", RawMap: "a mapping"}[type(raw)]
    if isinstance(raw, RawText):
        found = _shown(raw) if raw.text else "nothing"
    return DeclarationError(raw.span, f"found {found}", f"{what} is something else", f"write {wanted}")


def _report_repeated(raw: RawList, what: str, faults: Faults) -> None:
    seen: set[str] = set()
    for item in raw.items:
        if isinstance(item, RawText):
            if item.text in seen:
                found = f"found {_shown(item)} twice in {what}"
                faults.append(DeclarationError(item.span, found, "once says it", "remove one"))
            seen.add(item.text)
