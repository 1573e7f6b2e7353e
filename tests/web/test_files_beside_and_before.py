"""Files of one family beside each other, a case as it stood before, a paper issued again, a name in Latin letters."""

from __future__ import annotations

import re

from sop_engine.service import accounts
from sop_engine.service.issue_paper import case_record_pdf
from sop_engine.service.open_case import open_case
from sop_engine.service.show_case import show_case
from sop_engine.service.take_step import answer_step, take_transition
from tests.instruments.stage import Stage
from tests.instruments.visitor import Visitor
from tests.unit.records.reading import text_of

FAMILY = "/case/{}/family"


def visit(stage: Stage, role: str = "frontline_officer") -> Visitor:
    return Visitor(stage.app()).sign_in(stage.usernames[role])


def number_of(stage: Stage, case: str) -> str:
    return show_case(stage.service, stage.reader("frontline_officer"), case).identity.number


def test_two_files_are_joined_by_number_and_each_names_the_other(stage: Stage) -> None:
    officer, (one, other) = visit(stage), stage.cases[:2]

    page = officer.get(f"/case/{one}").text
    joined = officer.send(FAMILY.format(one), {"other_number": number_of(stage, other).lower()})

    assert FAMILY.format(one) in page
    assert joined.status_code == 303
    assert number_of(stage, other) in officer.get(FAMILY.format(one)).text
    assert number_of(stage, one) in officer.get(FAMILY.format(other)).text


def test_a_file_that_the_reader_cannot_open_is_no_file(stage: Stage) -> None:
    officer, case = visit(stage), stage.cases[0]
    outsider = accounts.account_by_username(stage.service, stage.usernames["elsewhere"])
    assert outsider is not None
    reader = accounts.reader_of(outsider, stage.other_office)
    foreign = show_case(stage.service, reader, stage.foreign_case).identity.number

    answers = [officer.send(FAMILY.format(case), {"other_number": n}) for n in (foreign, "DEM-2026-99999-0", "")]

    assert {answer.status_code for answer in answers} == {422}
    assert all("Enter the number of another case that you can open." in answer.text for answer in answers)


def test_the_past_is_shown_as_it_stood_and_nothing_can_be_done_there(stage: Stage) -> None:
    officer, case = visit(stage), stage.cases[3]
    now = show_case(stage.service, stage.reader("frontline_officer"), case)
    first = show_case(stage.service, stage.reader("frontline_officer"), case, at_seq=2)
    last = show_case(stage.service, stage.reader("frontline_officer"), case, at_seq=now.seq)

    page = officer.get(f"/case/{case}/at/2")

    assert first.seq == 2
    assert len(first.timeline) <= 2
    assert not any(p.actions for p in last.proceedings)
    assert not last.case_events
    assert not last.openable
    assert [p.state for p in last.proceedings] == [p.state for p in now.proceedings]
    assert "Nothing can be done here" in page.text
    assert f"/case/{case}/record.pdf?at=2" in page.text
    assert officer.get(f"/case/{case}/record.pdf?at=2").data[:5] == b"%PDF-"
    assert officer.get(f"/case/{case}/at/0").status_code == 404
    assert officer.get(f"/case/{case}/at/{now.seq + 1}").status_code == 404
    assert f"/case/{case}/at/" in officer.get(f"/case/{case}/timeline").text


def test_a_paper_is_issued_again_with_a_button(stage: Stage) -> None:
    case = stage.played["M01 The radio presenter"]
    officer = visit(stage, "registration_officer")
    before = show_case(stage.service, stage.reader("registration_officer"), case).documents

    page = officer.get(f"/case/{case}/documents").text
    wanted = rf'"(/case/{case}/documents/registration-1/again)".*?name="document" value="([^"]+)"'
    form = re.search(wanted, page, re.DOTALL)
    assert form is not None
    answer = officer.send(f"/case/{case}/documents", {"document": form[2]}, to=form[1])
    after = show_case(stage.service, stage.reader("registration_officer"), case).documents

    assert answer.status_code == 303
    assert len(after) == len(before) + 1
    assert [d.may_issue for d in after if d.name == form[2]].count(True) == 1


def test_a_role_that_issues_nothing_is_offered_no_button(stage: Stage) -> None:
    case = stage.played["M01 The radio presenter"]

    assert "/again" not in visit(stage, "appeal_registrar").get(f"/case/{case}/documents").text


def test_a_name_that_no_font_draws_is_printed_as_the_person_spells_it(stage: Stage) -> None:
    svc, officer = stage.service, stage.reader("registration_officer")
    case = open_case(svc, officer, machine="registration", form_token=svc.ids()).case_id
    take_transition(
        svc, officer, case, proceeding="registration-1", transition="walk_in", seq=None, form_token=svc.ids()
    )
    answer_step(
        svc, officer, case, proceeding="registration-1", step="identity", seq=None, form_token=svc.ids(),
        answers={
            "names_as_in_document": "李小龙", "name_in_latin_letters": "Li Xiaolong Ficticio", "sex": "male",
            "dob": "1990", "dob_precision": "year", "place_of_birth": "A village", "nationalities": ["CHN"],
            "nationality_unclear": "no", "marital_status": "single", "education": "secondary",
            "occupation": "Printer", "military_or_armed_group_service": "none",
        },
    )  # fmt: skip

    assert "Li Xiaolong Ficticio (original script on file)" in text_of(case_record_pdf(svc, officer, case))
