"""Find a person: one box, and what it is for. Names are sent in the body of a page and never stand in an address."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.find_case import find_person
from webui.access import reader, service
from webui.asking import TO_MEND, words

pages = Blueprint("find", __name__)

MOST_TYPED = 300


@pages.route("/find", methods=["GET", "POST"])
def index() -> Response | str:
    """Search by case number or name, within reach; every search is on record with its purpose."""
    query = request.form.get("query", "")[:MOST_TYPED]
    purpose = request.form.get("purpose", "")[:MOST_TYPED]
    if request.method == "GET":
        return render_template("find.html", query="", purpose="", found=None, problems=[])
    try:
        found = find_person(service(), reader(), query=query, purpose=purpose)
    except InvalidAnswers as invalid:
        problems = [{"text": words(text), "href": f"#{name}"} for name, text in invalid.problems.items()]
        page = render_template(
            "find.html", query=query, purpose=purpose, found=None, problems=problems, has_problems=True
        )
        return make_response(page, TO_MEND)
    return render_template("find.html", query=query, purpose=purpose, found=found, problems=[])
