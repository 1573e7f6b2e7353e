"""Procedures from a folder: the only file of the core that opens files.

``load_set`` reads the folder and builds the definition; ``load_texts`` builds it from texts, so that a set kept in the
database loads exactly as it loaded from the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from sop_engine.definition.build import build, with_profile
from sop_engine.definition.certificates import Certificate, read_certificate
from sop_engine.definition.declarations import COMMON, PROCEDURE_FILE, read_declarations
from sop_engine.definition.faults import DeclarationError, DeclarationErrors, Unreadable, did_you_mean, one_of
from sop_engine.definition.model import Definition
from sop_engine.definition.raw import LONGEST_FILE_BYTES
from sop_engine.definition.shape_national import PROFILE
from sop_engine.definition.texts import Texts, read_texts
from sop_engine.guards.tree import Span

HARMONISED = "harmonised"
CERTIFICATES = "certificates"


def load_set(root: Path, profile: str | None = None) -> Definition:
    """Return the harmonised set of the folder ``workflows``, or that of a State (``BLZ``) laid over it.

    The same files give the same object within a process; a changed file is read again. Raises DeclarationErrors with
    every fault of every file, or Unreadable when the folder is not there or no such State has a profile.
    """
    code = profile_code(root, profile)
    stamp = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in set_paths(root, code))
    return _load_unchanged(root, code, stamp)


def load_profile(root: Path, profile: str) -> Definition:
    """Return the harmonised set with the profile and the deviations of a State, its overlays not made.

    For lists of all States, where building every set would take its time; never to run a case. Raises as ``load_set``.
    """
    code = profile_code(root, profile)
    harmonised = load_set(root)
    if code is None:
        return harmonised
    stamp = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in set_paths(root, code))
    return _profile_unchanged(root, code, stamp)


@lru_cache(maxsize=64)
def _profile_unchanged(root: Path, code: str, stamp: tuple[tuple[str, int, int], ...]) -> Definition:
    files, errors = read_files(root, code)
    if errors:
        raise DeclarationErrors(errors)
    declarations = read_declarations(files)
    found, faults = with_profile(load_set(root), declarations)
    if declarations.errors or faults:
        raise DeclarationErrors((*declarations.errors, *faults))
    return found


def profiles(root: Path) -> tuple[str, ...]:
    """Return the States that have a profile, by their ISO 3166 codes in capitals."""
    return tuple(sorted(path.parent.name.upper() for path in root.glob(f"*/{PROFILE}")))


def profile_code(root: Path, profile: str | None) -> str | None:
    """Return the code of a State as its folder is found; None for the harmonised set. Raises Unreadable."""
    if profile is None or profile.lower() in ("", HARMONISED):
        return None
    known = profiles(root)
    if profile.upper() not in known:
        told = f"No State “{profile}” has a profile in {root}"
        raise Unreadable(f"{told}: {one_of(known)}, or harmonised{did_you_mean(profile, known)}.")
    return profile.upper()


def load_texts(files: Mapping[str, str]) -> Definition:
    """Return the set that these texts declare: path relative to the folder ``workflows`` → text.

    Raises DeclarationErrors with every fault of every text.
    """
    declarations = read_declarations(files)
    definition, errors = build(declarations)
    if declarations.errors or errors:
        raise DeclarationErrors((*declarations.errors, *errors))
    return definition


@lru_cache(maxsize=24)
def _load_unchanged(root: Path, profile: str | None, stamp: tuple[tuple[str, int, int], ...]) -> Definition:
    files, errors = read_files(root, profile)
    if errors:
        raise DeclarationErrors(errors)
    return load_texts(files)


def read_files(root: Path, profile: str | None = None) -> tuple[dict[str, str], tuple[DeclarationError, ...]]:
    """Return the text of every YAML file of the set by its path relative to ``root``, and which could not be read."""
    files: dict[str, str] = {}
    errors: list[DeclarationError] = []
    for path in set_paths(root, profile):
        name = path.relative_to(root).as_posix()
        try:
            files[name] = _read(path, name)
        except DeclarationError as error:
            errors.append(error)
    return files, tuple(errors)


def load_certificates(root: Path) -> tuple[Certificate, ...]:
    """Return the certificates that travel with the procedures. One that cannot be read certifies nothing."""
    found = (
        read_certificate(path.read_text(encoding="utf-8")) for path in sorted((root / CERTIFICATES).glob("*.json"))
    )
    return tuple(one for one in found if one is not None)


def load_translations(root: Path) -> Mapping[str, Texts]:
    """Return language → texts of the procedures. Raises DeclarationErrors for catalogues that cannot be read."""
    return read_texts(read_catalogues(root))


def read_catalogues(root: Path) -> dict[str, str]:
    """Return the text of every translation catalogue (``<procedure>/locale/<language>.po``) by its path."""
    found: dict[str, str] = {}
    for folder in _folders(root):
        for path in sorted((folder / "locale").glob("*.po")):
            name = path.relative_to(root).as_posix()
            found[name] = _read(path, name)
    return found


def set_paths(root: Path, profile: str | None = None) -> Iterator[Path]:
    """Yield the YAML files of the set: those of ``common`` and of every folder that has a ``procedure.yaml``.

    For a State, also those of its folder.
    """
    for folder in _folders(root):
        yield from sorted(path for path in folder.glob("*.yaml") if path.is_file())
    if profile is not None:
        yield from sorted(path for path in (root / profile.lower()).glob("*.yaml") if path.is_file())


def folders_without_procedure(root: Path) -> tuple[Path, ...]:
    """Return the folders that hold YAML but no ``procedure.yaml``: they are not read, and their author should know."""
    harmonised = root / HARMONISED
    return tuple(
        folder
        for folder in sorted(harmonised.iterdir())
        if folder.is_dir() and any(folder.glob("*.yaml")) and not (folder / PROCEDURE_FILE).is_file()
    )


def _folders(root: Path) -> list[Path]:
    harmonised = root / HARMONISED
    if not harmonised.is_dir():
        raise Unreadable(
            f"No folder “{HARMONISED}” was found in {root}. Run the command beside the folder “workflows”, or name "
            "that folder in the environment variable SOP_WORKFLOWS."
        )
    return [
        folder
        for folder in sorted(harmonised.iterdir())
        if folder.is_dir() and (folder.name == COMMON or (folder / PROCEDURE_FILE).is_file())
    ]


def _read(path: Path, name: str) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LONGEST_FILE_BYTES else b""
    except OSError as error:
        found = f"found a file that cannot be opened ({error.strerror})"
        raise DeclarationError(
            Span(name, 1, 1), found, "the set is incomplete without it", "make it readable"
        ) from error
    if size > LONGEST_FILE_BYTES:
        found = f"found a file of {size:,} bytes"
        mend = "split it into several machines"
        raise DeclarationError(Span(name, 1, 1), found, "nobody can review more than 1 MB", mend)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        found = "found bytes that are not UTF-8"
        raise DeclarationError(
            Span(name, line, column), found, "they cannot be read", "save the file as UTF-8"
        ) from error
