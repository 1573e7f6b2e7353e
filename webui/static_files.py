"""Styles and scripts: small, kept by the browser, and never stale. Pages are made small for a poor line, too."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

FOLDER = Path(__file__).parent / "static"
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
_SMALLEST = 600
YEAR_IN_SECONDS = 31_536_000


@cache
def _fingerprint(name: str) -> str:
    path = FOLDER / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "none"


def asset(name: str) -> str:
    """Return the address of a file of ours; it changes with the content, so a browser may keep it for ever."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _squeezed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def install(app: Flask) -> None:
    """Let pages name their files, and send texts compressed."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def squeeze(response: Response) -> Response:
        is_static = request.endpoint == "static"
        if is_static and response.status_code == 200:
            for_ever = f"public, max-age={YEAR_IN_SECONDS}, immutable"
            response.headers["Cache-Control"] = for_ever if "v" in request.args else "no-cache"
        if (
            not (response.mimetype or "").startswith(_TEXTS)
            or response.status_code not in (200, 400, 404, 409, 422)
            or "gzip" not in request.headers.get("Accept-Encoding", "")
            or "Content-Encoding" in response.headers
        ):
            return response
        # A secret and a foreign text in one compressed page can betray the secret to whoever may repeat the request.
        # Nobody else can: the session is never sent with a request that another site started.
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) < _SMALLEST:
            return response
        response.set_data(_squeezed(content) if is_static else gzip.compress(content, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.get_data()))
        response.vary.add("Accept-Encoding")
        return response
