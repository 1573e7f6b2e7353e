"""The committee: its docket, and the room of one case with papers, seats, quorum and votes, live."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from sop_engine.service import committee
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, Stale
from sop_engine.service.find_case import docket
from sop_engine.service.show_case import show_case
from sop_engine.service.views import CaseView, Outcome, ProceedingView
from webui.access import reader, service
from webui.asking import TO_MEND, words
from webui.posts import form_token, whole

pages = Blueprint("committee", __name__)


@pages.get("/committee")
def index() -> str:
    """List the cases that wait before a panel on which the reader may sit."""
    return render_template("docket.html", items=docket(service(), reader()))


@pages.get("/case/<case_id>/<proceeding>/committee")
def room(case_id: str, proceeding: str) -> str:
    """Show the room of one case."""
    case, where = _where(case_id, proceeding)
    return _room(case, where)


@pages.post("/case/<case_id>/<proceeding>/committee/<act>")
def act(case_id: str, proceeding: str, act: str) -> Response | str:
    """Take a seat, open the file, step back, or vote."""
    case, where = _where(case_id, proceeding)
    panel = where.panel.panel if where.panel else ""
    votes = {name: request.form.get(f"vote-{name}", "") for name in _questions(where)}
    svc, who = service(), reader()
    acts: dict[str, Callable[[], Outcome]] = {
        "seat": lambda: committee.take_seat(
            svc,
            who,
            case_id,
            proceeding=proceeding,
            panel=panel,
            as_chair=request.form.get("as") == "chair",
            form_token=form_token(),
        ),
        "open-file": lambda: committee.open_file(
            svc, who, case_id, proceeding=proceeding, panel=panel, form_token=form_token()
        ),
        "recuse": lambda: committee.recuse(
            svc,
            who,
            case_id,
            proceeding=proceeding,
            panel=panel,
            ground=request.form.get("ground", "").strip(),
            form_token=form_token(),
        ),
        "vote": lambda: committee.vote(
            svc,
            who,
            case_id,
            proceeding=proceeding,
            panel=panel,
            votes={name: vote for name, vote in votes.items() if vote},
            reasons=request.form.get("reasons", "").strip(),
            seq=whole("seq"),
            form_token=form_token(),
        ),
    }
    if act not in acts:
        raise NotFound
    if act == "recuse" and len(request.form.get("ground", "").strip()) < 3:
        return _mend(case, where, [{"text": _("Name the ground on which you step back."), "href": "#ground"}])
    if act == "vote" and not any(votes.values()):
        return _mend(case, where, [{"text": _("Vote on at least one question."), "href": "#votes"}])
    try:
        outcome = acts[act]()
    except InvalidAnswers as invalid:
        return _mend(case, where, [{"text": words(m), "href": "#votes"} for m in invalid.problems.values()])
    except (NotOffered, Stale) as refused:
        page = render_template(
            "refused.html",
            identity=case.identity,
            reasons=getattr(refused, "reasons", ()),
            changed=getattr(refused, "changed", ()),
            tab="",
        )
        return make_response(page, 409)
    flash(_(outcome.message), "done")
    return redirect(url_for("committee.room", case_id=case_id, proceeding=proceeding), code=303)


def _where(case_id: str, proceeding: str) -> tuple[CaseView, ProceedingView]:
    case = show_case(service(), reader(), case_id)
    for found in case.proceedings:
        if found.id == proceeding and found.panel is not None:
            return case, found
    raise NotFound


def _questions(where: ProceedingView) -> tuple[str, ...]:
    return tuple(question[0] for question in where.panel.questions) if where.panel else ()


def _mend(case: CaseView, where: ProceedingView, problems: list[dict[str, str]]) -> Response:
    return make_response(_room(case, where, problems), TO_MEND)


def _room(case: CaseView, where: ProceedingView, problems: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "committee_room.html",
        identity=case.identity,
        case=case,
        where=where,
        panel=where.panel,
        papers=[p for p in where.steps if p.answers],
        problems=problems or [],
        has_problems=bool(problems),
        typed=request.form,
        tab="",
    )
