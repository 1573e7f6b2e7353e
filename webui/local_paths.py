"""Where a page may send its reader: only to another page of this server."""

from __future__ import annotations

import re
from urllib.parse import unquote

_PLAIN_PATH = re.compile(
    r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)


def local_path(wanted: str, otherwise: str = "/") -> str:
    """Return ``wanted`` when it is plainly a path of this server, else ``otherwise``.

    What starts like another server once decoded (``//x``, ``\\\\x``, ``%2f%2f``) is not.
    """
    path = wanted[:2000]
    if not _PLAIN_PATH.fullmatch(path):
        return otherwise
    seen = unquote(unquote(path))
    if "\\" in seen or seen.startswith("//") or any(ord(c) < 32 for c in seen):
        return otherwise
    return path
