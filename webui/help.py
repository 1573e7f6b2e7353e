"""Help, and what the pages say about themselves: open to everybody, signed in or not."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.access import open_to_all, service

pages = Blueprint("help", __name__)


@pages.get("/help")
@open_to_all
def index() -> str:
    """How to work with these pages."""
    return render_template("help.html")


@pages.get("/about")
@open_to_all
def about() -> str:
    """What this system is, and what it is not."""
    current = service().current
    return render_template("about.html", machines=len(current.machines), digest=current.digest)


@pages.get("/accessibility")
@open_to_all
def accessibility() -> str:
    """For whom the pages work, and what is known not to."""
    return render_template("accessibility.html")


@pages.get("/privacy")
@open_to_all
def privacy() -> str:
    """What is kept of people, who sees it, and what is written down about those who look."""
    return render_template("privacy.html")
