"""Documents: what was issued, the paper itself, and the record of the case; each made for one recipient."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from sop_engine.records.recipients import NotForRecipient
from sop_engine.service import issue_paper, take_step
from sop_engine.service.errors import NotFound, NotOffered, Stale
from sop_engine.service.files import load_file
from sop_engine.service.show_case import show_case
from webui.access import reader, service
from webui.posts import form_token, page_number, whole

pages = Blueprint("papers", __name__)

RECORD_FOR = ("file", "applicant", "appeal", "quality")
"""For whom the record of a case can be printed."""


@pages.get("/case/<case_id>/documents")
def index(case_id: str) -> str:
    """List the issued documents, and offer the record of the case."""
    case = show_case(service(), reader(), case_id)
    return render_template("documents.html", identity=case.identity, case=case, recipients=RECORD_FOR, tab="papers")


@pages.get("/case/<case_id>/documents/<int:seq>/<document>.pdf")
def paper(case_id: str, seq: int, document: str) -> Response:
    """Return an issued document as PDF, for one recipient. The address names the entry of the log that issued it."""
    case = show_case(service(), reader(), case_id)
    issued = next((d for d in case.documents if (d.seq, d.name) == (seq, document)), None)
    recipient = request.args.get("for", "file")
    if issued is None or recipient not in issued.recipients:
        raise NotFound
    try:
        made = issue_paper.paper_pdf(service(), reader(), case_id, number=issued.number, recipient=recipient)
    except NotForRecipient:
        raise NotFound from None
    return _pdf(made, f"{document.replace('.', '-')}.pdf")


@pages.get("/case/<case_id>/record.pdf")
def record(case_id: str) -> Response:
    """Return the record of the case as PDF, for one recipient."""
    recipient = request.args.get("for", "file")
    if recipient not in RECORD_FOR:
        raise NotFound
    made = issue_paper.case_record_pdf(
        service(), reader(), case_id, recipient=recipient, at_seq=page_number("at", most=10**9)
    )
    return _pdf(made, "record.pdf")


@pages.post("/case/<case_id>/documents/<proceeding>/again")
def again(case_id: str, proceeding: str) -> Any:
    """Issue a document again that was issued before."""
    try:
        outcome = take_step.issue_again(
            service(),
            reader(),
            case_id,
            proceeding=proceeding,
            document=request.form.get("document", ""),
            seq=whole("seq"),
            form_token=form_token(),
        )
    except (NotOffered, Stale) as refused:
        flash(" ".join(r.text for r in getattr(refused, "reasons", ())) or str(refused), "refused")
    else:
        flash(_(outcome.message), "done")
    return redirect(url_for("papers.index", case_id=case_id), code=303)


@pages.get("/case/<case_id>/file/<digest>")
def file(case_id: str, digest: str) -> Response:
    """Return a file that was handed in; the browser is told to keep it apart from the pages and never to run it."""
    if len(digest) != 64:
        abort(404)
    about, content = load_file(service(), reader(), case_id, digest=digest)
    response = make_response(content)
    response.mimetype = "application/octet-stream"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.set("Content-Disposition", "attachment", filename=about.name)
    return response


def _pdf(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
