"""Scripts on paper: which font writes a letter, how letters join, and in which order they stand on a line.

The only module that knows HarfBuzz. Arabic, Persian, Pashto and Urdu are shaped and come out as glyph outlines, since
the PDF library joins their letters in the wrong order without saying so. A name that no font of ours can draw is never
drawn as boxes: see ``printable``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

import uharfbuzz as hb
from bidi import algorithm as bidi_algorithm

from sop_engine.records.fonts import font_path
from sop_engine.records.romanise import romanise

Command: TypeAlias = tuple[Literal["move", "line", "curve", "close"], tuple[float, ...]]
Outline: TypeAlias = tuple[Command, ...]

FAMILIES = ("NotoSans", "NotoSansArabic")
"""In order of preference for each letter."""
ON_FILE = " (original script on file)"

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
# Characters that order or join their neighbours and draw nothing themselves.
_JOINERS = frozenset("\u200c\u200d")
_ORDER_MARKS = frozenset("\u200e\u200f\u061c")
# Overrides and isolates could make a printed text read otherwise than it is stored; they never reach the paper.
_DROPPED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u200b\u2060")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line in one font and one direction, with its advance at size 1.

    ``outline`` is None when the letters stand for themselves in the font (Latin, Greek, Cyrillic without loose marks).
    """

    text: str
    font: str
    is_rtl: bool
    advance: float
    outline: Outline | None


def cleaned(text: str) -> str:
    """Return the text as it can be set: composed, without control and direction-override characters."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(
        letter
        for letter in composed
        if letter == "\n" or (letter not in _DROPPED and unicodedata.category(letter) not in ("Cc", "Cs"))
    )


def can_draw(text: str) -> bool:
    """Say whether the fonts of the papers can draw every letter of a text."""
    return not _undrawable(cleaned(text))


def printable(text: str, transliteration: str | None = None, *, note: str = ON_FILE) -> str:
    """Return the text if it can be drawn; else its transliteration, with a word that the original is on file.

    The transliteration on file is preferred; without one, the signs that no font draws are romanised here. An arrow or
    an emoji is named in its place, without that word: it is no writing.
    """
    text = cleaned(text)
    absent = _undrawable(text)
    if not absent:
        return text
    words = cleaned(transliteration or "") or romanise(text, undrawable=absent)
    still_absent = _undrawable(words)
    if still_absent:
        words = romanise(words, undrawable=still_absent)
    is_writing = any(unicodedata.category(sign)[0] not in "SPZ" for sign in absent)
    return words + note if is_writing else words


def draws(font: str) -> frozenset[int]:
    """Return the code points that a font draws."""
    return _face(font)[2]


def is_right_to_left(text: str) -> bool:
    """Say whether a paragraph reads from right to left, by its first letter with a direction."""
    return bool(bidi_algorithm.get_base_level(text))


def width_of(text: str, *, is_bold: bool = False) -> float:
    """Return the advance of a text on one line, at size 1."""
    return _width(text, "Bold" if is_bold else "Regular")


def levels_of(paragraph: str) -> tuple[int, ...]:
    """Return the embedding level of each character by the Unicode bidirectional algorithm: odd is right to left.

    Read over the whole paragraph, before it is broken into lines.
    """
    base = int(is_right_to_left(paragraph))
    if not base and not _needs_ordering(paragraph):
        return (0,) * len(paragraph)
    return _levels(paragraph, base)


def runs_of(line: str, levels: tuple[int, ...], *, is_bold: bool = False) -> tuple[Run, ...]:
    """Return the runs of one line from left to right, in the order the eye meets them."""
    weight = "Bold" if is_bold else "Regular"
    if not line:
        return ()
    placed: list[tuple[int, str, str]] = []
    for level, stretch in _by_level(line, levels):
        placed += [(level, part, font) for part, font in _by_font(stretch, weight)]
    return tuple(_run(part, font, level=level) for level, part, font in _reordered(placed))


# Which font


@cache
def _face(font: str) -> tuple[Any, float, frozenset[int]]:
    """(HarfBuzz font, units per em, the code points it draws)"""
    face = hb.Face(hb.Blob.from_file_path(str(font_path(font))))
    return hb.Font(face), float(face.upem), frozenset(face.unicodes)


@cache
def _family(letter: str, weight: str) -> str | None:
    for family in FAMILIES:
        if ord(letter) in _face(f"{family}-{weight}")[2]:
            return family
    return None


def _undrawable(text: str) -> frozenset[str]:
    return frozenset(
        letter
        for letter in text
        if letter not in _JOINERS
        and letter not in _ORDER_MARKS
        and not letter.isspace()
        and (_family(letter, "Regular") is None or _family(letter, "Bold") is None)
    )


def _by_font(text: str, weight: str) -> Iterator[tuple[str, str]]:
    """Split a text by the font that writes it; signs that both fonts have stay with their neighbour."""
    start, family = 0, None
    for at, letter in enumerate(text):
        if letter in _JOINERS or letter in _ORDER_MARKS:
            continue
        if family is not None and ord(letter) in _face(f"{family}-{weight}")[2]:
            continue
        wanted = _family(letter, weight) or FAMILIES[0]
        if family is not None and wanted != family:
            yield text[start:at], f"{family}-{weight}"
            start = at
        family = wanted
    yield text[start:], f"{family or FAMILIES[0]}-{weight}"


# Which order


def _needs_ordering(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def _by_level(line: str, levels: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    start = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or levels[at] != levels[start]:
            yield levels[start], line[start:at]
            start = at


def _levels(text: str, base: int) -> tuple[int, ...]:
    storage = bidi_algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    # The algorithm leaves out characters that only join (rule X9); they keep the level of the letter before them.
    kept = [letter for letter in text if unicodedata.bidirectional(letter) != "BN"]
    bidi_algorithm.get_embedding_levels("".join(kept), storage)
    bidi_algorithm.explicit_embed_and_overrides(storage)
    bidi_algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    bidi_algorithm.resolve_neutral_types(storage, False)
    bidi_algorithm.resolve_implicit_levels(storage, False)
    found = iter([int(one["level"]) for one in storage["chars"]])
    levels: list[int] = []
    for letter in text:
        is_left_out = unicodedata.bidirectional(letter) == "BN"
        levels.append((levels[-1] if levels else base) if is_left_out else next(found))
    return tuple(levels)


def _resolve_brackets(chars: list[dict[str, Any]], base: str) -> None:
    """Give both brackets of a pair one direction (rule N0, which the library lacks): a Latin name in brackets inside an
    Arabic line would otherwise take one bracket with it."""
    strong = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for at, one in enumerate(chars):
        if one["type"] != "ON":
            continue
        if one["ch"] in _CLOSED_BY:
            opened.append(at)
        elif one["ch"] in _CLOSED_BY.values():
            for back in range(len(opened) - 1, -1, -1):
                if _CLOSED_BY[chars[opened[back]]["ch"]] == one["ch"]:
                    pairs.append((opened[back], at))
                    del opened[back:]
                    break
    for start, end in sorted(pairs):
        inside = {strong[one["type"]] for one in chars[start + 1 : end] if one["type"] in strong}
        if not inside:
            continue
        direction = base
        if base not in inside:
            before = next((strong[one["type"]] for one in reversed(chars[:start]) if one["type"] in strong), base)
            direction = before if before in inside else base
        chars[start]["type"] = chars[end]["type"] = direction


def _reordered(placed: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Reverse stretches of runs from the highest level down (rule L2)."""
    highest = max(level for level, _, _ in placed)
    for level in range(highest, 0, -1):
        at = 0
        while at < len(placed):
            if placed[at][0] < level:
                at += 1
                continue
            end = at
            while end < len(placed) and placed[end][0] >= level:
                end += 1
            placed[at:end] = placed[at:end][::-1]
            at = end
    return placed


# Which shapes


def _run(text: str, font: str, *, level: int) -> Run:
    is_rtl = bool(level % 2)
    if _stands_for_itself(text, font, is_rtl):
        return Run(text, font, False, _plain_width(text, font), None)
    outline, advance = _shaped(text, font, is_rtl)
    return Run(text, font, is_rtl, advance, outline)


def _stands_for_itself(text: str, font: str, is_rtl: bool) -> bool:
    return not is_rtl and not any(
        0x0590 <= ord(letter) < 0x1E00  # scripts from Hebrew to the African ones: their letters may join or move
        or letter in _JOINERS
        or letter in _ORDER_MARKS
        or unicodedata.category(letter).startswith("M")
        for letter in text
    )


@lru_cache(maxsize=4_000)
def _width(text: str, weight: str) -> float:
    return sum(run.advance for run in runs_of(text, levels_of(text), is_bold=weight == "Bold"))


def _plain_width(text: str, font: str) -> float:
    return sum(_advance(letter, font) for letter in text)


@lru_cache(maxsize=5_000)
def _advance(letter: str, font: str) -> float:
    shaper, units, _ = _face(font)
    glyph = shaper.get_nominal_glyph(ord(letter))
    return float(shaper.get_glyph_h_advance(glyph or 0)) / units


@lru_cache(maxsize=512)
def _shaped(text: str, font: str, is_rtl: bool) -> tuple[Outline, float]:
    """Return the joined outlines of a run, at size 1 with its left end at the origin, and its advance."""
    shaper, units, _ = _face(font)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    hb.shape(shaper, buffer)
    commands: list[Command] = []
    pen = 0.0
    for sign, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        left, up = pen + place.x_offset, float(place.y_offset)
        for kind, points in _glyph(sign.codepoint, font):
            moved = tuple(round((value + (up if at % 2 else left)) / units, 5) for at, value in enumerate(points))
            commands.append((kind, moved))
        pen += place.x_advance
    return tuple(commands), pen / units


@lru_cache(maxsize=5_000)
def _glyph(glyph: int, font: str) -> Outline:
    commands: list[Command] = []
    last = (0.0, 0.0)

    def move(x: float, y: float, _: Any) -> None:
        nonlocal last
        commands.append(("move", (x, y)))
        last = (x, y)

    def line(x: float, y: float, _: Any) -> None:
        nonlocal last
        commands.append(("line", (x, y)))
        last = (x, y)

    def quadratic(cx: float, cy: float, x: float, y: float, _: Any) -> None:
        # A PDF knows cubic curves only; this is the same curve with two handles.
        nonlocal last
        first = (last[0] + 2 / 3 * (cx - last[0]), last[1] + 2 / 3 * (cy - last[1]))
        second = (x + 2 / 3 * (cx - x), y + 2 / 3 * (cy - y))
        commands.append(("curve", (*first, *second, x, y)))
        last = (x, y)

    def cubic(ax: float, ay: float, bx: float, by: float, x: float, y: float, _: Any) -> None:
        nonlocal last
        commands.append(("curve", (ax, ay, bx, by, x, y)))
        last = (x, y)

    def close(_: Any) -> None:
        commands.append(("close", ()))

    drawing = hb.DrawFuncs()
    drawing.set_move_to_func(move)
    drawing.set_line_to_func(line)
    drawing.set_quadratic_to_func(quadratic)
    drawing.set_cubic_to_func(cubic)
    drawing.set_close_path_func(close)
    _face(font)[0].draw_glyph(glyph, drawing)
    return tuple(commands)
