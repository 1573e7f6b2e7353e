"""The library of scenario packs: files read, checked against their schema, in every language they are written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sop_engine.definition.faults import DeclarationError, DeclarationErrors
from sop_engine.definition.lines import Line
from sop_engine.definition.raw import RawMap, RawText, parse
from sop_engine.guards.tree import Span
from sop_engine.training.build import build_pack
from sop_engine.training.model import LANGUAGES, Pack
from sop_engine.training.shape import PACK_FILE, TRANSLATION_FILE
from sop_engine.training.texts import check_translation, in_language

FOLDER = "training"


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack as its files hold it."""

    pack: Pack
    tree: RawMap = field(repr=False)
    translations: Mapping[str, RawMap] = field(default_factory=dict, repr=False)

    def in_language(self, language: str) -> Pack:
        """Return the pack in a language; texts that are not translated stay English."""
        translation = self.translations.get(language)
        if translation is None:
            return self.pack
        return build_pack(in_language(self.tree, translation), file=self.pack.file)


@dataclass(frozen=True, slots=True)
class Library:
    """Every pack by its name, and the common stretches of the worked examples that their paths use."""

    packs: Mapping[str, PackFile] = field(default_factory=dict)
    parts: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)


def pack_paths(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the pack files among these files and folders; a translation that is named stands for its pack."""
    found: list[Path] = []
    for path in paths:
        inside = path / FOLDER if (path / FOLDER).is_dir() else path
        named = sorted(inside.glob("*.yaml")) if inside.is_dir() else [path]
        found += [one.with_name(f"{one.stem.split('.')[0]}.yaml") for one in named]
    return tuple(dict.fromkeys(found))


def is_of_packs(path: Path, root: Path) -> bool:
    """Say whether a path is the folder of the packs, or a file in it."""
    folder = (root / FOLDER).resolve()
    return path.resolve() == folder or folder in path.resolve().parents


def read_pack(path: Path, *, root: Path) -> PackFile:
    """Read a pack with its translations. Raises DeclarationErrors with file, line and column of all that is wrong."""
    tree, faults = _tree(path, root)
    if tree.entries:
        PACK_FILE.check(tree, "the file", faults)
    name = tree.entries.get("pack")
    if isinstance(name, RawText) and name.text != path.stem:
        why = "a pack has the name of its file"
        faults.append(DeclarationError(name.span, f'found "{name.text}" as "pack"', why, f"write pack: {path.stem}"))
    if faults:
        raise DeclarationErrors(faults)
    pack = build_pack(tree, file=_name(path, root))
    translations: dict[str, RawMap] = {}
    for language in LANGUAGES[1:]:
        other = path.with_name(f"{path.stem}.{language}.yaml")
        if other.exists():
            translations[language] = _translation(other, root, pack, tree, language, faults)
        elif language in pack.languages:
            found = f"found no file {other.name}"
            faults.append(
                DeclarationError(
                    Span(pack.file, 1, 1),
                    found,
                    f"the pack says that it is complete in {language}",
                    f"write it, or take {language} out of its languages",
                )
            )
    if "en" not in pack.languages:
        why = "every pack is written in English first"
        faults.append(DeclarationError(pack.span, "found no en among the languages", why, "add en"))
    if faults:
        raise DeclarationErrors(faults)
    return PackFile(pack, tree, translations)


def _translation(
    path: Path, root: Path, pack: Pack, tree: RawMap, language: str, faults: list[DeclarationError]
) -> RawMap:
    translation, wrong = _tree(path, root)
    if translation.entries:
        TRANSLATION_FILE.check(translation, "the file", wrong)
    if not wrong:
        wrong += check_translation(tree, translation, must_be_complete=language in pack.languages)
        for key, expected in (("translation", pack.id), ("language", language)):
            said = translation.entries.get(key)
            if isinstance(said, RawText) and said.text != expected:
                found = f'found "{said.text}" as "{key}"'
                wrong.append(DeclarationError(said.span, found, "the file says it by its name", f"write {expected}"))
    faults += wrong
    return translation


def read_library(root: Path, parts: Mapping[str, tuple[Line, ...]]) -> Library:
    """Return the library of the folder ``workflows``; a pack that cannot be read is left out (the lint says why)."""
    found: dict[str, PackFile] = {}
    for path in pack_paths([root / FOLDER]) if (root / FOLDER).is_dir() else ():
        try:
            one = _unchanged(path, root, _stamp(path))
        except DeclarationErrors:
            continue
        found[one.pack.id] = one
    return Library(found, parts)


@lru_cache(maxsize=128)
def _unchanged(path: Path, root: Path, stamp: tuple[tuple[str, int], ...]) -> PackFile:
    return read_pack(path, root=root)


def _stamp(path: Path) -> tuple[tuple[str, int], ...]:
    return tuple((one.name, one.stat().st_mtime_ns) for one in sorted(path.parent.glob(f"{path.stem}*.yaml")))


def _tree(path: Path, root: Path) -> tuple[RawMap, list[DeclarationError]]:
    name = _name(path, root)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        fault = DeclarationError(Span(name, 1, 1), "found a file that cannot be read", "", "save it as UTF-8 text")
        return RawMap({}, Span(name, 1, 1)), [fault]
    return parse(text, file=name)


def _name(path: Path, root: Path) -> str:
    real = path.resolve()
    return real.relative_to(root).as_posix() if real.is_relative_to(root) else path.name
