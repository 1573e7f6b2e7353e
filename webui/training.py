"""The training sandbox on its pages: the desk at which a trainee works, the bar that says so, and the pages themselves.

Only an app over a sandbox installs this module; any other one has none of these addresses.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sop_engine.service.training.desk import Desk, desk_of
from sop_engine.service.training.mine import found_case
from webui import training_classes, training_debriefs, training_exercises, training_packs, training_words
from webui.access import whole_service
from webui.language import chosen_language
from webui.security_headers import is_signed_in

OWN_PAGES = frozenset({"training", "classes", "exercises", "debriefs", "packs", "sign_in", "language", "help"})
"""Pages that are not read at a desk: they are about exercises, or about nothing in the case."""


def install(app: Flask) -> None:
    """Put the pages of the sandbox into an app, and let the ordinary pages of a case work at a desk."""
    app.before_request(_take_the_desk)
    app.context_processor(_exercise_here)
    for module in (training_exercises, training_classes, training_debriefs, training_packs):
        for pages in module.all_pages:
            app.register_blueprint(pages)
    training_words.install(app)


def _take_the_desk() -> Response | None:
    """Let a trainee read ordinary pages from the seat they sit at; without a seat, lead to the exercises."""
    if request.endpoint in (None, "static") or not is_signed_in():
        return None
    desk = desk_of(whole_service(), current_user.id, language=chosen_language()) if _is_trainee() else None
    if desk is not None and desk.attempt.status == "handed":
        desk = None
    g.exercise = desk
    if desk is not None and request.blueprint not in OWN_PAGES:
        if desk.attempt.case_id is None:
            found_case(whole_service(), desk)
        g.desk = desk
    elif request.endpoint == "my_work.index":
        return redirect(url_for("training.index"), code=303)
    return None


def _is_trainee() -> bool:
    return any(role.name == "trainee" for role in current_user.roles)


def _exercise_here() -> dict[str, Any]:
    desk: Desk | None = g.get("exercise")
    return {"exercise": desk}
