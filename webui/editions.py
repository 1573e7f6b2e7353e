"""Editions on screen: one policy officer drafts, another releases; each running case moves by an act of its own."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from sop_engine.service import editions
from sop_engine.service.compare import HARMONISED, compare_sets, region_set
from sop_engine.service.editions import NotReleased
from sop_engine.service.errors import NotFound, NotMovable
from webui.access import reader, service
from webui.asking import TO_MEND, words
from webui.posts import form_token

pages = Blueprint("editions", __name__)

ALL_READY = "all"
LEAST_REASON = 5
MOST_PLANNED_UNASKED = 500


@pages.get("/editions")
def index() -> Response:
    """List drafts, releases and what is in force."""
    return _index("")


@pages.post("/editions/draft")
def draft() -> Response:
    """Store the present text as a draft with the day from which it shall hold."""
    _only_policy_officers()
    form_token()
    state = request.form.get("state", HARMONISED)
    try:
        definition = region_set(service().region, state)
        digest = editions.draft_edition(
            service(),
            reader(),
            definition,
            effective_on=request.form.get("effective_on", "").strip(),
            note=request.form.get("note", "").strip()[:300],
        )
    except NotReleased as refused:
        return _index(words(str(refused)))
    flash(_("Drafted. Another policy officer releases it."), "done")
    return redirect(url_for("editions.show", digest=digest), code=303)


@pages.get("/editions/<digest>")
def show(digest: str) -> Response:
    """Show one edition: what it changes, and how every open case stands to it."""
    return _show(digest, "")


@pages.post("/editions/<digest>/release")
def release(digest: str) -> Response:
    """Release a draft of a colleague."""
    _only_policy_officers()
    form_token()
    try:
        editions.release_edition(service(), reader(), digest)
    except NotReleased as refused:
        return _show(digest, words(str(refused)))
    editions.take_released(service())
    flash(_("Released. It holds from its day on."), "done")
    return redirect(url_for("editions.show", digest=digest), code=303)


@pages.post("/editions/<digest>/apply")
def apply(digest: str) -> Response:
    """Move one case, or every case that is ready, to a released edition."""
    _only_policy_officers()
    form_token()
    named, reason = request.form.get("case", ""), request.form.get("reason", "").strip()
    if len(reason) < LEAST_REASON:
        return _show(digest, _("Write why the case moves. The reason stands in its log."))
    if not next((one.released_by for one in editions.list_editions(service()) if one.digest == digest), ""):
        return _show(digest, _("Only a released edition takes in running cases."))
    new = editions.stored(service(), digest)
    wanted = [
        one.case_id
        for one in editions.plan_upgrade(service(), new)
        if one.upgrade.is_ready and named in (one.case_id, ALL_READY)
    ]
    if not wanted:
        return _show(digest, _("This case cannot move now. The plan says why."))
    try:
        for case_id in wanted:
            editions.upgrade_case(service(), reader(), case_id, new, reason=reason)
    except NotMovable as refused:
        return _show(digest, words(str(refused)))
    flash(_("Moved. Each move is an entry of the case's log."), "done")
    return redirect(url_for("editions.show", digest=digest), code=303)


@pages.post("/editions/take-back")
def take_back() -> Response:
    """Take a case back to the edition it came from."""
    _only_policy_officers()
    form_token()
    reason = request.form.get("reason", "").strip()
    if len(reason) < LEAST_REASON:
        return _index(_("Write why the case goes back. The reason stands in its log."))
    try:
        editions.revert_upgrade(service(), reader(), request.form.get("case", ""), reason=reason)
    except (NotMovable, NotReleased) as refused:
        return _index(words(str(refused)))
    flash(_("Taken back."), "done")
    return redirect(url_for("editions.index"), code=303)


def _index(problem: str) -> Response:
    _only_policy_officers()
    page = render_template(
        "editions.html",
        editions=editions.list_editions(service()),
        moved=editions.moved_cases(service()),
        current=service().current,
        states=service().region.states,
        harmonised=HARMONISED,
        typed={name: request.form.get(name, "") for name in ("state", "effective_on", "note")},
        problem=problem,
        has_problems=bool(problem),
    )
    return make_response(page, TO_MEND if problem else 200)


def _show(digest: str, problem: str) -> Response:
    _only_policy_officers()
    found = next((one for one in editions.list_editions(service()) if one.digest == digest), None)
    if found is None:
        raise NotFound
    new, current = editions.stored(service(), digest), service().current
    # Each open case is read for the plan: where there are very many, only when asked for.
    is_planned = "plan" in request.args or editions.count_cases(service()) <= MOST_PLANNED_UNASKED
    page = render_template(
        "edition.html",
        edition=found,
        is_mine=found.drafted_by == reader().user,
        found=compare_sets(new, current) if new.digest != current.digest else None,
        is_planned=is_planned,
        planned=editions.plan_upgrade(service(), new) if is_planned else (),
        problem=problem,
        has_problems=bool(problem),
    )
    return make_response(page, TO_MEND if problem else 200)


def _only_policy_officers() -> None:
    if editions.POLICY_OFFICER not in reader().roles:
        raise NotFound
