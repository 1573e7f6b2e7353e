"""The complete case record as PDF, beside the same number of lines drawn on a bare canvas with the same font."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sop_engine.records.fonts import font_path
from sop_engine.service.issue_paper import case_record_pdf
from sop_engine.service.take_step import take_transition
from tests.bench.figures import Figure, in_turn
from tests.bench.instance import a_case, instance
from tests.instruments.plausible import plausible_answers

FACT = "signal_fear"


def figures() -> Iterator[Figure]:
    """Measure a case record of some pages."""
    pdfmetrics.registerFont(TTFont("Bench", str(font_path("NotoSans-Regular"))))
    with tempfile.TemporaryDirectory() as folder, instance(Path(folder)) as (service, reader):
        case_id = a_case(service, reader)
        answers = plausible_answers(service, reader, case_id, proceeding="case-1", transition=FACT)
        for _ in range(30):
            take_transition(
                service,
                reader,
                case_id,
                proceeding="case-1",
                transition=FACT,
                answers=answers,
                seq=None,
                form_token=service.ids(),
            )
        pages = case_record_pdf(service, reader, case_id).count(b"/Type /Page\n") or 10

        def canvas() -> bytes:
            drawn = io.BytesIO()
            page = Canvas(drawn)
            for _ in range(pages):
                page.setFont("Bench", 9)
                for line in range(55):
                    page.drawString(40, 800 - 14 * line, f"Line {line}: what happened, who did it and when it was done")
                page.showPage()
            page.save()
            return drawn.getvalue()

        variants = {"ours": lambda: case_record_pdf(service, reader, case_id), "canvas": canvas}
        taken = in_turn(variants, rounds=3, times=1)
        yield Figure(
            "case record as PDF", "us", taken.pop("ours"), taken, f"about {pages} pages; canvas draws 55 lines a page"
        )
