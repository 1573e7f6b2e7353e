"""The appeal desk: every appeal that is running, where it stands and until when."""

from __future__ import annotations

from flask import Blueprint

from webui.desk import show_desk

pages = Blueprint("appeals", __name__)

MACHINE = "appeal"


@pages.get("/appeals")
def index() -> str:
    """Show the running appeals by where they stand."""
    return show_desk(MACHINE, "appeals.html")
