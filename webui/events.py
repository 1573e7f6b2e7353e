"""What may be recorded at any time, from any page of a case: facts about the person are never refused."""

from __future__ import annotations

from flask import Blueprint, render_template

from sop_engine.service.show_case import show_case
from webui.access import reader, service

pages = Blueprint("events", __name__)

FIRST = "signal_fear"
"""Fear of return comes first on the list, whatever the order of the declaration."""


@pages.get("/case/<case_id>/any-time")
def menu(case_id: str) -> str:
    """Show what may be recorded at any time."""
    case = show_case(service(), reader(), case_id)
    events = sorted(case.case_events, key=lambda event: event.transition != FIRST)
    return render_template(
        "any_time.html",
        identity=case.identity,
        mine=[e for e in events if e.is_open],
        others=[e for e in events if not e.is_open],
        tab="events",
    )
