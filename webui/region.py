"""The region side by side: what each State says, how two sets differ, how ready a State is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from sop_engine.records.pdf import pdf
from sop_engine.service.compare import HARMONISED, compare, matrix, matrix_csv, region_set
from sop_engine.service.deviations import deviations_of_case
from sop_engine.service.local_decisions import LocalDecision, local_decisions_of_case
from sop_engine.service.print_sop import comparison_pdf, handbook_pdf, matrix_paper
from sop_engine.service.readiness import readiness
from webui.access import reader, say, service
from webui.security_headers import is_signed_in

pages = Blueprint("region", __name__)


@pages.app_context_processor
def what_cases_show() -> dict[str, Any]:
    """Give every page of a case the deviations of its country, and what its profile leaves open."""
    return {"national_deviations": _deviations, "local_decisions": _local_decisions}


def _deviations(case_id: str) -> tuple[str, ...]:
    return deviations_of_case(service(), reader(), case_id) if is_signed_in() else ()


def _local_decisions(case_id: str) -> tuple[LocalDecision, ...]:
    return local_decisions_of_case(service(), reader(), case_id) if is_signed_in() else ()


@pages.get("/region")
def index() -> str:
    """Show what every State says, one parameter after the other."""
    found = matrix(service().region)
    chosen = request.args.get("group", "")
    titles = [title for title, _ in found.groups]
    shown = chosen if chosen in titles else titles[0]
    rows = next(rows for title, rows in found.groups if title == shown)
    return render_template("region.html", matrix=found, titles=titles, shown=shown, rows=rows)


@pages.get("/region/matrix.csv")
def as_csv() -> Response:
    """Return the matrix as a table for a spreadsheet."""
    response = make_response(matrix_csv(matrix(service().region)))
    response.mimetype = "text/csv"
    response.headers.set("Content-Disposition", "attachment", filename="region.csv")
    return response


@pages.get("/region/matrix.pdf")
def as_pdf() -> Response:
    """Return the matrix on paper."""
    return _paper(pdf(matrix_paper(matrix(service().region), is_training=service().is_training)), "region.pdf")


@pages.get("/region/compare")
def comparison() -> str:
    """Show how the procedures of one State differ from those of another, or from the harmonised ones."""
    region = service().region
    this = request.args.get("this", region.states[0] if region.states else HARMONISED)
    that = request.args.get("that", HARMONISED)
    found = compare(region, this, that, say=say)
    states = matrix(region, ()).states
    return render_template("region_compare.html", found=found, states=states, harmonised=HARMONISED)


@pages.get("/region/compare.pdf")
def comparison_on_paper() -> Response:
    """Return the comparison of two sets on paper."""
    this, that = request.args.get("this", HARMONISED), request.args.get("that", HARMONISED)
    found = compare(service().region, this, that, say=say)
    return _paper(
        comparison_pdf(found, is_training=service().is_training),
        f"compare-{found.this.lower()}-{found.that.lower()}.pdf",
    )


@pages.get("/region/<state>")
def state(state: str) -> str:
    """Show the readiness of one State and what is to be done."""
    return render_template("region_state.html", found=readiness(region_set(service().region, state)))


@pages.get("/region/<state>/handbook.pdf")
def manual(state: str) -> Response:
    """Return the procedures of a State, or the harmonised ones, as a manual."""
    made = handbook_pdf(region_set(service().region, state), is_training=service().is_training)
    return _paper(made, f"handbook-{state.lower()}.pdf")


def _paper(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
