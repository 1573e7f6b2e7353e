"""The procedures in words: steps, states, acts with their conditions, safeguards, time limits, law, and a picture."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from markupsafe import Markup

from sop_engine.records.diagram import picture_of, svg
from sop_engine.service.errors import NotFound
from sop_engine.service.proofs import show_proofs
from sop_engine.service.show_sop import list_sops, show_sop
from webui.access import say, service
from webui.language import chosen_language

pages = Blueprint("sops", __name__)


@pages.get("/procedures")
def index() -> str:
    """List every procedure in force."""
    return render_template(
        "sops.html", procedures=list_sops(service(), chosen_language()), digest=service().current.digest
    )


@pages.get("/procedures/proofs")
def proofs() -> str:
    """Show what was proved of the procedures in force; a story of a broken safeguard stands beside its picture."""
    report = show_proofs(service(), chosen_language())
    pictures = {
        one.id: Markup(svg(picture_of(service().current.machines[machine], here=one.ends_in, texts=say)))  # noqa: S704
        for machine, _title, safeguards in report.procedures
        for one in safeguards
        if one.story and one.ends_in
    }
    return render_template("proofs.html", report=report, pictures=pictures)


@pages.get("/procedures/<machine>")
def show(machine: str) -> str:
    """Show one procedure; ``here`` marks the state a case is in."""
    declared = service().current.machines.get(machine)
    if declared is None:
        raise NotFound
    here = request.args.get("here")
    here = here if here in declared.states else None
    sop = show_sop(service(), chosen_language(), machine, here=here)
    picture = Markup(svg(picture_of(declared, here=here, texts=say)))  # noqa: S704 - drawn and escaped by records
    return render_template("sop.html", sop=sop, picture=picture, here=here)
