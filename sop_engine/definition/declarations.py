"""The raw declarations of a set: every file parsed and checked against the closed schema, nothing resolved yet.

This is the one place where a set exists as data before it becomes a ``Definition``. A national overlay (``overlay.py``)
changes ``Declarations`` between ``read_declarations`` and ``build``: so guards, sources and cross references of the
changed set are checked exactly as those of the harmonised one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sop_engine.definition import shape, shape_national, shape_registers
from sop_engine.definition.faults import DeclarationError, did_you_mean
from sop_engine.definition.raw import RawMap, RawText, parse
from sop_engine.guards.tree import Span

COMMON = "common"
PROCEDURE_FILE = "procedure.yaml"
ROWS_FILE = "rows.yaml"
NOT_DECLARATIONS = frozenset({ROWS_FILE, "examples.yaml", "properties.yaml"})
"""Files of a procedure's folder that tell about it and do not make it: they are not part of its edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """The parsed files of a set. ``machines`` is by path; ``files`` holds the texts they came from."""

    machines: Mapping[str, RawMap]
    common: Mapping[str, RawMap]
    """``roles.yaml``, ``codes.yaml``, ``law.yaml``, ``calendars.yaml`` by file name; empty when a file is missing."""
    files: Mapping[str, str] = field(repr=False)
    errors: tuple[DeclarationError, ...] = ()
    national: Mapping[str, RawMap] = field(default_factory=dict)
    """``<iso3>/profile.yaml`` and ``<iso3>/<procedure>.overlay.yaml`` by path; empty for the harmonised set."""


def is_declaration(path: str) -> bool:
    """Say whether a file makes the procedures, or only tells about them (examples, rows, translations)."""
    return path.endswith(".yaml") and path.rsplit("/", 1)[-1] not in NOT_DECLARATIONS


def is_national(path: str) -> bool:
    """Say whether a file belongs to a country and not to the harmonised set."""
    name = path.rsplit("/", 1)[-1]
    return path.count("/") == 1 and (name == shape_national.PROFILE or name.endswith(shape_national.OVERLAY))


def folder_of(path: str) -> str:
    """Return the name of the folder a file stands in, which is the name of its procedure."""
    return path.split("/")[-2] if "/" in path else ""


def read_declarations(files: Mapping[str, str]) -> Declarations:
    """Parse the files of a set and check each against its schema; faults are gathered in ``errors``."""
    machines: dict[str, RawMap] = {}
    common: dict[str, RawMap] = {}
    national: dict[str, RawMap] = {}
    errors: list[DeclarationError] = []
    kept = {path: text for path, text in sorted(files.items()) if is_declaration(path)}
    for path, text in kept.items():
        tree, faults = parse(text, file=path)
        name = path.rsplit("/", 1)[-1]
        if is_national(path):
            is_profile = name == shape_national.PROFILE
            if tree.entries:
                (shape_national.PROFILE_FILE if is_profile else shape_national.OVERLAY_FILE).check(
                    tree, "the file", faults
                )
            national[path] = tree
            errors += faults
            continue
        record = shape_registers.COMMON_FILES.get(name) if folder_of(path) == COMMON else None
        if tree.entries:
            (record or shape.MACHINE_FILE).check(tree, "the file", faults)
        if record is None:
            machines[path] = tree
            if tree.entries:
                _check_names(path, tree, faults)
        else:
            common[name] = tree
        errors += faults
    errors += _missing(common, (path for path in kept if not is_national(path)))
    return Declarations(machines=machines, common=common, files=kept, errors=tuple(errors), national=national)


def read_rows(files: Mapping[str, str]) -> tuple[Mapping[str, RawMap], tuple[DeclarationError, ...]]:
    """Return the parsed ``rows.yaml`` of each folder, and what is wrong with them."""
    rows: dict[str, RawMap] = {}
    errors: list[DeclarationError] = []
    for path, text in sorted(files.items()):
        if path.rsplit("/", 1)[-1] == ROWS_FILE:
            tree, faults = parse(text, file=path)
            shape_registers.ROWS_FILE.check(tree, "the file", faults)
            rows[path] = tree
            errors += faults
    return rows, tuple(errors)


def unreadable_companions(files: Mapping[str, str]) -> tuple[DeclarationError, ...]:
    """Return what is wrong, as YAML, with the files that only tell about a procedure (their own readers say more)."""
    errors: list[DeclarationError] = []
    for path, text in sorted(files.items()):
        if path.rsplit("/", 1)[-1] in NOT_DECLARATIONS - {ROWS_FILE}:
            errors += parse(text, file=path)[1]
    return tuple(errors)


def _check_names(path: str, tree: RawMap, faults: list[DeclarationError]) -> None:
    """The file's own words about itself: its folder, and sections that only one file may have."""
    sop = tree.entries.get("sop")
    folder = folder_of(path)
    if isinstance(sop, RawText) and sop.text != folder:
        found = f'found "{sop.text}" as "sop"'
        faults.append(DeclarationError(sop.span, found, "it is the name of the folder", f"write sop: {folder}"))
    for key in ("shared", "identity", "flags"):
        if key in tree.entries and folder != COMMON:
            why = "what belongs to the whole case stands in common/procedure.yaml"
            faults.append(DeclarationError(tree.key_spans[key], f'found the section "{key}"', why, "move it there"))


def _missing(common: Mapping[str, RawMap], paths: Iterable[str]) -> list[DeclarationError]:
    paths = list(paths)
    present = [path.rsplit("/", 1)[-1] for path in paths if folder_of(path) == COMMON]
    root = next((path.split("/")[0] for path in paths), "harmonised")
    return [
        DeclarationError(
            Span(f"{root}/{COMMON}/{name}", 1, 1),
            f"found no {name}{did_you_mean(name, present)}",
            "every set has one",
            f"write it in the folder {COMMON}",
        )
        for name in shape_registers.COMMON_FILES
        if name not in common
    ]
