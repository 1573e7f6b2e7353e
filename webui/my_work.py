"""My work: what is due first, what waits for me, what I began; and the same on paper for the day."""

from __future__ import annotations

from flask import Blueprint, render_template

from sop_engine.service.find_case import my_work
from webui.access import reader, service

pages = Blueprint("my_work", __name__)


@pages.get("/")
def index() -> str:
    """Show what waits for the reader, the most urgent first."""
    return render_template("my_work.html", work=my_work(service(), reader()))


@pages.get("/work/print")
def on_paper() -> str:
    """Show the list of the day for the printer: numbers and initials, no names."""
    return render_template("my_work_print.html", work=my_work(service(), reader()), now=service().clock())
