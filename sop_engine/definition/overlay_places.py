"""Where a rule of an overlay points: from ``deadlines.decide.length`` to one place of one file of the set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sop_engine.definition.faults import DeclarationError, did_you_mean, one_of
from sop_engine.definition.raw import Raw, RawMap, RawText
from sop_engine.definition.shape import SECTIONS
from sop_engine.guards.tree import NOWHERE, Span

COMMON_SECTIONS = {
    "roles": "roles.yaml",
    "functions": "roles.yaml",
    "incompatible": "roles.yaml",
    "lists": "codes.yaml",
}


@dataclass(slots=True)
class Trees:
    """The parsed files while an overlay is laid over them; each change puts a new tree in the place of the old."""

    machines: dict[str, RawMap]
    common: dict[str, RawMap]

    def files_of(self, procedure: str) -> dict[str, str]:
        """Return machine name → file of the machines of one procedure's folder."""
        found = {}
        for path, tree in self.machines.items():
            name = word(tree, "machine")
            if word(tree, "sop") == procedure and name:
                found[name] = path
        return found

    @property
    def procedures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (word(tree, "sop") for tree in self.machines.values()))))

    def tree(self, place: Place) -> RawMap:
        return self.common[place.file] if place.is_common else self.machines[place.file]

    def put(self, place: Place, keys: tuple[str, ...], value: Raw, *, key_span: Span) -> None:
        """Put a value at keys of the file of a place."""
        changed = put(self.tree(place), keys, value, key_span=key_span)
        (self.common if place.is_common else self.machines)[place.file] = changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of one file: its keys, and the same in words (``decision.deadlines.decide.length``)."""

    file: str
    is_common: bool
    machine: str
    keys: tuple[str, ...]
    is_there: bool

    @property
    def qualified(self) -> str:
        return ".".join((self.machine, *self.keys))

    @property
    def section(self) -> str:
        return self.keys[0]

    @property
    def declaration(self) -> tuple[str, ...]:
        """Return the keys of the declaration this is a part of."""
        return self.keys[:2]

    @property
    def inside(self) -> str:
        """Return the key within the declaration, dotted; empty for the declaration itself."""
        return ".".join(self.keys[2:])


def place_of(rule: RawText, *, procedure: str, trees: Trees) -> Place:
    """Return where a rule points. Raises DeclarationError, with a near name, when nothing stands there."""
    words = rule.text.split(".")
    files = trees.files_of(procedure)
    if procedure == "common" and words[0] in COMMON_SECTIONS:
        file, is_common, machine = COMMON_SECTIONS[words[0]], True, "common"
        tree = trees.common[file]
    else:
        machine = words.pop(0) if words[0] in files and len(words) > 1 else _own(files, procedure)
        file, is_common = files[machine], False
        tree = trees.machines[file]
        if words[0] not in tree.entries and words[0] not in SECTIONS:
            _refuse_elsewhere(rule, words[0], procedure, trees)
    keys, is_there = _walk(tree, words, rule)
    return Place(file=file, is_common=is_common, machine=machine, keys=keys, is_there=is_there)


def _own(files: Mapping[str, str], procedure: str) -> str:
    return procedure if procedure in files else next(iter(files))


def _refuse_elsewhere(rule: RawText, first: str, procedure: str, trees: Trees) -> None:
    for other in trees.procedures:
        if first in trees.files_of(other) or first == other:
            why = f'"{first}" belongs to the procedure {other}'
            raise DeclarationError(rule.span, f'found the rule "{rule.text}"', why, f"write it in {other}.overlay.yaml")


def _walk(tree: RawMap, words: list[str], rule: RawText) -> tuple[tuple[str, ...], bool]:
    """Follow the words down; a name of questions holds a dot itself, so the longest key that fits is taken."""
    here: Raw = tree
    keys: list[str] = []
    left = list(words)
    while left:
        if not isinstance(here, RawMap):
            raise _nothing_there(rule, left[0], ())
        taken = next((n for n in (2, 1) if len(left) >= n and ".".join(left[:n]) in here.entries), 0)
        if not taken:
            if len(left) == 1 and len(keys) >= 2 and left[0] in _known_keys(keys):
                return (*keys, left[0]), False
            raise _nothing_there(rule, left[0], (*here.entries, *(_known_keys(keys) if len(keys) == 2 else ())))
        key = ".".join(left[:taken])
        keys.append(key)
        here = here.entries[key]
        left = left[taken:]
    return tuple(keys), True


def _known_keys(keys: list[str]) -> tuple[str, ...]:
    section = SECTIONS.get(keys[0]) if keys else None
    return tuple(section.record.keys) if section and len(keys) == 2 else ()


def _nothing_there(rule: RawText, wrong: str, known: tuple[str, ...]) -> DeclarationError:
    near = did_you_mean(wrong, known)
    return DeclarationError(
        rule.span, f'found the rule "{rule.text}"', f'the harmonised text has no "{wrong}" there', one_of(known) + near
    )


def find(tree: Raw, keys: tuple[str, ...]) -> Raw | None:
    """Return what stands at some keys of a tree."""
    for key in keys:
        if not isinstance(tree, RawMap) or key not in tree.entries:
            return None
        tree = tree.entries[key]
    return tree


def span_at(tree: RawMap, keys: tuple[str, ...]) -> Span:
    """Return where the last key stands (the first ancestor that has a place, when it is not written)."""
    for length in range(len(keys), 0, -1):
        parent = find(tree, keys[: length - 1])
        if isinstance(parent, RawMap) and keys[length - 1] in parent.key_spans:
            return parent.key_spans[keys[length - 1]]
    return NOWHERE


def put(tree: RawMap, keys: tuple[str, ...], value: Raw, *, key_span: Span) -> RawMap:
    """Return the tree with a value at some keys. The tree itself stays as it was: other sets share it."""
    first, rest = keys[0], keys[1:]
    if rest:
        inner = tree.entries.get(first)
        below = inner if isinstance(inner, RawMap) else RawMap({}, key_span)
        value = put(below, rest, value, key_span=key_span)
    spans = tree.key_spans if first in tree.key_spans else {**tree.key_spans, first: key_span}
    return replace(tree, entries={**tree.entries, first: value}, key_spans=spans)


def word(tree: Raw | None, key: str) -> str:
    """Return the text under a key of a mapping, or nothing."""
    found = tree.entries.get(key) if isinstance(tree, RawMap) else None
    return found.text.strip() if isinstance(found, RawText) else ""
