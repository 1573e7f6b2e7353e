"""A trainer's pages of a class: the live board, the people, handing out, time, news, and one team seen closely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security.utils import hash_password
from werkzeug.wrappers import Response

from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.training import news, sessions, talk
from sop_engine.service.training.attempts import people_at, start
from sop_engine.service.training.board import board
from sop_engine.service.training.closing import end_class
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.grading import finish as finish_attempt
from sop_engine.service.training.grading import grading_of, score, scores_of
from sop_engine.service.training.mine import points_of
from sop_engine.service.training.sessions import SessionView, show_session
from sop_engine.service.views import Reader
from webui.access import reader, whole_service
from webui.admin import LONGEST_PASSWORD
from webui.asking import TO_MEND, words
from webui.language import chosen_language
from webui.training_words import length_words

pages = Blueprint("classes", __name__)
all_pages = (pages,)

SHORTEST_PASSWORD = 8
"""Shorter than that of officers: a sandbox holds invented people only, and a class has to begin in minutes."""
UNITS = ("hours", "days", "working days", "months")
LEVELS = ("basic", "intermediate", "advanced")

Problems = list[dict[str, str]]


@pages.post("/training/class/new")
def new() -> Response:
    """Open a class."""
    title, pace = request.form.get("title", ""), request.form.get("pace", "own")
    try:
        made = sessions.open_session(
            whole_service(), _trainer(), title=title, pace=pace, hints=request.form.get("hints") == "yes"
        )
    except InvalidAnswers as invalid:
        listed = sessions.list_sessions(whole_service(), _trainer())
        problems = _problems(invalid)
        page = render_template(
            "training_home.html", sessions=listed, problems=problems, has_problems=True, typed=request.form
        )
        return make_response(page, TO_MEND)
    flash(_("The class is open. Add the trainees, then hand out a scenario."), "done")
    return _to("classes.people", session_id=made.id)


@pages.get("/training/class/<session_id>")
def show(session_id: str) -> Response:
    """Show the live board: who is where, and what was missed."""
    return _board(session_id, [])


@pages.post("/training/class/<session_id>/change")
def change(session_id: str) -> Response:
    """Pause, go on, hints, pace, or the end of a class."""
    svc, trainer = whole_service(), _trainer()
    match request.form.get("do", ""):
        case "pause":
            sessions.pause(svc, trainer, session_id)
            flash(_("The class is paused: nothing can be done, and no time passes in any story."), "done")
        case "resume":
            sessions.resume(svc, trainer, session_id)
            flash(_("The class goes on."), "done")
        case "hints-on":
            sessions.set_hints(svc, trainer, session_id, hints=True)
            flash(_("Trainees see what comes next, and remarks on how they ask."), "done")
        case "hints-off":
            sessions.set_hints(svc, trainer, session_id, hints=False)
            flash(_("Trainees work without hints now."), "done")
        case "pace-own":
            sessions.set_pace(svc, trainer, session_id, pace="own")
            flash(_("Each team lets time pass for itself."), "done")
        case "pace-together":
            sessions.set_pace(svc, trainer, session_id, pace="together")
            flash(_("Only you let time pass, for all teams together."), "done")
        case "close":
            end_class(svc, trainer, session_id)
            flash(_("The class is over. What was done stays for the debrief."), "done")
            return _to("debriefs.of_class", session_id=session_id)
        case _:
            return _board(session_id, [{"text": _("Choose what to change."), "href": "#main-content"}])
    return _to("classes.show", session_id=session_id)


@pages.post("/training/class/<session_id>/travel")
def travel(session_id: str) -> Response:
    """Let time pass in every running story of a class."""
    number, unit = request.form.get("number", "").strip(), request.form.get("unit", "")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", number) or unit not in UNITS:
        text = _("Enter how much time passes as a whole number, and choose hours, days, working days or months.")
        return _board(session_id, [{"text": text, "href": "#number"}])
    length = f"{int(number)} {unit}"
    try:
        changed = sessions.travel(whole_service(), _trainer(), session_id, length)
    except InvalidAnswers as invalid:
        return _board(session_id, [{"text": words(text), "href": "#number"} for text in invalid.problems.values()])
    flash(
        _("It is %(length)s later. Something fell due in %(num)d cases.", length=length_words(length), num=changed),
        "done",
    )
    return _to("classes.show", session_id=session_id)


@pages.route("/training/class/<session_id>/people", methods=["GET", "POST"])
def people(session_id: str) -> Response:
    """List the trainees of a class by pseudonym, and add one."""
    view = _view(session_id)

    def page(problems: Problems) -> Response:
        made = render_template(
            "training_people.html", view=_view(session_id), problems=problems, has_problems=bool(problems),
            typed=request.form, least=SHORTEST_PASSWORD,
        )  # fmt: skip
        return make_response(made, TO_MEND if problems else 200)

    if request.method == "GET":
        return page([])
    password = request.form.get("password", "")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        least, most = SHORTEST_PASSWORD, LONGEST_PASSWORD
        text = _("Enter a password of %(least)d to %(most)d characters.", least=least, most=most)
        return page([{"text": text, "href": "#password"}])
    if view.session.closed_at is not None:
        return page([{"text": _("This class is over."), "href": "#main-content"}])
    try:
        added = sessions.add_trainee(
            whole_service(),
            _trainer(),
            session_id,
            pseudonym=request.form.get("pseudonym", ""),
            password_hash=hash_password(password),
        )
    except InvalidAnswers as invalid:
        return page(_problems(invalid))
    flash(_("%(name)s is in the class.", name=added.pseudonym), "done")
    return _to("classes.people", session_id=session_id)


@pages.get("/training/class/<session_id>/hand-out")
def choose_pack(session_id: str) -> str:
    """List the scenarios to hand out, by level."""
    view = _view(session_id)
    packs = [one.in_language(chosen_language()) for one in whole_service().library.packs.values()]
    by_level = [(level, [one for one in packs if one.level == level]) for level in LEVELS]
    return render_template("training_choose.html", view=view, by_level=by_level)


@pages.route("/training/class/<session_id>/hand-out/<pack_name>", methods=["GET", "POST"])
def hand_out(session_id: str, pack_name: str) -> Response:
    """Hand a scenario to a trainee or a team: who plays which role."""
    view = _view(session_id)
    pack = pack_of(whole_service(), pack_name, chosen_language())

    def page(problems: Problems) -> Response:
        made = render_template(
            "training_hand_out.html", view=view, pack=pack, problems=problems, has_problems=bool(problems),
            typed=request.form,
        )  # fmt: skip
        return make_response(made, TO_MEND if problems else 200)

    if request.method == "GET":
        return page([])
    if view.session.closed_at is not None:
        return page([{"text": _("This class is over."), "href": "#main-content"}])
    # Each on their own: everybody who is ticked gets the scenario alone, in the leading role.
    alone = [who for who in dict.fromkeys(request.form.getlist("q-alone")) if who]
    teams: list[Mapping[str, str]] = [{next(iter(pack.team)): who} for who in alone]
    seats = {role: request.form.get(f"seat-{role}", "") for role in pack.team}
    if any(seats.values()):
        teams.append(seats)
    if not teams:
        return page([{"text": _("Give at least one role to somebody."), "href": "#team"}])
    known = {one.account for one in view.participants}
    if any(who not in known for team in teams for who in team.values() if who):
        return page([{"text": _("Choose somebody of this class."), "href": "#team"}])
    for team in teams:
        sessions.hand_out(whole_service(), _trainer(), session_id, pack=pack_name, seats=team)
    flash(_("Handed out: %(title)s.", title=pack.title), "done")
    return _to("classes.show", session_id=session_id)


@pages.get("/training/team/<attempt_id>")
def attempt(attempt_id: str) -> Response:
    """Show one team closely: where it stands, what was said, news to drop in, scores to give."""
    return _attempt(attempt_id, [])


@pages.post("/training/team/<attempt_id>/begin")
def begin(attempt_id: str) -> Response:
    """Begin a story that nobody opened yet, and sweep nothing else."""
    _trainer()
    start(whole_service(), attempt_id)
    return _to("classes.attempt", attempt_id=attempt_id)


@pages.post("/training/team/<attempt_id>/inject")
def inject(attempt_id: str) -> Response:
    """Drop a piece of news of the pack into a story."""
    try:
        told = news.inject(whole_service(), _trainer(), attempt_id, request.form.get("inject", ""))
    except InvalidAnswers as invalid:
        return _attempt(attempt_id, _problems(invalid))
    if told.refused:
        flash(_("The news is told. The procedure refused a part of it: %(why)s", why=told.refused), "refused")
    else:
        flash(_("The news is told: %(title)s.", title=told.title), "done")
    return _to("classes.attempt", attempt_id=attempt_id)


@pages.post("/training/team/<attempt_id>/tell")
def tell(attempt_id: str) -> Response:
    """Tell a team something in own words."""
    try:
        news.tell(
            whole_service(),
            _trainer(),
            attempt_id,
            title=request.form.get("title", ""),
            text=request.form.get("text", ""),
        )
    except InvalidAnswers as invalid:
        return _attempt(attempt_id, _problems(invalid))
    flash(_("The team reads it on its page."), "done")
    return _to("classes.attempt", attempt_id=attempt_id)


@pages.post("/training/team/<attempt_id>/score")
def give_score(attempt_id: str) -> Response:
    """Give points for what needs judgement."""
    trainer = _trainer()
    found, _session = attempt_and_session(whole_service(), attempt_id)
    rubric = pack_of(whole_service(), found.pack).rubric
    criterion, points = request.form.get("criterion", ""), request.form.get("points", "").strip()
    most = rubric[criterion].points if criterion in rubric else 0
    if not re.fullmatch(r"[0-9]{1,3}", points) or int(points) > most:
        text = _("Give from 0 to %(most)d points.", most=most)
        return _attempt(attempt_id, [{"text": text, "href": f"#points-{criterion}"}])
    try:
        score(
            whole_service(),
            trainer,
            attempt_id,
            criterion=criterion,
            points=int(points),
            note=request.form.get("note", ""),
        )
    except InvalidAnswers as invalid:
        return _attempt(attempt_id, [{"text": words(t), "href": "#scores"} for t in invalid.problems.values()])
    flash(_("Scored."), "done")
    return _to("classes.attempt", attempt_id=attempt_id)


@pages.post("/training/team/<attempt_id>/finish")
def finish(attempt_id: str) -> Response:
    """End the exercise of a team."""
    _trainer()
    finish_attempt(whole_service(), attempt_id)
    flash(_("The exercise is finished. Its debrief is ready."), "done")
    return _to("classes.attempt", attempt_id=attempt_id)


def _board(session_id: str, problems: Problems) -> Response:
    view = _view(session_id)
    made = render_template(
        "training_class.html",
        view=view,
        rows=board(whole_service(), session_id, language=chosen_language()),
        units=UNITS,
        now=whole_service().clock(),
        typed=request.form,
        problems=problems,
        has_problems=bool(problems),
    )
    return make_response(made, TO_MEND if problems else 200)


def _attempt(attempt_id: str, problems: Problems) -> Response:
    _trainer()
    svc, language = whole_service(), chosen_language()
    found, session = attempt_and_session(svc, attempt_id)
    row = next(one for one in board(svc, session.id, language=language) if one.attempt.id == attempt_id)
    told = news.news_of(svc, attempt_id, language=language)
    made = render_template(
        "training_team.html",
        attempt=found,
        view=show_session(svc, session.id),
        session=session,
        pack=pack_of(svc, found.pack, language),
        row=row,
        grading=grading_of(svc, attempt_id, language=language),
        people=people_at(svc, attempt_id),
        said=talk.conversation(svc, attempt_id),
        room=talk.room_of(svc, attempt_id),
        news=told,
        told={one.inject for one in told},
        points=points_of(svc, attempt_id),
        given=scores_of(svc, attempt_id),
        me=reader().user,
        typed=request.form,
        problems=problems,
        has_problems=bool(problems),
    )
    return make_response(made, TO_MEND if problems else 200)


def _view(session_id: str) -> SessionView:
    _trainer()
    return show_session(whole_service(), session_id)


def _trainer() -> Reader:
    """Return the trainer who reads this page. For everybody else there is no such page."""
    if "trainer" not in reader().roles:
        raise NotFound
    return reader()


def _problems(invalid: InvalidAnswers) -> Problems:
    return [{"text": words(text), "href": f"#{name}"} for name, text in invalid.problems.items()]


def _to(endpoint: str, **values: Any) -> Response:
    return redirect(url_for(endpoint, **values), code=303)
