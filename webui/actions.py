"""An act: what it does in law, what it asks, who is told, and the button. A closed act says why, and who can help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.answers import read_answers
from forms.build import build_form, fill_form, in_words, read_form
from sop_engine.service import take_step
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, Stale
from sop_engine.service.show_case import show_case
from sop_engine.service.show_step import show_action
from sop_engine.service.views import AnswerView, CaseView, Outcome
from webui.access import office_zone, reader, say, service
from webui.asking import CHECK, TO_MEND, Asking, after, run, words
from webui.posts import form_token, whole

pages = Blueprint("actions", __name__)


@pages.route("/case/<case_id>/<proceeding>/do/<transition>", methods=["GET", "POST"])
def show(case_id: str, proceeding: str, transition: str) -> Response | str:
    """Show one act, ask what it asks, and take it when confirmed."""
    identity, action, view, seq = show_action(
        service(), reader(), case_id, proceeding=proceeding, transition=transition
    )

    def link(page: int | str | None) -> str:
        return url_for(
            "actions.show", case_id=case_id, proceeding=proceeding, transition=transition, page=page or CHECK
        )

    def confirm(values: Mapping[str, Any], seen: int) -> Outcome:
        return take_step.take_transition(
            service(),
            reader(),
            case_id,
            proceeding=proceeding,
            transition=transition,
            answers=values,
            seq=seen,
            form_token=form_token(),
        )

    asking = Asking(
        identity=identity,
        view=view,
        action=action,
        seq=seq,
        draft=f"do {transition}",
        link=link,
        confirm=confirm,
        after=url_for("cases.show", case_id=case_id),
    )
    passed = request.args.get("page", "").removeprefix("after-")
    if request.method == "GET" and passed != request.args.get("page", "") and passed.isdecimal():
        return after(asking, int(passed[:6]))
    return run(asking)


@pages.route("/case/<case_id>/begin/<machine>", methods=["GET", "POST"])
def begin(case_id: str, machine: str) -> Response | str:
    """Start a procedure on the case by hand."""
    key = request.args.get("key") or None
    case = show_case(service(), reader(), case_id)
    title = next((title for m, k, title in case.openable if (m, k) == (machine, key)), None)
    if title is None and request.method == "GET":
        raise NotFound
    if request.method == "GET":
        return render_template("begin.html", identity=case.identity, seq=case.seq, title=title, tab="")
    return _done(
        case,
        lambda: take_step.open_proceeding(
            service(), reader(), case_id, machine=machine, key=key, seq=whole("seq"), form_token=form_token()
        ),
    )


@pages.route("/case/<case_id>/<proceeding>/take-back", methods=["GET", "POST"])
def take_back(case_id: str, proceeding: str) -> Response | str:
    """Take the last act of a proceeding back as a mis-click of a colleague, with a reason."""
    case = show_case(service(), reader(), case_id)
    where = next((p for p in case.proceedings if p.id == proceeding), None)
    if where is None:
        raise NotFound
    if request.method == "GET":
        return render_template("take_back.html", identity=case.identity, case=case, where=where, problem="", tab="")
    reason = request.form.get("reason", "").strip()
    try:
        outcome = take_step.rectify(
            service(),
            reader(),
            case_id,
            proceeding=proceeding,
            reason=reason,
            seq=whole("seq"),
            form_token=form_token(),
        )
    except InvalidAnswers as invalid:
        problem = words(next(iter(invalid.problems.values())))
        page = render_template(
            "take_back.html", identity=case.identity, case=case, where=where, problem=problem, typed=reason, tab=""
        )
        return make_response(page, TO_MEND)
    except (NotOffered, Stale) as refused:
        return _refused(case, refused)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.show", case_id=case_id), code=303)


@pages.route("/case/<case_id>/<proceeding>/correct/<step>/<question>", methods=["GET", "POST"])
def correct(case_id: str, proceeding: str, step: str, question: str) -> Response | str:
    """Correct a sealed answer, with a reason; the original stays beside it."""
    case = show_case(service(), reader(), case_id)
    answer = _answer(case, proceeding, step, question)
    form_class = build_form([in_words(answer.question, say)], zone=office_zone(), words=words)
    before = {question: answer.value} if answer.value is not None else {}
    if request.method == "GET":
        return _correction(case, answer, fill_form(form_class, before), "", [])
    reason = request.form.get("reason", "").strip()
    form = read_form(form_class, request.form, before)
    submitted = read_answers(form, now=service().clock(), words=words, uploads=request.files, required=lambda _q: True)
    problems = [{"text": m, "href": f"#{f.first_id}"} for f in form.questions() for m in f.errors]
    if len(reason) < 5:
        problems.append({"text": _("Write why the answer is corrected."), "href": "#reason"})
    if problems or request.form.get("row"):
        if request.form.get("row"):
            problems = []
            for field in form.questions():
                field.errors = ()
        return _correction(case, answer, form, reason, problems)
    try:
        outcome = take_step.correct_answer(
            service(),
            reader(),
            case_id,
            proceeding=proceeding,
            step=step,
            question=question,
            answer=submitted.answers[question],
            reason=reason,
            seq=whole("seq"),
            form_token=form_token(),
        )
    except InvalidAnswers as invalid:
        found = [{"text": words(m), "href": "#main-content"} for m in invalid.problems.values()]
        return _correction(case, answer, form, reason, found)
    except (NotOffered, Stale) as refused:
        return _refused(case, refused)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.answers", case_id=case_id), code=303)


def _answer(case: CaseView, proceeding: str, step: str, question: str) -> AnswerView:
    for p in case.proceedings:
        for s in p.steps if p.id == proceeding else ():
            for answer in s.answers if s.step.name == step else ():
                if answer.question.name == question and not answer.is_hidden:
                    return answer
    raise NotFound


def _correction(case: CaseView, answer: AnswerView, form: Any, reason: str, problems: list[dict[str, str]]) -> Response:
    page = render_template(
        "correct.html",
        identity=case.identity,
        case=case,
        answer=answer,
        form=form,
        reason=reason,
        problems=problems,
        has_problems=bool(problems),
        tab="answers",
    )
    return make_response(page, TO_MEND if problems else 200)


def _done(case: CaseView, act: Any) -> Response:
    try:
        outcome: Outcome = act()
    except (NotOffered, Stale) as refused:
        return _refused(case, refused)
    flash(_(outcome.message), "done")
    return redirect(url_for("cases.show", case_id=case.identity.case_id), code=303)


def _refused(case: CaseView, refused: NotOffered | Stale) -> Response:
    page = render_template(
        "refused.html",
        identity=case.identity,
        reasons=getattr(refused, "reasons", ()),
        changed=getattr(refused, "changed", ()),
        tab="",
    )
    return make_response(page, 409)
