"""Editions: the digest that names the exact content of a set. A case keeps the set it was opened under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def content_digest(files: Mapping[str, str]) -> str:
    """Return the digest of a set: SHA-256 over its declarations by path, whatever order they are given in.

    Only what makes the procedures counts (the caller gives no examples, rows or translations). Spaces at the end of
    lines and empty lines at the end of a file do not make another edition; everything else does, comments too, since
    readings of the law stand in them.
    """
    whole = hashlib.sha256()
    for path, text in sorted(files.items()):
        content = "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n").encode()
        # Lengths before contents, so that no text can pass for the border between two files.
        whole.update(f"{len(path.encode())} {path} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()
