"""A question that repeats what a proceeding was opened for stands answered on its page and offers nothing else."""

from __future__ import annotations

import re

from sop_engine.service.open_case import open_case
from sop_engine.service.show_step import show_step
from sop_engine.service.take_step import open_proceeding
from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor


def gbv_referral(stage: Stage) -> str:
    reader = stage.reader("registration_officer")
    case = open_case(stage.service, reader, machine="registration", form_token=stage.service.ids()).case_id
    open_proceeding(
        stage.service, reader, case, machine="referral", key="gbv", seq=None, form_token=stage.service.ids()
    )
    return case


def test_the_kind_of_a_packet_stands_answered(stage: Stage) -> None:
    case = gbv_referral(stage)

    page = show_step(
        stage.service, stage.reader("registration_officer"), case, proceeding="referral-gbv-1", step="packet"
    )

    assert page.values == {"referral_type": "gbv"}
    assert list(page.step.step.questions["referral_type"].choices) == ["gbv"]
    assert "reason_for_care" in page.shown
    assert "reason_for_asylum_and_law" not in page.shown


def test_no_other_kind_can_be_chosen_on_the_page(stage: Stage) -> None:
    case = gbv_referral(stage)
    officer = Visitor(stage.app()).sign_in(stage.usernames["registration_officer"])

    page = officer.follow(officer.get(f"/case/{case}/referral-gbv-1/step/packet"))

    offered = re.findall(r'<input[^>]*name="q-referral_type"[^>]*>', page.text)
    assert len(offered) == 1
    assert 'value="gbv"' in offered[0]
    assert "checked" in offered[0]
