"""The end of a class: every exercise that still runs is finished first, so that figures and debrief are kept."""

from __future__ import annotations

from sop_engine.service.service import Service
from sop_engine.service.training.grading import finish
from sop_engine.service.training.sessions import close_session, list_sessions, show_session
from sop_engine.service.views import Reader


def end_class(svc: Service, trainer: Reader, session_id: str) -> int:
    """Finish what runs in a class and close it. Returns how many exercises were finished by it. Raises NotFound."""
    list_sessions(svc, trainer)  # Only a trainer goes past this line.
    running = [one.id for one, _ in show_session(svc, session_id).attempts if one.status == "running"]
    for attempt_id in running:
        finish(svc, attempt_id)
    close_session(svc, trainer, session_id)
    return len(running)
