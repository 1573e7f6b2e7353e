"""What trainees are given to read: the papers of a pack without the trainer's remarks on what is planted in them."""

from __future__ import annotations

import re

_KEYWORDS = (
    "planted|prop[oó]sito|intenci[oó]n|plantad|colocad|trampa|dessein|expr[eè]s|volontaire|pi[eè]ge|gliss[eé]|plant[eé]"
)
_REMARK = re.compile(rf"\s*\((?=[^():]{{0,40}}(?:{_KEYWORDS})[^():]{{0,20}}:)(?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
"""A remark in brackets that begins with “Planted:”, or with what translators of packs write for it."""


def without_remarks(text: str) -> str:
    """Return a paper as trainees see it: “(Planted: …)” tells the trainer what is to be found, and is left out."""
    return _REMARK.sub("", text).strip()
