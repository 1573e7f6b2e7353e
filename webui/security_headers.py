"""What every response tells the browser: run nothing foreign, keep nothing, tell nobody where you came from."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_login import current_user

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; connect-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
YEAR_IN_SECONDS = 31_536_000


def install(app: Flask, *, is_https: bool) -> None:
    """Put the headers on every response, and refuse loads that another site asked for."""

    @app.before_request
    def refuse_cross_site_loads() -> None:
        # Who follows a link from elsewhere comes to a page and signs in; nothing else may be loaded from there.
        site = request.headers.get("Sec-Fetch-Site", "none")
        mode = request.headers.get("Sec-Fetch-Mode", "navigate")
        if site in ("cross-site", "same-site") and (mode != "navigate" or is_paper(request.path)):
            abort(404)

    @app.after_request
    def headers(response: Response) -> Response:
        put = response.headers.setdefault
        put("Content-Security-Policy", POLICY)
        put("X-Content-Type-Options", "nosniff")
        put("X-Frame-Options", "DENY")
        put("Referrer-Policy", "no-referrer")
        put("Cross-Origin-Opener-Policy", "same-origin")
        put("Cross-Origin-Resource-Policy", "same-origin")
        put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
        if is_https:
            put("Strict-Transport-Security", f"max-age={YEAR_IN_SECONDS}; includeSubDomains")
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def is_paper(path: str) -> bool:
    """Say whether a path names a paper, and not a page."""
    return path.endswith(".pdf")


def is_signed_in() -> bool:
    return bool(getattr(current_user, "is_authenticated", False))
