"""The board's acts, files that ran on paper, families, and cases of an earlier edition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sop_engine.service import committee
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered
from sop_engine.service.family import join_family
from sop_engine.service.import_paper_file import import_paper_file
from sop_engine.service.service import Service
from sop_engine.service.show_case import show_case
from tests.instruments.small_office import SmallOffice, assert_sound
from tests.instruments.small_set import small_set_with


def test_a_board_grants(office: SmallOffice) -> None:
    case_id = office.session()
    for name in ("cho", "mia", "max"):
        office.votes(name, case_id, danger="yes")

    office.takes("cho", case_id, "claim.grant")

    case = office.case(case_id)
    assert case.newest("claim").state == "granted"  # type: ignore[union-attr]
    assert [d.name for d in case.documents] == ["intake.slip", "claim.letter"]
    assert_sound(office, case_id)


def test_who_heard_the_person_does_not_sit(office: SmallOffice) -> None:
    case_id = office.listed()
    bea = replace(office["bea"], roles=frozenset({"member"}))
    office.people["bea_as_member"] = bea

    with pytest.raises(NotOffered):
        office.sits("bea_as_member", case_id)


def test_who_steps_back_is_out(office: SmallOffice) -> None:
    case_id = office.session()

    committee.recuse(
        office.svc, office["mia"], case_id, proceeding="claim-1", panel="board", ground="A cousin", form_token="r"
    )

    with pytest.raises(NotOffered):
        office.votes("mia", case_id, danger="yes")
    page = show_case(office.svc, office["cho"], case_id)
    panel = next(p.panel for p in page.proceedings if p.machine == "claim")
    assert panel is not None
    assert not panel.quorum_met
    assert_sound(office, case_id)


def test_the_room_shows_what_stands(office: SmallOffice) -> None:
    case_id = office.session()
    office.votes("mia", case_id, danger="yes")

    page = show_case(office.svc, office["mia"], case_id)

    panel = next(p.panel for p in page.proceedings if p.machine == "claim")
    assert panel is not None
    assert panel.my_votes == {"danger": "yes"}
    assert panel.quorum_met
    assert [(q[0], q[2], q[3], q[4]) for q in panel.questions] == [("danger", "open", 1, 0)]


def test_a_paper_file_is_entered_on_a_case_of_its_own(office: SmallOffice) -> None:
    outcome = import_paper_file(
        office.svc, office["sue"], machine="claim", state="listed", key=None, reason="Box 7, page 3", form_token="p"
    )

    case = office.case(outcome.case_id)
    assert case.from_paper
    assert case.newest("claim").state == "listed"  # type: ignore[union-attr]
    again = import_paper_file(
        office.svc, office["sue"], machine="claim", state="listed", key=None, reason="Box 7, page 3", form_token="p"
    )
    assert (again.case_id, again.repeated) == (outcome.case_id, True)
    assert_sound(office, outcome.case_id)


def test_a_paper_file_is_entered_on_a_case_that_is_here(office: SmallOffice) -> None:
    case_id = office.arrived()

    import_paper_file(
        office.svc, office["sue"], machine="help", state="given", key="doctor", reason="Box 7", form_token="p",
        case_id=case_id,
    )  # fmt: skip

    assert office.case(case_id).newest("help", "doctor").state == "given"  # type: ignore[union-attr]
    assert_sound(office, case_id)


def test_a_paper_file_needs_a_supervisor_and_a_reason_and_leaves_no_number_behind(office: SmallOffice) -> None:
    with pytest.raises(NotOffered):
        import_paper_file(
            office.svc, office["ana"], machine="claim", state="listed", key=None, reason="Box 7", form_token="a"
        )
    with pytest.raises(InvalidAnswers):
        import_paper_file(
            office.svc, office["sue"], machine="claim", state="listed", key=None, reason=" ", form_token="b"
        )
    with pytest.raises(NotOffered):
        import_paper_file(
            office.svc, office["sue"], machine="claim", state="nowhere", key=None, reason="Box 7", form_token="c"
        )

    assert office.case(office.opens()).number.startswith("NOR-2026-00001-")


def test_two_cases_become_a_family(office: SmallOffice) -> None:
    mother, child = office.arrived(), office.arrived(age=3)

    join_family(office.svc, office["ana"], mother, other_number=office.case(child).number, form_token="f")

    assert office.case(mother).family == office.case(child).family is not None
    assert [case_id for case_id, _ in show_case(office.svc, office["ana"], mother).family] == [child]
    again = join_family(office.svc, office["ana"], mother, other_number=office.case(child).number, form_token="f")
    assert again.repeated
    for case_id in (mother, child):
        assert_sound(office, case_id)


def test_a_family_is_made_of_cases_that_one_can_open(office: SmallOffice) -> None:
    here = office.arrived()
    there = office.opens("kim")

    for number in (office.case(there).number, "NOR-2026-99999-1", office.case(here).number):
        with pytest.raises(InvalidAnswers):
            join_family(office.svc, office["ana"], here, other_number=number, form_token=office.token())
    with pytest.raises(NotFound):
        join_family(office.svc, office["kim"], here, other_number=office.case(there).number, form_token="k")


def test_a_case_goes_on_under_the_edition_it_was_opened_under(office: SmallOffice) -> None:
    case_id = office.arrived()
    newer = small_set_with(
        "harmonised/intake/procedure.yaml", "begin: {from: arrived, to: checking, by: [clerk], when: placed,",
        "begin: {from: arrived, to: checking, by: [helper], when: placed,",
    )  # fmt: skip
    office.svc = Service(
        store=office.svc.store, current=newer, clock=office.clock, ids=lambda: "f" * 32, texts=lambda _: str
    )
    adopt_current(office.svc)

    office.takes("ana", case_id, "intake.begin")

    assert office.case(case_id).newest("intake").state == "checking"  # type: ignore[union-attr]
    assert office.case(case_id).set_digest != newer.digest
    fresh = office.opens()
    assert office.case(fresh).set_digest == newer.digest
    assert show_case(office.svc, office["ana"], case_id).proceedings
