"""The composition root: one Flask app of the service, the settings and the pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from sop_engine.service.service import Service
from webui import (
    access,
    actions,
    admin,
    appeals,
    boat,
    cases,
    committee,
    editions,
    errors,
    events,
    find,
    help,
    language,
    liberty,
    my_work,
    navigation,
    paper_files,
    papers,
    posts,
    quality,
    region,
    security_headers,
    sessions,
    sign_in,
    sops,
    static_files,
    steps,
    training,
    words,
)
from webui.settings import WebSettings

MOST_BYTES = 2 * 1024 * 1024
MOST_PARTS = 1000
_PAGES = (
    actions,
    admin,
    appeals,
    boat,
    cases,
    committee,
    editions,
    events,
    find,
    help,
    liberty,
    my_work,
    paper_files,
    papers,
    quality,
    region,
    sops,
    steps,
)


def create_app(service: Service, settings: WebSettings) -> Flask:
    """Return the web interface over a service. Two apps in one process share nothing."""
    app = Flask(__name__)
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_PARTS": MOST_PARTS,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "WTF_CSRF_TIME_LIMIT": None,  # The session ends it: an officer may be called away in the middle of a form.
        "WTF_CSRF_SSL_STRICT": False,  # Pages send no referrer at all; the token and the cookie's SameSite do the work.
    }
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    app.extensions["sop_service"] = service
    app.extensions["office_zones"] = {}
    app.extensions["home_zone"] = ZoneInfo(settings.time_zone)
    app.session_interface = sessions.ServerSessions(service, settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    _templates(app, settings)

    # Before a page is made: refuse loads from elsewhere, doubled fields and forged pages, then ask for a sign-in.
    security_headers.install(app, is_https=settings.is_https)
    posts.install(app)
    CSRFProtect(app)
    sign_in.install(app, service)
    access.install(app)
    language.install(app, clock_of_office=access.office_zone)
    navigation.install(app)
    words.install(app)
    errors.install(app)
    static_files.install(app)
    for module in _PAGES:
        app.register_blueprint(module.pages)
    if service.is_training:
        # Any other instance has no such page at all: there is nothing to be closed or opened.
        training.install(app)
    return app


def _templates(app: Flask, settings: WebSettings) -> None:
    app.jinja_options = {
        "loader": ChoiceLoader(
            [
                PackageLoader("webui"),
                PackageLoader("forms"),
                PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
            ]
        ),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    WTFormsHelpers(app)

    @app.context_processor
    def every_page() -> dict[str, Any]:
        is_training = access.whole_service().is_training
        return {"settings": settings, "is_training": is_training, "say": access.say, "code_words": access.code_words}


def serve(service: Service, settings: WebSettings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the pages until stopped. Without TLS only to the same machine.

    Raises ValueError for an address that others could reach in the clear.
    """
    if host not in ("127.0.0.1", "localhost", "::1") and not settings.is_https:
        raise ValueError(
            f"Pages cannot be served on {host} without TLS: names and stories would travel in the clear. "
            "Put a proxy with TLS in front and say so in the settings, or serve on 127.0.0.1."
        )
    import waitress

    waitress.serve(
        create_app(service, settings), host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=True
    )
