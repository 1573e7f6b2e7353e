"""Liberty: where people are placed, the ladder of alternatives before any detention, the tests, and the next review."""

from __future__ import annotations

from flask import Blueprint, render_template

from sop_engine.service.errors import NotFound
from sop_engine.service.show_case import show_case
from webui.access import reader, say, service
from webui.desk import show_desk

pages = Blueprint("liberty", __name__)

MACHINE = "reception"


@pages.get("/liberty")
def index() -> str:
    """Show the running placements by where they stand."""
    return show_desk(MACHINE, "liberty_desk.html")


@pages.get("/case/<case_id>/liberty")
def show(case_id: str) -> str:
    """Show the liberty of one person: placement, ladder, tests, reviews with their countdown."""
    case = show_case(service(), reader(), case_id)
    mine = [p for p in case.proceedings if p.machine == MACHINE]
    if not mine:
        raise NotFound
    where = mine[-1]
    ladder = service().current.lists.get("atd_type")
    return render_template(
        "liberty.html",
        identity=case.identity,
        case=case,
        where=where,
        reviews=[d for d in case.deadlines if d.proceeding == where.id],
        ladder=[(code.code, say(code.label)) for code in ladder.codes.values()] if ladder else [],
        tab="",
    )
