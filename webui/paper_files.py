"""Bringing in a file that ran on paper until now: each procedure enters in its present state, vouched for by name."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.import_paper_file import import_paper_file
from webui.access import reader, say, service
from webui.asking import TO_MEND, words
from webui.posts import form_token

pages = Blueprint("paper_files", __name__)


@pages.get("/paper-file")
def choose() -> str:
    """Ask which procedure the paper file is in."""
    machines = [(m.name, say(m.title), say(m.purpose)) for m in service().current.machines.values() if m.name != "case"]
    return render_template("paper_file_choose.html", machines=machines)


@pages.route("/paper-file/<machine>", methods=["GET", "POST"])
def enter(machine: str) -> Response | str:
    """Ask where the paper file stands and who vouches for it, and enter it."""
    declared = service().current.machines.get(machine)
    if declared is None or machine == "case":
        raise NotFound
    states = [(s.name, say(s.title), say(s.says)) for s in declared.states.values()]
    keys = [(key, say(key.replace("_", " ").capitalize())) for key in declared.key_values]
    typed = {name: request.form.get(name, "").strip() for name in ("state", "key", "reason")}

    def page(problems: list[dict[str, str]], refused: object = ()) -> Response:
        made = render_template(
            "paper_file.html",
            title=say(declared.title),
            machine=machine,
            states=states,
            keys=keys,
            typed=typed,
            problems=problems,
            has_problems=bool(problems),
            refused=refused,
        )
        return make_response(made, 409 if refused else TO_MEND if problems else 200)

    if request.method == "GET":
        return page([])
    problems = []
    if typed["state"] not in declared.states:
        problems.append({"text": _("Select where the file stands now."), "href": "#state"})
    if keys and typed["key"] not in declared.key_values:
        problems.append({"text": _("Select which kind it is."), "href": "#key"})
    if len(typed["reason"]) < 10:
        problems.append(
            {"text": _("Write who vouches for the earlier steps, and where the paper lies."), "href": "#reason"}
        )
    if problems:
        return page(problems)
    try:
        outcome = import_paper_file(
            service(),
            reader(),
            machine=machine,
            state=typed["state"],
            key=typed["key"] or None,
            reason=typed["reason"],
            form_token=form_token(),
        )
    except InvalidAnswers as invalid:
        return page([{"text": words(text), "href": f"#{name}"} for name, text in invalid.problems.items()])
    except NotOffered as refusal:
        return page([], refusal.reasons)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.show", case_id=outcome.case_id), code=303)
