"""The language of the page: which one a reader has, the switch, and the catalogues of the words around the case.

Texts of the procedures come translated from the service; this is for everything else on a page. Catalogues are read
from their ``.po`` files when the program starts, so that no compiled file can be older than its source.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, Response, redirect, request, session
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

from webui.local_paths import local_path

pages = Blueprint("language", __name__)

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "nl": "Nederlands"}
"""Each language by its own name: who needs it reads it."""
LOCALE_FOLDER = Path(__file__).parent / "locale"
ANY_LANGUAGE = "en"


class PoDomain(Domain):  # type: ignore[misc]
    """Catalogues straight from their sources."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(locale.language if locale else ANY_LANGUAGE)


class Languages(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues."""

    domain_instance = PoDomain()


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the catalogue of a language; English and unknown ones are the words of the program themselves."""
    source = LOCALE_FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not source.is_file():
        return NullTranslations()
    with source.open("rb") as text:
        entries = read_po(text, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return Translations(compiled)


def chosen_language() -> str:
    """Return the language of this page: the one chosen, else that of the account, else the best the browser names."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    own = getattr(current_user, "language", None)
    if own in LANGUAGES:
        return str(own)
    return request.accept_languages.best_match(list(LANGUAGES)) or ANY_LANGUAGE


def install(app: Flask, *, clock_of_office: Callable[[], ZoneInfo]) -> None:
    """Teach the app its languages, and the clock by which it tells the time."""
    app.config["BABEL_DEFAULT_LOCALE"] = ANY_LANGUAGE
    Languages(
        app,
        locale_selector=chosen_language,
        timezone_selector=lambda: str(clock_of_office()),
    )
    app.register_blueprint(pages)

    @app.context_processor
    def words() -> dict[str, Any]:
        here = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return {"languages": LANGUAGES, "language": chosen_language(), "here": here}


@pages.post("/language")
def switch() -> Response:
    """Show this page, and every later one, in another language."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
    return redirect(local_path(request.form.get("next", "")), code=303)  # type: ignore[return-value]
