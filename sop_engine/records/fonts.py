"""The fonts of the papers: where they lie, and how they are made once at set-up.

``make install`` runs this as ``python -m sop_engine.records.fonts``. The font packages hold one variable font a family,
which the PDF library cannot use; a static font is cut from it for each weight. Nothing is drawn here: see ``pdf`` and
``script``.
"""

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fonts"


@dataclass(frozen=True)
class Face:
    """One static font: the package and file it is cut from, its weight, and letters it must be able to write."""

    package: str
    file_start: str
    weight: int
    must_write: str


_LATIN_GREEK_CYRILLIC = "AZazÉéÈèÒòñçßİıŞşŁłŐőẠệƏəȚț–—’“”«»€ΑΩαωΆώΐАЯаяЁёЄєЇїҐґЎўЂђЖжӘәҚқҒғ"
_ARABIC_PERSIAN_PASHTO = "ءآأإابتةثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکیټډړږښڼۍېئە،؛؟٠٩۰۹"

FACES = {
    "NotoSans-Regular": Face("fontpkg-noto-sans", "NotoSans[", 400, _LATIN_GREEK_CYRILLIC),
    "NotoSans-Bold": Face("fontpkg-noto-sans", "NotoSans[", 700, _LATIN_GREEK_CYRILLIC),
    "NotoSansArabic-Regular": Face("fontpkg-noto-sans-arabic", "NotoSansArabic[", 400, _ARABIC_PERSIAN_PASHTO),
    "NotoSansArabic-Bold": Face("fontpkg-noto-sans-arabic", "NotoSansArabic[", 700, _ARABIC_PERSIAN_PASHTO),
}


class FontsMissing(Exception):
    """A font of the papers is not there, so no paper can be made."""


def font_path(name: str) -> Path:
    """Return the file of a font by its name, one of the keys of ``FACES``.

    Raises FontsMissing if the fonts have not been made yet, LookupError if no font has that name.
    """
    if name not in FACES:
        raise LookupError(f"No font is called {name}; there are {', '.join(FACES)}.")
    path = _file(name)
    if not path.is_file():
        raise FontsMissing(f"The font {name} is missing, so papers cannot be made: run make install, which makes it.")
    return path


def prepare() -> bool:
    """Make every font; return False if they were there already.

    Raises FontsMissing if a font package is absent, or cannot write the letters we promise.
    """
    try:
        made_from = "".join(f"{name} {version(name)}\n" for name in ("fonttools", *_packages()))
    except PackageNotFoundError as absent:
        raise FontsMissing(f"The Python package {absent.name} is not installed: run make install.") from absent
    record = FOLDER / "made-from.txt"
    if record.is_file() and record.read_text() == made_from and all(_file(name).is_file() for name in FACES):
        return False

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, face in FACES.items():
        _make(name, face)
    for package in _packages():
        # The licence of the fonts asks that its text goes where they go.
        licence = _find(package, "LICENSE").read_text(encoding="utf-8")
        (FOLDER / f"{package}-licence.txt").write_text(licence, encoding="utf-8")
    record.write_text(made_from)
    return True


def _make(name: str, face: Face) -> None:
    # Imported here: only set-up needs fontTools, and an officer's machine may do without.
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    # The time of making stays out of the file, so that the same packages make the same bytes, and so the same papers.
    variable = TTFont(_find(face.package, face.file_start), recalcTimestamp=False)
    # Names are updated too: two weights under one name would be taken for one font inside a PDF.
    static = instantiateVariableFont(variable, {"wght": face.weight, "wdth": 100}, updateFontNames=True)

    written = static.getBestCmap()
    absent = [letter for letter in face.must_write if ord(letter) not in written]
    if absent:
        raise FontsMissing(f"{face.package} cannot write {' '.join(absent)}, so {name} cannot be made from it.")

    aside = FOLDER / f"{name}.{os.getpid()}"
    static.save(aside)
    aside.replace(_file(name))


def _file(name: str) -> Path:
    return FOLDER / f"{name}.ttf"


def _packages() -> tuple[str, ...]:
    return tuple(dict.fromkeys(face.package for face in FACES.values()))


def _find(package: str, file_start: str) -> Path:
    for path in distribution(package).files or ():
        if path.name.startswith(file_start):
            return Path(str(path.locate()))
    raise FontsMissing(f"The Python package {package} holds no file {file_start}…: run make install.")


def main() -> int:
    """Prepare the fonts and say in one line what was done."""
    try:
        made = prepare()
    except FontsMissing as error:
        print(f"The fonts could not be prepared. {error}", file=sys.stderr)
        return 1
    print("Fonts: made in sop_engine/records/fonts." if made else "Fonts: there already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
