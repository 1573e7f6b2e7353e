"""A trainee's pages: my scenarios, the briefing, the conversation, and what moves an exercise on."""

from __future__ import annotations

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.training import others, talk
from sop_engine.service.training.attempts import retry, start
from sop_engine.service.training.debrief import progress_of
from sop_engine.service.training.desk import Desk, attempt_and_session, scenario_now, sit_down
from sop_engine.service.training.grading import finish as finish_attempt
from sop_engine.service.training.mine import found_case, in_hand, roles_of, team_of
from sop_engine.service.training.news import news_of
from sop_engine.service.training.sessions import list_sessions
from sop_engine.training.model import Room
from webui.access import reader, say, whole_service
from webui.asking import TO_MEND
from webui.language import chosen_language
from webui.posts import whole
from webui.training_words import length_words, refusal_words

pages = Blueprint("training", __name__)
exercise = Blueprint("exercises", __name__)
all_pages = (pages, exercise)


@pages.get("/training")
def index() -> str:
    """Show a trainer the classes, and a trainee what is in hand and what was done."""
    if "trainer" in reader().roles:
        return render_template("training_home.html", sessions=list_sessions(whole_service(), reader()), problems=[])
    if "trainee" not in reader().roles:
        raise NotFound
    svc, me = whole_service(), reader().user
    return render_template(
        "training_mine.html",
        in_hand=in_hand(svc, me, language=chosen_language()),
        progress=progress_of(svc, me, language=chosen_language()),
    )


@exercise.post("/training/attempt/<attempt_id>/sit")
def sit(attempt_id: str) -> Response:
    """Sit down at a seat of an attempt; the first one who does begins the story."""
    role = request.form.get("role", "")
    sit_down(whole_service(), reader().user, attempt_id, role)
    start(whole_service(), attempt_id)
    return redirect(url_for("exercises.briefing"), code=303)


@exercise.get("/training/exercise")
def briefing() -> str:
    """Show what a trainee is told, what was handed out, the news, and the way to the case."""
    desk = _desk()
    svc = whole_service()
    # What stands next is a hint: where the trainer took hints away, only whether the exercise can go on by itself.
    following = others.what_is_next(svc, desk.attempt.id) if desk.attempt.status == "running" else None
    return render_template(
        "training_briefing.html",
        desk=desk,
        pack=desk.pack,
        case_id=found_case(svc, desk),
        news=tuple(reversed(news_of(svc, desk.attempt.id, language=chosen_language()))),
        next=following,
        next_title=(
            (length_words(following.title) if following.kind == "wait" else say(following.title)) if following else ""
        ),
        now=scenario_now(svc, desk.session, desk.attempt),
        team=team_of(svc, desk.attempt.id),
    )


@exercise.post("/training/exercise/colleagues")
def colleagues() -> Response:
    """Let the script do what is the turn of people whom nobody plays."""
    desk = _desk()
    try:
        found = others.let_others_act(whole_service(), desk.attempt.id)
    except NotOffered as refused:
        flash(refusal_words(refused), "refused")
        return _back()
    if found.played:
        done = ", ".join(dict.fromkeys(say(title) for title in found.played))
        flash(_("Your colleagues did: %(acts)s.", acts=done), "done")
    elif found.next.kind == "refused":
        told = _("Your colleagues cannot go on: something that comes before is still to be done, or was left out.")
        flash(told, "refused")
    else:
        flash(_("It is not the turn of your colleagues."), "done")
    return _back()


@exercise.post("/training/exercise/time")
def pass_time() -> Response:
    """Let the time pass for which the story waits now."""
    try:
        length = others.pass_time(whole_service(), _desk().attempt.id)
    except (NotOffered, InvalidAnswers) as refused:
        flash(refusal_words(refused), "refused")
        return _back()
    flash(_("Time passed: %(length)s.", length=length_words(length)), "done")
    return _back()


@exercise.route("/training/exercise/finish", methods=["GET", "POST"])
def finish() -> Response | str:
    """End the exercise after a second thought, and lead to its debrief."""
    desk = _desk()
    if request.method == "GET":
        return render_template("training_finish.html", desk=desk, pack=desk.pack)
    finish_attempt(whole_service(), desk.attempt.id, account_id=reader().user)
    return redirect(url_for("debriefs.attempt", attempt_id=desk.attempt.id), code=303)


@exercise.route("/training/exercise/talk", methods=["GET", "POST"])
def conversation() -> Response | str:
    """Ask a question, picked or in own words, in the room as it is; read what was said until now."""
    desk = _desk()
    if request.method == "GET":
        return _talk_page(desk, [])
    try:
        talk.ask_question(
            whole_service(),
            reader().user,
            desk.attempt.id,
            question=request.form.get("question", ""),
            written=request.form.get("written", ""),
            topic=request.form.get("topic", ""),
            language=chosen_language(),
        )
    except InvalidAnswers as invalid:
        return _talk_page(desk, [{"text": _(text), "href": f"#{name}"} for name, text in invalid.problems.items()])
    except NotOffered as refused:
        flash(refusal_words(refused), "refused")
    return redirect(url_for("exercises.conversation", _anchor="newest"), code=303)


@exercise.post("/training/exercise/room")
def room() -> Response | str:
    """Send people out, ask somebody in, choose the interpreter."""
    desk = _desk()
    chosen = Room(
        present=tuple(dict.fromkeys(request.form.getlist("q-present"))),
        interpreter=request.form.get("interpreter", ""),
        officer_as_asked=request.form.get("officer_as_asked") == "yes",
    )
    try:
        talk.set_room(whole_service(), reader().user, desk.attempt.id, chosen)
    except InvalidAnswers as invalid:
        return _talk_page(desk, [{"text": _(text), "href": "#room"} for text in invalid.problems.values()])
    flash(_("The room is as you want it."), "done")
    return redirect(url_for("exercises.conversation", _anchor="ask"), code=303)


@exercise.post("/training/attempt/<attempt_id>/retry")
def again(attempt_id: str) -> Response:
    """Try again from a point: the case is copied up to there, and the first attempt stays as it is."""
    is_trainer = "trainer" in reader().roles
    if not is_trainer and not roles_of(whole_service(), reader().user, attempt_id):
        raise NotFound
    _attempt, session = attempt_and_session(whole_service(), attempt_id)
    if session.closed_at is not None:
        flash(_("This class is over."), "refused")
        return redirect(url_for("debriefs.attempt", attempt_id=attempt_id), code=303)
    try:
        made = retry(whole_service(), attempt_id, seq=whole("seq"))
    except InvalidAnswers as invalid:
        flash(refusal_words(invalid), "refused")
        return redirect(url_for("debriefs.attempt", attempt_id=attempt_id), code=303)
    flash(_("A second try begins where you wanted. The first one stays as it was."), "done")
    if is_trainer:
        return redirect(url_for("classes.attempt", attempt_id=made.id), code=303)
    return redirect(url_for("exercises.briefing"), code=303)


def _talk_page(desk: Desk, problems: list[dict[str, str]]) -> Response:
    svc = whole_service()
    pack = desk.pack
    made = render_template(
        "training_talk.html",
        desk=desk,
        pack=pack,
        room=talk.room_of(svc, desk.attempt.id),
        # Never the whole reply: what was held back is for the trainer.
        said=[
            {
                "asked": one.asked,
                "says": one.reply.says,
                "manner": one.reply.manner,
                "room": one.room,
                "conduct": [(c.kind, _(c.why) if c.why else "") for c in one.reply.conduct] if desk.hints else [],
            }
            for one in talk.conversation(svc, desk.attempt.id)
        ],
        questions=[
            (topic, [one for one in pack.questions.values() if one.topic == topic.id]) for topic in pack.topics.values()
        ],
        interpreters=[one for one in pack.cast.values() if one.role == "interpreter"],
        others=[one for one in pack.cast.values() if one.role not in ("applicant", "interpreter")],
        applicant=next((one for one in pack.cast.values() if one.role == "applicant"), None),
        typed=request.form,
        problems=problems,
        has_problems=bool(problems),
    )
    return make_response(made, TO_MEND if problems else 200)


def _desk() -> Desk:
    """Return the desk of the exercise this trainee sits at. Without one there is no such page."""
    desk: Desk | None = g.get("exercise")
    if desk is None:
        raise NotFound
    return desk


def _back() -> Response:
    return redirect(url_for("exercises.briefing"), code=303)
