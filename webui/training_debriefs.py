"""Debriefs: of a team, of a class, on screen, on paper and as a table; and progress over months by pseudonym."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from flask_babel import gettext as _

from sop_engine.service.errors import NotFound
from sop_engine.service.training.debrief import debrief_csv, debrief_session, progress_of
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.grading import grading_of, scores_of
from sop_engine.service.training.mine import points_of, pseudonym_of, roles_of, team_of
from sop_engine.service.training.papers import attempt_debrief_pdf, class_debrief_pdf
from sop_engine.service.training.sessions import show_session
from webui.access import reader, whole_service
from webui.language import chosen_language

pages = Blueprint("debriefs", __name__)
all_pages = (pages,)


@pages.get("/training/attempt/<attempt_id>/debrief")
def attempt(attempt_id: str) -> str:
    """Show how an attempt went: to its team when it is finished, and to trainers at any time."""
    _may_read(attempt_id)
    svc, language = whole_service(), chosen_language()
    found, session = attempt_and_session(svc, attempt_id)
    return render_template(
        "training_debrief.html",
        attempt=found,
        session=session,
        pack=pack_of(svc, found.pack, language),
        grading=grading_of(svc, attempt_id, language=language),
        team=team_of(svc, attempt_id),
        points=points_of(svc, attempt_id),
        given=scores_of(svc, attempt_id),
        is_trainer=_is_trainer(),
    )


@pages.get("/training/attempt/<attempt_id>/debrief.pdf")
def attempt_on_paper(attempt_id: str) -> Response:
    """Return the debrief of an attempt with the certificate on paper."""
    _may_read(attempt_id)
    made = attempt_debrief_pdf(whole_service(), attempt_id, language=chosen_language(), say=_)
    return paper(made, f"training-debrief-{attempt_id[:8]}.pdf")


@pages.get("/training/class/<session_id>/debrief")
def of_class(session_id: str) -> str:
    """Show the debrief of a class: what was missed by how many, agreement, spread."""
    _only_trainers()
    svc = whole_service()
    found = debrief_session(svc, session_id, language=chosen_language())
    return render_template("training_class_debrief.html", found=found, view=show_session(svc, session_id))


@pages.get("/training/class/<session_id>/debrief.pdf")
def class_on_paper(session_id: str) -> Response:
    """Return the debrief of a class on paper."""
    _only_trainers()
    made = class_debrief_pdf(whole_service(), session_id, language=chosen_language(), say=_)
    return paper(made, f"training-class-{session_id[:8]}.pdf")


@pages.get("/training/class/<session_id>/debrief.csv")
def class_as_table(session_id: str) -> Response:
    """Return the debrief of a class as a table, one line a seat."""
    _only_trainers()
    found = debrief_session(whole_service(), session_id, language=chosen_language())
    response = make_response(debrief_csv(found))
    response.mimetype = "text/csv"
    response.headers.set("Content-Disposition", "attachment", filename=f"training-{session_id[:8]}.csv")
    return response


@pages.get("/training/progress/<account_id>")
def progress(account_id: str) -> str:
    """Show what a trainee finished over the months: to trainers, and to the trainee."""
    if account_id != reader().user:
        _only_trainers()
    svc = whole_service()
    return render_template(
        "training_progress.html",
        pseudonym=pseudonym_of(svc, account_id),
        progress=progress_of(svc, account_id, language=chosen_language()),
        is_trainer=_is_trainer(),
    )


def paper(content: bytes, name: str) -> Response:
    """Return a PDF file to be looked at."""
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


def _is_trainer() -> bool:
    return "trainer" in reader().roles


def _only_trainers() -> None:
    if not _is_trainer():
        raise NotFound


def _may_read(attempt_id: str) -> None:
    """Let trainers read, and the team once it has finished: before that the debrief would tell what to find out."""
    if _is_trainer():
        return
    svc = whole_service()
    found, _session = attempt_and_session(svc, attempt_id)
    if not roles_of(svc, reader().user, attempt_id) or found.status != "finished":
        raise NotFound
