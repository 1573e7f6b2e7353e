"""Cases: the list with its filters, and the page of one case with all that goes on in it."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from sop_engine.service import take_step
from sop_engine.service.errors import InvalidAnswers, NotOffered
from sop_engine.service.family import join_family
from sop_engine.service.find_case import Filters, list_cases
from sop_engine.service.show_case import show_case
from sop_engine.service.views import AnswerView, CaseView
from webui.access import reader, say, service
from webui.asking import TO_MEND, words
from webui.posts import form_token, page_number, whole

pages = Blueprint("cases", __name__)

Sort = Literal["due", "opened", "newest", "number"]
SORTS: tuple[Sort, ...] = ("due", "opened", "newest", "number")
FILTERS = ("machine", "state", "flag", "waits_for", "mine")
PAGE_SIZE = 50
ENTRIES_ON_A_PAGE = 100


@pages.get("/cases")
def index() -> str:
    """List the cases within reach, filtered and sorted. Addresses hold codes only, never a name."""
    options = _options()
    asked = {name: request.args.get(name, "") for name in FILTERS}
    chosen = {name: value for name, value in asked.items() if value in dict(options[name])}
    machine, _dot, state = chosen.get("state", "").partition(".")
    sort: Sort = next((s for s in SORTS if s == request.args.get("sort")), "due")
    found = list_cases(
        service(),
        reader(),
        filters=Filters(
            machine=machine or chosen.get("machine"),
            state=state or None,
            flag=chosen.get("flag"),
            open_to_role=chosen.get("waits_for"),
            assigned_to=reader().user if "mine" in chosen else None,
        ),
        sort=sort,
        page=page_number() or 1,
        page_size=PAGE_SIZE,
    )

    def link(**changes: str | int | None) -> str:
        wanted: dict[str, str | int | None] = {**chosen, "sort": sort, **changes}
        return url_for("cases.index", **{name: value for name, value in wanted.items() if value})  # type: ignore[arg-type]

    titles = {
        "machine": _("Procedure"),
        "state": _("Where it stands"),
        "flag": _("Marked"),
        "waits_for": _("Waits for"),
        "mine": _("Mine"),
    }
    return render_template(
        "cases.html",
        found=found,
        chosen=chosen,
        sort=sort,
        link=link,
        page_link=lambda page: link(page=page),
        filters=[(name, titles[name], options[name]) for name in FILTERS],
        tags=[(name, f"{titles[name]}: {dict(options[name])[value]}") for name, value in chosen.items()],
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each filter: (code, words)."""
    current = service().current
    machines = [m for m in current.machines.values() if m.name != "case"]
    return {
        "machine": [(m.name, say(m.title)) for m in machines],
        "state": [
            (f"{m.name}.{s.name}", f"{say(m.title)}: {say(s.title)}")
            for m in machines
            for s in m.states.values()
            if s.kind in ("work", "wait")
        ],
        "flag": [(name, say(current.shared[name].says)) for name in current.flags if name in current.shared],
        "waits_for": [(role, say(current.roles[role].title)) for role in current.roles if role in reader().roles],
        "mine": [("yes", _("I worked on it"))],
    }


@pages.get("/case/<case_id>")
def show(case_id: str) -> str:
    """Show one case: what can be done now, what runs, what is due."""
    case = one(case_id)
    running = [p for p in case.proceedings if not p.older and p.status != "done"]
    running.sort(key=lambda p: not any(s.is_mine for s in p.steps) and not any(a.is_open for a in p.actions))
    ended = [p for p in case.proceedings if p not in running]
    return render_template("case.html", case=case, running=running, ended=ended, tab="case")


@pages.get("/case/<case_id>/answers")
def answers(case_id: str) -> str:
    """Show every answer on file, by step."""

    def correct_link(proceeding: str, answer: AnswerView) -> str:
        return url_for(
            "actions.correct", case_id=case_id, proceeding=proceeding, step=answer.step, question=answer.question.name
        )

    return render_template("case_answers.html", case=one(case_id), correct_link=correct_link, tab="answers")


@pages.get("/case/<case_id>/timeline")
def timeline(case_id: str) -> str:
    """Show all that happened, the newest first, filtered by kind."""
    case = one(case_id)
    kinds = sorted({entry.kind for entry in case.timeline})
    kind = request.args.get("kind", "")
    entries = [entry for entry in reversed(case.timeline) if not kind or entry.kind == kind]
    pages = max(1, -(-len(entries) // ENTRIES_ON_A_PAGE))
    page = min(page_number() or 1, pages)
    return render_template(
        "case_timeline.html",
        case=case,
        tab="timeline",
        kinds=kinds,
        kind=kind,
        entries=entries[(page - 1) * ENTRIES_ON_A_PAGE : page * ENTRIES_ON_A_PAGE],
        page=page,
        pages=pages,
        page_link=lambda number: url_for("cases.timeline", case_id=case_id, kind=kind or None, page=number),
    )


@pages.get("/case/<case_id>/at/<int:seq>")
def then(case_id: str, seq: int) -> str:
    """Show the case as it stood after one entry of its log. Nothing can be done there."""
    case = show_case(service(), reader(), case_id, at_seq=seq)
    return render_template(
        "case_then.html", case=case, entry=case.timeline[-1] if case.timeline else None, tab="timeline"
    )


@pages.route("/case/<case_id>/family", methods=["GET", "POST"])
def family(case_id: str) -> Response | str:
    """Show whose files belong to this family, and join another one to it by its number."""
    case = one(case_id)
    if request.method == "GET":
        return render_template("case_family.html", case=case, problem="", typed="", tab="")
    typed = request.form.get("other_number", "").strip()
    try:
        outcome = join_family(service(), reader(), case_id, other_number=typed, form_token=form_token())
    except InvalidAnswers as invalid:
        problem = words(next(iter(invalid.problems.values())))
        page = render_template("case_family.html", case=case, problem=problem, typed=typed, has_problems=True, tab="")
        return make_response(page, TO_MEND)
    except NotOffered as refused:
        problem = " ".join(reason.text for reason in refused.reasons)
        page = render_template("case_family.html", case=case, problem=problem, typed=typed, has_problems=True, tab="")
        return make_response(page, 409)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.family", case_id=case_id), code=303)


@pages.get("/case/<case_id>/people")
def people(case_id: str) -> str:
    """Show who did what in this case."""
    return render_template("case_people.html", case=one(case_id), tab="people")


@pages.post("/case/<case_id>/duty")
def finish_duty(case_id: str) -> Response:
    """Strike a duty that was done."""
    try:
        outcome = take_step.finish_duty(
            service(),
            reader(),
            case_id,
            duty=request.form.get("duty", ""),
            seq=whole("seq"),
            form_token=form_token(),
        )
    except NotOffered as refused:
        flash(" ".join(reason.text for reason in refused.reasons), "refused")
    else:
        flash(_(outcome.message), "done")
    return redirect(url_for("cases.show", case_id=case_id), code=303)


def one(case_id: str) -> CaseView:
    """Return the case as the reader may see it. Raises NotFound."""
    return show_case(service(), reader(), case_id)
