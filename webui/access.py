"""Who is looking, and on whose behalf the service is asked. A page is closed unless it says that it is open to all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from sop_engine.service import accounts
from sop_engine.service.service import Service
from sop_engine.service.training.desk import Desk
from sop_engine.service.views import Reader
from webui.language import chosen_language
from webui.security_headers import is_signed_in

View = TypeVar("View", bound=Callable[..., object])

_PUBLIC = "is_open_to_all"


def open_to_all(view: View) -> View:
    """Mark a page that needs no sign-in."""
    setattr(view, _PUBLIC, True)
    return view


def whole_service() -> Service:
    """Return the service that this app was made with, whatever desk the reader sits at."""
    return cast(Service, current_app.extensions["sop_service"])


def desk_here() -> Desk | None:
    """Return the desk of an exercise at which this page is read; only a sandbox has any."""
    return cast("Desk | None", g.get("desk"))


def service() -> Service:
    """Return the service that this app was made with; at a desk of an exercise, with the time of its story."""
    desk = desk_here()
    return desk.service if desk is not None else whole_service()


def say(text: str) -> str:
    """Return a text of the procedures in the language of the page."""
    return service().texts(chosen_language())(text)


def code_words(list_name: str, code: str) -> str:
    """Return the label of a code of one of the lists; a code that is not on it stays as it is."""
    found = service().current.lists.get(list_name)
    return say(found.codes[code].label) if found is not None and code in found.codes else code


def office_zone() -> ZoneInfo:
    """Return the clock on the wall of the reader's office."""
    zones: dict[str, ZoneInfo] = current_app.extensions["office_zones"]
    office = getattr(current_user, "office", "")
    if office not in zones:
        zones |= {one.id: ZoneInfo(one.time_zone) for one in accounts.list_offices(service())}
    return zones.get(office) or cast(ZoneInfo, current_app.extensions["home_zone"])


def reader() -> Reader:
    """Return who is looking at this page; at a desk of an exercise, the seat and not the trainee."""
    desk = desk_here()
    if desk is not None:
        return desk.reader
    if "reader" not in g:
        g.reader = Reader(
            user=current_user.id,
            name=current_user.name,
            roles=frozenset(role.name for role in current_user.roles),
            office=current_user.office,
            language=chosen_language(),
        )
    return cast(Reader, g.reader)


def install(app: Flask) -> None:
    """Ask for a sign-in before every page that is not open to all."""

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint in (None, "static", "language.switch"):
            return None
        view = app.view_functions[request.endpoint]
        if getattr(view, _PUBLIC, False) or is_signed_in():
            return None
        if request.method not in ("GET", "HEAD"):
            return redirect(url_for("sign_in.enter"), code=303)
        if request.path.endswith((".pdf", ".svg")):
            abort(404)
        return redirect(url_for("sign_in.enter", next=request.full_path.rstrip("?")), code=303)
