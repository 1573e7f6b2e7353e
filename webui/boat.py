"""Opening files: one person's, or those of everybody on a boat at once, answering once what is the same for all."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.answers import mark_problems, read_answers
from forms.build import StepForm, build_form, fill_form, in_words, read_form
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.open_case import MOST_AT_ONCE, open_boat, open_case
from webui.access import office_zone, reader, say, service
from webui.asking import TO_MEND, words
from webui.posts import form_token

pages = Blueprint("boat", __name__)

MACHINE = "screening"
STEP = "arrival"


@pages.route("/open", methods=["GET", "POST"])
def open_one() -> Response | str:
    """Open the file of one person."""
    if request.method == "GET":
        return render_template("open_case.html", refused=())
    try:
        outcome = open_case(service(), reader(), machine=MACHINE, form_token=form_token())
    except NotOffered as refused:
        return make_response(render_template("open_case.html", refused=refused.reasons), 409)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.show", case_id=outcome.case_id), code=303)


@pages.route("/open/boat", methods=["GET", "POST"])
def open_many() -> Response | str:
    """Open a file for each of many people who arrived together."""
    form_class = build_form(_questions(), zone=office_zone(), words=words)
    if request.method == "GET":
        return _page(fill_form(form_class, {}), "", [])
    form = read_form(form_class, request.form, {})
    count = request.form.get("count", "").strip()
    if request.form.get("row"):
        return _page(form, count, [])
    submitted = read_answers(form, now=service().clock(), words=words)
    problems = []
    if not re.fullmatch(r"\d{1,4}", count) or not 1 <= int(count) <= MOST_AT_ONCE:
        text = _("Enter how many people arrived, from 1 to %(most)d.", most=MOST_AT_ONCE)
        problems.append({"text": text, "href": "#count"})
    problems += [
        {"text": f"{f.question.ask} {f.errors[0]}", "href": f"#{f.first_id}"} for f in form.questions() if f.errors
    ]
    if problems:
        return _page(form, count, problems)
    try:
        opened = open_boat(
            service(), reader(), count=int(count), step=STEP, answers=submitted.answers, form_token=form_token()
        )
    except InvalidAnswers as invalid:
        mark_problems(form, invalid.problems)
        return _page(
            form, count, [{"text": words(text), "href": "#main-content"} for text in invalid.problems.values()]
        )
    except NotOffered as refused:
        return make_response(render_template("open_case.html", refused=refused.reasons), 409)
    return render_template("boat_opened.html", opened=opened)


def _questions() -> tuple[Any, ...]:
    machine = service().current.machines.get(MACHINE)
    if machine is None or STEP not in machine.steps:
        raise NotFound
    return tuple(in_words(q, say) for q in machine.steps[STEP].questions.values() if q.shown_when is None)


def _page(form: StepForm, count: str, problems: list[dict[str, str]]) -> Response:
    page = render_template(
        "boat.html", form=form, count=count, problems=problems, has_problems=bool(problems), most=MOST_AT_ONCE
    )
    return make_response(page, TO_MEND if problems else 200)
