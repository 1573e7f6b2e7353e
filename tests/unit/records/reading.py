"""Reading papers back: their text, their raw streams, and the ink on their pages."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pypdf
import pypdfium2
from PIL import Image

from sop_engine.records.content import Paper, Part
from sop_engine.records.pdf import pdf


def paper(*parts: Part, **rest: Any) -> Paper:
    """A paper with these parts and nothing else of interest."""
    given: dict[str, Any] = {
        "title": "Invented paper",
        "reference": "TST-2026-000007",
        "office": "Invented Asylum Office",
        "recipient": "Copy for the file",
        "set_digest": "d1" * 32,
        "chain_head": "ab" * 32,
    }
    return Paper(parts=tuple(parts), **{**given, **rest})


def text_of(file: Paper | bytes) -> str:
    """The text of all pages, lines joined by single spaces."""
    made = file if isinstance(file, bytes) else pdf(file)
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def seen_text_of(file: Paper | bytes, page: int = 0) -> str:
    """The text of one page as a browser copies it, words from right to left turned back."""
    made = file if isinstance(file, bytes) else pdf(file)
    return str(pypdfium2.PdfDocument(made)[page].get_textpage().get_text_range())


def bytes_of(file: bytes) -> bytes:
    """Everything that stands in a file: its bytes, and every stream unpacked."""
    found = [file]
    with pikepdf.open(io.BytesIO(file)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes())
            else:
                found.append(repr(thing).encode())
    return b"\n".join(found)


def page_count(file: Paper | bytes) -> int:
    made = file if isinstance(file, bytes) else pdf(file)
    return len(pypdf.PdfReader(io.BytesIO(made)).pages)


def image_of(file: Paper | bytes, page: int = 0, scale: float = 4.0) -> Image.Image:
    """One page as a grey picture."""
    made = file if isinstance(file, bytes) else pdf(file)
    rendered: Image.Image = pypdfium2.PdfDocument(made)[page].render(scale=scale).to_pil()
    return rendered.convert("L")
