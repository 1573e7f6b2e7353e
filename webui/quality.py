"""Quality assurance: the cycles that run, the draw of a sample, and which case stands behind which pseudonym."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from sop_engine.service.errors import NotFound, NotOffered
from sop_engine.service.plan_cycle import plan_cycle
from sop_engine.service.quality_sample import cycles, prepare_draw
from webui.access import reader, service
from webui.posts import form_token

pages = Blueprint("quality", __name__)


@pages.get("/quality")
def index() -> str:
    """Show the running cycles to the quality assurance lead."""
    return render_template("quality.html", cycles=cycles(service(), reader()))


@pages.post("/quality/plan")
def plan() -> Response:
    """Open a file for a new cycle and begin it."""
    try:
        outcome = plan_cycle(service(), reader(), form_token=form_token())
    except NotOffered:
        raise NotFound from None
    return redirect(url_for("cases.show", case_id=outcome.case_id), code=303)


@pages.post("/quality/<case_id>/draw")
def draw(case_id: str) -> Response:
    """Draw the sample of a planned cycle into the lead's draft, and lead to the act that fixes it."""
    form_token()
    proceeding = prepare_draw(service(), reader(), case_id)
    return redirect(
        url_for("actions.show", case_id=case_id, proceeding=proceeding, transition="draw", page="check"), code=303
    )
