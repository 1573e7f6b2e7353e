"""What stands on a page: lines of text, rectangles, a square code, a picture; in points from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from sop_engine.records.diagram import Picture
from sop_engine.records.lines import Line

WIDTH, HEIGHT = 595.28, 841.89
"""A4."""
INK = "#0b0c0c"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text with its baseline."""

    x: float
    baseline: float
    line: Line
    size: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Block:
    """A filled rectangle: a bar, a rule, the shade behind a title."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Squares:
    """A square code: rows of dark (1) and light (0) squares."""

    x: float
    y: float
    size: float
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    x: float
    y: float
    scale: float
    picture: Picture


Mark = Words | Block | Squares | Drawing


@dataclass(frozen=True, slots=True)
class Bookmark:
    words: str
    level: int
    y: float


@dataclass(slots=True)
class Page:
    marks: list[Mark] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    has_watermark: bool = False
