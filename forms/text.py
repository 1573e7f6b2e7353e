"""What people type, made fit to keep: one form of every letter, and nothing invisible at the edges."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?")


def tidy(typed: str) -> str:
    """Return what was typed in one normal form (NFC), with spaces and invisible characters at both ends removed.

    Inside the text nothing is touched: a zero-width joiner belongs to many Persian and Indic words.
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", typed))
    start, end = 0, len(text)
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_edge(character: str) -> bool:
    # Cf holds marks of direction (overrides too) and zero-width characters, Z the spaces. NUL stays, to be refused.
    return character.isspace() or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp")
