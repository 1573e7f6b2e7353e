"""Asking questions page by page, for a step and for an act alike: nothing typed is lost, nothing sent before the check.

After every page what was typed is kept as a draft of the officer, on the server. The last page shows every answer with
a link to change it and what will happen in law; only there something is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.answers import Submitted, mark_problems, read_answers
from forms.build import MOST_IN_HASTE, MOST_ON_A_PAGE, StepForm, build_form, fill_form, in_words, pages, read_form
from sop_engine.records.words import answer_in_words, rows_in_words
from sop_engine.service.drafts import save_draft
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, Stale
from sop_engine.service.files import keep_file
from sop_engine.service.views import ActionView, IdentityView, Outcome, StepPageView
from webui.access import office_zone, reader, say, service
from webui.posts import page_number, whole
from webui.words import clock

CHECK = "check"
TO_MEND = 422
"""The status of a page that comes back with something to mend."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One step or one act of one case, on its way from the first question to the confirmation."""

    identity: IdentityView
    view: StepPageView | None
    """The questions; None for an act that asks nothing."""
    action: ActionView | None
    """The act; None for a step."""
    seq: int
    draft: str
    """The name under which what was typed is kept."""
    link: Callable[[int | str | None], str]
    """The address of a page (a number), of the check page, or of where the asking begins (None)."""
    confirm: Callable[[Mapping[str, Any], int], Outcome]
    """Record it all: the answers, and the entry the case stood at when the page was made."""
    after: str
    """Where to go when all is done."""

    @property
    def title(self) -> str:
        if self.action is not None:
            return self.action.title
        return self.view.step.title if self.view is not None else ""

    @property
    def proceeding(self) -> str:
        return self.view.step.proceeding if self.view is not None else (self.action.proceeding if self.action else "")

    def pages(self) -> tuple[tuple[int, tuple[Any, ...]], ...]:
        """Return (number, questions) of every page on which something is asked now."""
        if self.view is None:
            return ()
        shown = frozenset(self.view.shown)
        most = MOST_IN_HASTE if self.action is not None and self.action.is_fact else MOST_ON_A_PAGE
        asked = (
            (number, tuple(in_words(q, say) for q in page if q.name in shown))
            for number, page in enumerate(pages(self.view.step.step, most=most), start=1)
        )
        return tuple((number, page) for number, page in asked if page)

    @property
    def values(self) -> dict[str, Any]:
        """The answers so far, without those to questions that are no longer asked."""
        if self.view is None:
            return {}
        shown = frozenset(self.view.shown)
        return {name: value for name, value in self.view.values.items() if name in shown}

    @property
    def is_short(self) -> bool:
        """A safe act with at most one page of questions is confirmed on that page: it costs one click."""
        return self.action is not None and not self.action.is_adverse and len(self.pages()) <= 1


def words(text: str) -> str:
    """Translate a sentence of the forms: from the catalogue of the pages, else from that of the procedures."""
    found = str(_(text))
    return found if found != text else say(text)


def run(asking: Asking) -> Response | str:
    """Answer the request: show a page, take one in, or confirm."""
    if request.method == "POST":
        if request.form.get("stage") == CHECK:
            return _confirm(asking, asking.values)
        return _take_page(asking)
    if request.args.get("page") == CHECK:
        return _check_page(asking)
    number = page_number()
    if number is not None and number in dict(asking.pages()):
        return _question_page(asking, number, _filled(asking, number))
    return _begin(asking)


def _begin(asking: Asking) -> Response | str:
    """Start at the first page that is not answered yet; with all answered, at the check page."""
    if asking.action is not None and (not asking.action.is_open or not asking.pages()):
        return _check_page(asking)
    asked = asking.pages()
    fresh = asking.view is not None and asking.view.prefilled_from_round is not None and not asking.view.is_draft
    for number, page in asked:
        if fresh or any(q.name not in asking.values for q in page):
            return redirect(asking.link(number), code=303)
    if asking.is_short and asked:
        return redirect(asking.link(asked[0][0]), code=303)
    return redirect(asking.link(CHECK), code=303)


def _form_class(asking: Asking, number: int) -> type[StepForm]:
    asked = dict(asking.pages()).get(number)
    if asked is None:
        raise NotFound
    return build_form(asked, zone=office_zone(), words=words, has_heading=not asking.is_short)


def _filled(asking: Asking, number: int) -> StepForm:
    return fill_form(_form_class(asking, number), asking.values)


def _take_page(asking: Asking) -> Response | str:
    number = page_number()
    if number is None:
        raise NotFound
    form = read_form(_form_class(asking, number), request.form, asking.values)
    submitted = read_answers(form, now=service().clock(), words=words, uploads=request.files)
    for file in submitted.files:
        keep_file(
            service(),
            reader(),
            asking.identity.case_id,
            name=file.name,
            media_type=file.media_type,
            digest=file.sha256,
            content=file.content,
        )
    _keep(asking, form, submitted)

    if request.form.get("row"):
        for field in form.questions():
            field.errors = ()
        return _question_page(asking, number, form)
    if "later" in request.form:
        flash(_("Kept as your draft at %(time)s. Nobody else sees it.", time=clock(service().clock())), "done")
        return redirect(asking.after, code=303)
    if submitted.problems:
        return _question_page(asking, number, form)
    if asking.is_short and "confirm" in request.form:
        return _confirm(asking, {**asking.values, **submitted.answers}, form=form, number=number)
    return redirect(_next(asking, number), code=303)


def _keep(asking: Asking, form: StepForm, submitted: Submitted) -> None:
    on_page = {field.question.name for field in form.questions()}
    values = {name: v for name, v in asking.values.items() if name not in on_page} | dict(submitted.answers)
    save_draft(
        service(),
        reader(),
        asking.identity.case_id,
        proceeding=asking.proceeding,
        step=asking.draft,
        answers=values,
    )


def _next(asking: Asking, number: int) -> str:
    if request.args.get("back") == CHECK:
        return asking.link(CHECK)
    # Which questions are asked next may depend on what was just answered: the page asked for decides that itself.
    return asking.link(f"after-{number}")


def after(asking: Asking, number: int) -> Response:
    """Go to the next page on which something is asked, or to the check page."""
    following = [n for n, _page in asking.pages() if n > number]
    return redirect(asking.link(following[0] if following else CHECK), code=303)


def _question_page(asking: Asking, number: int, form: StepForm) -> Response | str:
    numbers = [n for n, _page in asking.pages()]
    place = numbers.index(number)
    back = asking.link(numbers[place - 1]) if place else asking.after
    if request.args.get("back") == CHECK:
        back = asking.link(CHECK)
    problems = _summary(form)
    page = render_template(
        "question_page.html",
        asking=asking,
        form=form,
        identity=asking.identity,
        back=back,
        number=number,
        place=place + 1,
        places=len(numbers),
        problems=problems,
        has_problems=bool(problems),
        tab="",
    )
    return make_response(page, TO_MEND) if problems else page


def _summary(form: StepForm) -> list[dict[str, str]]:
    return [
        {"text": f"{field.question.ask} {field.errors[0]}", "href": f"#{field.first_id}"}
        for field in form.questions()
        if field.errors
    ]


def _check_page(
    asking: Asking, *, problems: list[dict[str, str]] | None = None, refused: Any = (), status: int = 200
) -> Response | str:
    missing = frozenset(q.name for q in _missing(asking))
    page = render_template(
        "check_page.html",
        asking=asking,
        identity=asking.identity,
        rows=tuple(_rows(asking)),
        missing=missing,
        problems=problems or [],
        has_problems=bool(problems),
        refused=refused,
        back=asking.link(asking.pages()[-1][0]) if asking.pages() else asking.after,
        tab="",
    )
    return make_response(page, status) if status != 200 else page


def _missing(asking: Asking) -> Iterator[Any]:
    for _number, page in asking.pages():
        for question in page:
            if question.required and question.required_when is None and question.name not in asking.values:
                yield question


def _rows(asking: Asking) -> Iterator[dict[str, Any]]:
    values = asking.values
    for number, page in asking.pages():
        for question in page:
            value = values.get(question.name)
            yield {
                "question": question,
                "text": answer_in_words(question, value, words, calendar=service().current.calendar),
                "is_answered": value is not None,
                "rows": rows_in_words(question, value, words, calendar=service().current.calendar),
                "change": asking.link(number) + "&back=check",
                "number": number,
            }


def _confirm(
    asking: Asking, values: Mapping[str, Any], *, form: StepForm | None = None, number: int | None = None
) -> Response | str:
    """Record it; what cannot be recorded comes back with what was typed and what to do."""
    if asking.action is not None and asking.action.is_adverse and request.form.get("considered") != "yes":
        where = [{"text": _("Say that you have read what this does."), "href": "#considered"}]
        return _check_page(asking, problems=where, status=TO_MEND)
    try:
        outcome = asking.confirm(values, whole("seq"))
    except InvalidAnswers as invalid:
        if (
            form is not None
            and number is not None
            and set(invalid.problems) & {f.question.name for f in form.questions()}
        ):
            mark_problems(form, {name: words(text) for name, text in invalid.problems.items()})
            return _question_page(asking, number, form)
        return _check_page(asking, problems=_where(asking, invalid.problems), status=TO_MEND)
    except NotOffered as refused:
        return _check_page(asking, refused=refused.reasons, status=409)
    except Stale as stale:
        page = render_template("stale.html", asking=asking, identity=asking.identity, changed=stale.changed, tab="")
        return make_response(page, 409)
    flash(_(outcome.message), "done")
    return redirect(asking.after, code=303)


def _where(asking: Asking, problems: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the lines of an error summary, each with the page where it can be mended."""
    asked = {q.name: (number, q) for number, page in asking.pages() for q in page}
    lines = []
    for name, message in problems.items():
        number, question = asked.get(name, (None, None))
        text = f"{question.ask} {words(message)}" if question is not None else words(message)
        lines.append({"text": text, "href": asking.link(number) + "&back=check" if number else "#main-content"})
    return lines
