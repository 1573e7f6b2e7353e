"""Breaking text into lines that fit a width, whatever its script and however long its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sop_engine.records.script import Run, cleaned, is_right_to_left, levels_of, runs_of, width_of

_WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs from left to right, its advance at size 1, and whether it stands at the right margin."""

    runs: tuple[Run, ...]
    advance: float
    is_at_right: bool = False


@lru_cache(maxsize=512)
def lines_of(text: str, width: float, is_bold: bool = False) -> tuple[Line, ...]:
    """Return the lines of a text; ``width`` is in units of the letter size. A word wider than a line is cut.

    A paragraph from right to left stands at the right margin once it needs more than one line; a short name stays
    beside its label.
    """
    set_lines: list[Line] = []
    for part in cleaned(text).split("\n"):
        paragraph = " ".join(part.split())
        is_rtl, levels = is_right_to_left(paragraph), levels_of(paragraph)
        broken = list(_broken(paragraph, width, is_bold)) or [""]
        at = 0
        for words in broken:
            at = paragraph.index(words, at)
            runs = runs_of(words, levels[at : at + len(words)], is_bold=is_bold)
            set_lines.append(Line(runs, sum(run.advance for run in runs), is_rtl and len(broken) > 1))
            at += len(words)
    return tuple(set_lines)


def widest_word(text: str, *, is_bold: bool = False) -> float:
    """Return the advance of the widest word, at size 1."""
    return max((width_of(word, is_bold=is_bold) for word in _WORDS.findall(cleaned(text))), default=0.0)


def widest_line(text: str, *, is_bold: bool = False) -> float:
    """Return the advance of the widest paragraph when nothing is broken, at size 1."""
    return max((width_of(part, is_bold=is_bold) for part in cleaned(text).split("\n")), default=0.0)


def _broken(paragraph: str, width: float, is_bold: bool) -> Iterator[str]:
    space = width_of(" ", is_bold=is_bold)
    line, used = "", 0.0
    for found in _WORDS.findall(paragraph):
        pieces = list(_cut(found, width, is_bold))
        for at, piece in enumerate(pieces):
            advance = width_of(piece, is_bold=is_bold)
            if not line:
                line, used = piece, advance
            elif at == 0 and used + space + advance <= width:
                line, used = f"{line} {piece}", used + space + advance
            else:
                yield line
                line, used = piece, advance
    if line:
        yield line


def _cut(word: str, width: float, is_bold: bool) -> Iterator[str]:
    """Cut a word that is wider than a line, never between a letter and its marks."""
    if width_of(word, is_bold=is_bold) <= width:
        yield word
        return
    piece = ""
    for letter in _letters(word):
        if piece and width_of(piece + letter, is_bold=is_bold) > width:
            yield piece
            piece = letter
        else:
            piece += letter
    if piece:
        yield piece


def _letters(word: str) -> Iterator[str]:
    """Yield letters together with the marks and joiners that belong to them."""
    letter = ""
    for sign in word:
        belongs = unicodedata.combining(sign) or sign in "\u200c\u200d"
        if letter and not belongs:
            yield letter
            letter = ""
        letter += sign
    if letter:
        yield letter
