"""What every page that is sent carries: a token that makes sending it twice harmless, and each field once."""

from __future__ import annotations

import re
import secrets

from flask import Flask, abort, request

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
MOST_BYTES = 500_000
_TOKEN = re.compile(r"[0-9a-f]{32}")
_MANY_TIMES = "q-"
"""Answers may come several times (checkboxes); ``forms`` looks at those itself."""


def new_form_token() -> str:
    """Return a token for one sending of one page."""
    return secrets.token_hex(16)


def form_token() -> str:
    """Return the token that the page was sent with. A page of ours always has one."""
    token = request.form.get(FORM_TOKEN, "")
    if not _TOKEN.fullmatch(token):
        abort(400)
    return token


def whole(name: str, otherwise: int | None = None) -> int:
    """Return a whole number that the page was sent with."""
    sent = request.form.get(name, "")
    if re.fullmatch(r"\d{1,9}", sent):
        return int(sent)
    if otherwise is None:
        abort(400)
    return otherwise


def page_number(name: str = "page", *, most: int = 100_000) -> int | None:
    """Return a page number of the address, or None when there is none."""
    sent = request.args.get(name, "")
    return int(sent) if re.fullmatch(r"[0-9]{1,6}", sent) and int(sent) <= most else None


def install(app: Flask) -> None:
    """Refuse pages that say a thing twice: parsers disagree on which one counts."""

    @app.before_request
    def refuse_doubled_fields() -> None:
        in_address = request.args
        if any(len(found) > 1 for found in in_address.listvalues()):
            abort(400)
        if request.method == "POST":
            # The limit of the framework is for pages with files; a page of plain fields is held to the same.
            if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > MOST_BYTES:
                abort(413)
            for name, found in request.form.lists():
                if name in in_address or (len(found) > 1 and not name.startswith(_MANY_TIMES)):
                    abort(400)

    app.jinja_env.globals["new_form_token"] = new_form_token
