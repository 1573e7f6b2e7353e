"""A step: its questions page by page, then every answer once more with what happens when they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from sop_engine.service.show_step import show_step
from sop_engine.service.take_step import answer_step
from sop_engine.service.views import Outcome
from webui.access import reader, service
from webui.asking import CHECK, Asking, after, run
from webui.posts import form_token

pages = Blueprint("steps", __name__)


@pages.route("/case/<case_id>/<proceeding>/step/<step>", methods=["GET", "POST"])
def show(case_id: str, proceeding: str, step: str) -> Response | str:
    """Ask the questions of a step."""
    view = show_step(service(), reader(), case_id, proceeding=proceeding, step=step)

    def link(page: int | str | None) -> str:
        return url_for("steps.show", case_id=case_id, proceeding=proceeding, step=step, page=page or CHECK)

    def confirm(values: Mapping[str, Any], seq: int) -> Outcome:
        return answer_step(
            service(),
            reader(),
            case_id,
            proceeding=proceeding,
            step=step,
            answers=values,
            seq=seq,
            form_token=form_token(),
        )

    asking = Asking(
        identity=view.identity,
        view=view,
        action=None,
        seq=view.seq,
        draft=step,
        link=link,
        confirm=confirm,
        after=url_for("cases.show", case_id=case_id, _anchor=proceeding),
    )
    passed = request.args.get("page", "").removeprefix("after-")
    if request.method == "GET" and passed != request.args.get("page", "") and passed.isdecimal():
        return after(asking, int(passed[:6]))
    return run(asking)
