"""Pages for what went wrong: what happened, what was kept, what to do. Never a trace, never a word of a case.

“There is no such page” and “you may not open it” are one and the same page, byte for byte.
"""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from sop_engine.service.errors import NotFound, NotProved, OtherPayload, StoreBusy, StoreFull
from webui.navigation import main_navigation

log = logging.getLogger("webui")

SHORTEST_KEPT = 12
"""Typed words from this length on are given back when a page came too late; a date or a code is quickly typed again."""


def install(app: Flask) -> None:
    """Answer every error with a page in plain words."""
    app.register_error_handler(NotFound, lambda _error: not_found())
    app.register_error_handler(CSRFError, lambda _error: old_page())
    app.register_error_handler(NotProved, lambda _error: not_proved())
    app.register_error_handler(OtherPayload, lambda _error: sent_twice())
    app.register_error_handler(StoreBusy, lambda _error: busy())
    app.register_error_handler(StoreFull, lambda _error: full())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, *sentences: str, code: str = "", typed: tuple[str, ...] = ()) -> Response:
    """Return an error page. It holds no form, and nothing that differs between two calls but the code."""
    made = render_template(
        "error.html",
        title=title,
        sentences=sentences,
        code=code,
        typed=typed,
        navigation=main_navigation(section=""),
    )
    response = make_response(made, status)
    response.headers["Vary"] = "Cookie"
    return response


def not_found() -> Response:
    return page(
        404,
        _("This page is not there"),
        _("There is nothing here that you can open. Check the address, or start again from your work."),
        _("If somebody should have given you this case, ask your supervisor."),
    )


def old_page() -> Response:
    """Say that the session or the page has ended, and give back what was typed so that it is not lost."""
    sentences = [_("Nothing was recorded. Go back, load the page again, and send it once more.")]
    # Only to a page of ours: another site could otherwise put words of its own on our page.
    is_ours = request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    typed = _typed() if is_ours else ()
    if typed:
        sentences.append(_("This is what you typed. Copy it before you go on."))
    return page(400, _("This page was open for too long"), *sentences, typed=typed)


def _typed() -> tuple[str, ...]:
    words = (v.strip() for k, v in request.form.items() if k.startswith("q-") or k in ("reason", "reasons", "ground"))
    return tuple(v for v in words if len(v) >= SHORTEST_KEPT)


def not_proved() -> Response:
    return page(
        409,
        _("No new case can be opened now"),
        _("The safeguards of the procedures in force are not proved, so nobody's case is opened under them."),
        _("Nothing was recorded."),
        _("Cases that are open go on. Tell whoever answers for the procedures: the proofs say what is missing."),
    )


def sent_twice() -> Response:
    return page(
        409,
        _("This page was already sent with other answers"),
        _("What was sent first stands. Open the case to see it, and start again from there."),
    )


def busy() -> Response:
    response = page(503, _("Many people are working right now"), _("Nothing was recorded. Try again in a moment."))
    response.headers["Retry-After"] = "5"
    return response


def full() -> Response:
    return page(
        507,
        _("There is no room left to record this"),
        _("Nothing was recorded. Everything that was confirmed before is safe. Tell your administrator."),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status in (301, 302, 303, 307, 308):
        return error.get_response()  # type: ignore[return-value]
    if status in (401, 403, 404):
        return not_found()
    if status == 413:
        return page(
            413,
            _("This is too much for one page"),
            _("Nothing was recorded. A file may have at most 2 MB, and a page at most 1000 answers."),
        )
    if status == 405:
        response = page(
            405, _("This page does not work that way"), _("Nothing was recorded. Start again from your work.")
        )
        if isinstance(allowed := getattr(error, "valid_methods", None), list | tuple | set):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response
    if status >= 500:
        return _unexpected(error)
    return page(status, _("This page was not sent as it should be"), _("Nothing was recorded. Go back and try again."))


def _unexpected(error: BaseException) -> Response:
    code = secrets.token_hex(4)
    # The kind of error and the place say enough; its message may hold a word of a person.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    log.error("unexpected %s at %s endpoint=%s code=%s", type(error).__name__, where, request.endpoint, code)
    return page(
        500,
        _("Something went wrong here"),
        _("Nothing was recorded. It is not your fault. Try again; if it stays, tell your administrator this code."),
        code=code,
    )
