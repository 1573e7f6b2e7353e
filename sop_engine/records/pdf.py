"""Drawing a paper as a PDF file. The only module that knows ReportLab.

Values are drawn as text and never read as mark-up, so nothing an officer types can fetch a file or make a link. The
same paper gives the same bytes, today and in ten years.
"""

from __future__ import annotations

import io
from threading import Lock

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sop_engine.records.content import Paper
from sop_engine.records.diagram import LINE_HEIGHT, Picture
from sop_engine.records.fonts import FACES, font_path
from sop_engine.records.layout import laid_out
from sop_engine.records.lines import lines_of
from sop_engine.records.marks import HEIGHT, INK, WIDTH, Block, Drawing, Mark, Page, Squares, Words
from sop_engine.records.script import Outline, Run, cleaned, draws, printable

WATERMARK = "TRAINING"
SANDBOX_MARK = "sop-engine-training-sandbox"
"""Stands in the properties of every paper of the sandbox, so that a real instance can refuse it."""
_registering = Lock()


def pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF file. Raises FontsMissing when the fonts were not made at set-up."""
    _register_fonts()
    file = io.BytesIO()
    canvas = Canvas(
        file, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=paper.language, pdfVersion=(1, 7)
    )
    # The title names the paper and the case by its number: a file's properties are read by anybody who sees its icon.
    canvas.setTitle(_one_line(f"{paper.title} {paper.reference}"))
    canvas.setAuthor(_one_line(paper.office))
    canvas.setSubject(_one_line(paper.recipient))
    # A paper that must not show its origin has no edition, and then no program either.
    canvas.setCreator("SOP engine" if paper.set_digest else "")
    if paper.is_training:
        canvas.setKeywords(SANDBOX_MARK)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    deepest = -1
    for number, page in enumerate(laid_out(paper)):
        deepest = _draw_bookmarks(canvas, page, number, deepest)
        if page.has_watermark:
            _draw_watermark(canvas)
        for mark in page.marks:
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _one_line(words: str) -> str:
    return " ".join(cleaned(words).split())


def _register_fonts() -> None:
    with _registering:
        for name in FACES:
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(font_path(name))))


def _draw(canvas: Canvas, mark: Mark) -> None:
    match mark:
        case Words():
            _draw_words(canvas, mark)
        case Block():
            canvas.setFillColor(HexColor(mark.colour))
            canvas.rect(mark.x, HEIGHT - mark.y - mark.height, mark.width, mark.height, stroke=0, fill=1)
        case Squares():
            _draw_squares(canvas, mark)
        case Drawing():
            canvas.saveState()
            canvas.translate(mark.x, HEIGHT - mark.y)
            canvas.scale(mark.scale, mark.scale)
            _draw_picture(canvas, mark.picture)
            canvas.restoreState()


def _draw_words(canvas: Canvas, words: Words) -> None:
    canvas.setFillColor(HexColor(words.colour))
    x, y = words.x, HEIGHT - words.baseline
    for run in words.line.runs:
        if run.outline is None:
            canvas.setFont(run.font, words.size)
            canvas.drawString(x, y, run.text)
        else:
            _draw_shaped(canvas, run, run.outline, x, y, words.size)
        x += run.advance * words.size


def _draw_shaped(canvas: Canvas, run: Run, outline: Outline, x: float, y: float, size: float) -> None:
    """Draw joined letters as outlines, and under them the same words unseen, to be searched and copied."""
    path = canvas.beginPath()
    for kind, points in outline:
        placed = [x + value * size if at % 2 == 0 else y + value * size for at, value in enumerate(points)]
        match kind:
            case "move":
                path.moveTo(*placed)
            case "line":
                path.lineTo(*placed)
            case "curve":
                path.curveTo(*placed)
            case "close":
                path.close()
    if outline:
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)
    # The unseen mode is sticky: without saving and restoring the state, every later line would vanish.
    canvas.saveState()
    known = draws(run.font)
    # Letters lie unseen where their shapes stand, so from right to left; readers of PDF files turn them back.
    ordered = reversed(run.text) if run.is_rtl else run.text
    letters = "".join(letter for letter in ordered if ord(letter) in known)
    natural = pdfmetrics.stringWidth(letters, run.font, size)
    text = canvas.beginText(x, y)
    text.setTextRenderMode(3)
    text.setFont(run.font, size)
    if natural > 0:
        text.setHorizScale(100 * run.advance * size / natural)
    text.textOut(letters)
    canvas.drawText(text)
    canvas.restoreState()


def _draw_squares(canvas: Canvas, code: Squares) -> None:
    canvas.setFillColor(HexColor(INK))
    side = code.size / len(code.rows)
    for down, row in enumerate(code.rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:  # neighbours are one rectangle, so that no hairline shows between them
                top = HEIGHT - code.y - (down + 1) * side
                canvas.rect(code.x + start * side, top, (end - start) * side, side, stroke=0, fill=1)
            start = end + 1


def _draw_picture(canvas: Canvas, picture: Picture) -> None:
    ink = HexColor(INK)
    canvas.setStrokeColor(ink)
    canvas.setFillColor(ink)
    canvas.setLineWidth(0.8)
    for way in picture.ways:
        path = canvas.beginPath()
        path.moveTo(way.points[0][0], -way.points[0][1])
        for at in range(1, len(way.points) - 2, 3):
            path.curveTo(*(value for x, y in way.points[at : at + 3] for value in (x, -y)))
        canvas.drawPath(path, stroke=1, fill=0)
        _draw_head(canvas, way.points[-2], way.points[-1])
    for box in picture.boxes:
        canvas.setLineWidth(2.4 if box.is_here else 0.8)
        canvas.setFillColor(HexColor("#ffffff"))
        corner = min(box.height / 2, 18.0) if box.kind == "end" else 4.0
        left, bottom = box.x - box.width / 2, -(box.y + box.height / 2)
        canvas.roundRect(left, bottom, box.width, box.height, corner, stroke=1, fill=1)
        baseline = box.y - (len(box.lines) - 1) * LINE_HEIGHT / 2 + 4
        for at, words in enumerate(box.lines):
            line = lines_of(printable(words), 1000.0, box.is_here and at == 0)[0]
            canvas.saveState()
            canvas.translate(0, -HEIGHT)
            _draw_words(canvas, Words(box.x - line.advance * 11 / 2, baseline + at * LINE_HEIGHT, line, 11))
            canvas.restoreState()


def _draw_head(canvas: Canvas, handle: tuple[float, float], tip: tuple[float, float]) -> None:
    across, down = tip[0] - handle[0], tip[1] - handle[1]
    length = (across**2 + down**2) ** 0.5 or 1.0
    across, down = across / length, down / length
    path = canvas.beginPath()
    path.moveTo(tip[0], -tip[1])
    for side in (1, -1):
        path.lineTo(tip[0] - 7 * across + side * 3 * down, -(tip[1] - 7 * down - side * 3 * across))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillColor(HexColor("#ececec"))
    canvas.setFont("NotoSans-Bold", 110)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -50, WATERMARK)
    canvas.restoreState()


def _draw_bookmarks(canvas: Canvas, page: Page, number: int, deepest: int) -> int:
    for at, bookmark in enumerate(page.bookmarks):
        # An outline may go only one level deeper at a time.
        deepest = min(bookmark.level - 1, deepest + 1)
        key = f"page-{number}-{at}"
        canvas.bookmarkHorizontal(key, 0, HEIGHT - bookmark.y)
        canvas.addOutlineEntry(_one_line(bookmark.words), key, deepest, closed=False)
    return deepest
