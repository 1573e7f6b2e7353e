"""Scenarios for trainers: the list, one in full, and its guide and handouts on paper."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from sop_engine.service.errors import NotFound
from sop_engine.service.training.desk import pack_of
from sop_engine.service.training.pack_papers import guide_pdf, handouts_pdf
from webui.access import reader, whole_service
from webui.language import chosen_language
from webui.training_classes import LEVELS
from webui.training_debriefs import paper

pages = Blueprint("packs", __name__)
all_pages = (pages,)


@pages.get("/training/scenarios")
def index() -> str:
    """List every scenario by level."""
    _only_trainers()
    packs = [one.in_language(chosen_language()) for one in whole_service().library.packs.values()]
    return render_template(
        "training_packs.html", by_level=[(level, [one for one in packs if one.level == level]) for level in LEVELS]
    )


@pages.get("/training/scenario/<pack_name>")
def show(pack_name: str) -> str:
    """Show a scenario in full, hidden facts and all: to trainers only."""
    _only_trainers()
    return render_template("training_pack.html", pack=pack_of(whole_service(), pack_name, chosen_language()))


@pages.get("/training/scenario/<pack_name>/guide.pdf")
def guide(pack_name: str) -> Response:
    """Return the trainer's guide of a scenario on paper."""
    _only_trainers()
    made = guide_pdf(whole_service(), pack_name, language=chosen_language(), say=_)
    return paper(made, f"training-guide-{pack_name}.pdf")


@pages.get("/training/scenario/<pack_name>/handouts.pdf")
def handouts(pack_name: str) -> Response:
    """Return the handouts of a scenario on paper."""
    _only_trainers()
    made = handouts_pdf(whole_service(), pack_name, language=chosen_language(), say=_)
    return paper(made, f"training-handouts-{pack_name}.pdf")


def _only_trainers() -> None:
    if "trainer" not in reader().roles:
        raise NotFound
