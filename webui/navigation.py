"""The main pages a reader is offered. Hiding a page here protects nothing: the service does that."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _

from sop_engine.service.accounts import TRAINING_ROLES
from sop_engine.service.proofs import is_proved
from webui.access import desk_here, reader, service
from webui.security_headers import is_signed_in

COMMITTEE = frozenset({"committee_chair", "committee_member", "committee_secretary"})
APPEALS = frozenset({"appeal_registrar", "appeal_member", "appeal_chair", "respondent_unit"})
LIBERTY = frozenset(
    {"reception_officer", "shelter_manager", "detention_authority", "independent_reviewer", "atd_case_manager"}
)
SUPERVISORS = frozenset({"screening_supervisor", "registration_supervisor", "case_supervisor"})


def install(app: Flask) -> None:
    """Put the main pages on every page."""

    @app.context_processor
    def main_pages() -> dict[str, Any]:
        if not is_signed_in():
            return {"who": None, "navigation": [], "may_open": False}
        section = _section(request.path, request.endpoint or "")
        not_proved = service().proofs.needed and not is_proved(service())
        return {
            "who": reader(),
            "navigation": main_navigation(section),
            "may_open": _may_open() and not not_proved,
            "not_proved": not_proved,
        }


def _section(path: str, endpoint: str) -> str:
    if path.startswith("/case/"):
        return "cases"
    return "training" if path.startswith("/training/") else endpoint.split(".")[0]


def main_navigation(section: str) -> list[dict[str, Any]]:
    """Return the main pages for this reader, with the one marked that the page belongs to."""
    if not is_signed_in():
        return []
    return [
        {"href": url_for(endpoint), "text": title, "active": endpoint.split(".")[0] == section}
        for endpoint, title, is_offered in _main_pages(reader().roles)
        if is_offered
    ]


def _main_pages(roles: frozenset[str]) -> list[tuple[str, str, bool]]:
    if roles & TRAINING_ROLES:
        # Who teaches, or learns and sits at no exercise now, has no office whose work could be listed.
        return [("training.index", _("Training"), True), ("sops.index", _("Procedures"), True)]
    return [
        ("training.index", _("Training"), desk_here() is not None),
        ("my_work.index", _("My work"), True),
        ("cases.index", _("Cases"), True),
        ("find.index", _("Find a person"), True),
        ("committee.index", _("Committee"), bool(roles & COMMITTEE)),
        ("appeals.index", _("Appeals"), bool(roles & APPEALS)),
        ("liberty.index", _("Liberty"), bool(roles & LIBERTY)),
        ("sops.index", _("Procedures"), True),
        ("region.index", _("Region"), "policy_officer" in roles),
        ("editions.index", _("Editions"), "policy_officer" in roles),
        ("quality.index", _("Quality"), "qa_lead" in roles),
        ("paper_files.choose", _("Paper files"), bool(roles & SUPERVISORS)),
        ("admin.index", _("Administration"), "administrator" in roles),
    ]


def _may_open() -> bool:
    machine = service().current.machines.get("screening")
    first = machine.states[machine.starts_in].steps if machine else ()
    return bool(machine and any(machine.steps[name].by & reader().roles for name in first))
