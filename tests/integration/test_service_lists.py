"""Lists: my work by the next legal deadline, a person by name, the docket; the sweep that lets time pass."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from sop_engine.definition.model import Definition
from sop_engine.engine.refusals import EndlessSteps
from sop_engine.service import sweep_deadlines
from sop_engine.service.drafts import save_draft
from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.find_case import Filters, docket, find_person, list_cases, my_work
from sop_engine.service.sweep_deadlines import sweep
from sop_engine.service.views import Reader
from sop_engine.store import tables as t
from tests.instruments.small_office import SmallOffice, assert_sound


def test_my_work_comes_by_the_next_deadline(office: SmallOffice) -> None:
    late = office.checking()
    office.clock.tick(hours=2)
    young = office.checking(age=12)
    idle = office.opens()

    work = my_work(office.svc, office["ana"])

    assert [item.case_id for item in work.due] == [young, late]
    assert [item.case_id for item in work.waiting_for_me] == [idle]
    assert work.total == 3
    assert work.due[0].due_title == "Check done"
    assert not work.due[0].is_overdue
    office.clock.tick(hours=5)
    assert my_work(office.svc, office["ana"]).due[0].is_overdue


def test_lists_show_initials_and_never_a_name(office: SmallOffice) -> None:
    office.checking()

    shown = repr(my_work(office.svc, office["ana"])) + repr(list_cases(office.svc, office["ana"]))

    assert "Z. Q." in shown
    assert "Zyx" not in shown


def test_what_waits_for_nobody_is_in_nobodys_work(office: SmallOffice) -> None:
    case_id = office.checking()
    office.takes("sue", case_id, "case.record_death")

    assert case_id not in [item.case_id for item in my_work(office.svc, office["cas"]).waiting_for_me]


def test_what_could_be_started_anew_waits_for_nobody(office: SmallOffice) -> None:
    case_id = office.opens()

    assert case_id not in [i.case_id for i in my_work(office.svc, office["cas"]).waiting_for_me]


def test_a_paused_deadline_is_not_the_next_one(office: SmallOffice) -> None:
    case_id = office.checking()
    office.takes("ana", case_id, "case.raise_doubt")
    office.clock.tick(hours=25)

    (item,) = my_work(office.svc, office["ana"]).due

    assert item.due_title == "Nobody waits for ever."
    assert not item.is_overdue


def test_duties_stand_in_the_work_of_their_role(office: SmallOffice) -> None:
    case_id = office.checking()
    office.clock.tick(hours=24)
    assert sweep(office.svc) == 1

    assert [duty.case_id for duty in my_work(office.svc, office["sue"]).duties] == [case_id]
    assert my_work(office.svc, office["cas"]).duties == ()
    assert my_work(office.svc, office["kim"]).duties == ()


def test_drafts_of_cases_out_of_reach_are_not_listed(office: SmallOffice) -> None:
    case_id = office.opens()
    save_draft(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival", answers={"pier": "west"})
    assert [d.case_id for d in my_work(office.svc, office["ana"]).drafts] == [case_id]

    moved = Reader(office["ana"].user, "Ana", office["ana"].roles, office["kim"].office)

    assert my_work(office.svc, moved).drafts == ()


def test_another_office_sees_nothing(office: SmallOffice) -> None:
    office.checking()

    assert list_cases(office.svc, office["kim"]).rows == ()
    assert find_person(office.svc, office["kim"], query="Zyx", purpose="Asked at the desk") == ()
    assert my_work(office.svc, office["kim"]).total == 0


def test_the_docket_is_what_is_listed_before_the_board(office: SmallOffice) -> None:
    listed, early = office.listed(), office.checking()

    assert [item.case_id for item in docket(office.svc, office["mia"])] == [listed]
    assert [item.case_id for item in docket(office.svc, office["cho"])] == [listed]
    assert docket(office.svc, office["ana"]) == ()
    assert early not in [row.case_id for row in list_cases(office.svc, office["mia"]).rows]


def test_a_list_is_narrowed(office: SmallOffice) -> None:
    checking, arrived = office.checking(), office.opens()
    narrowed = Filters(machine="intake", state="checking")

    assert [row.case_id for row in list_cases(office.svc, office["ana"], filters=narrowed).rows] == [checking]
    assert {row.case_id for row in list_cases(office.svc, office["ana"]).rows} == {checking, arrived}


def test_a_person_is_found_by_name_and_by_number(office: SmallOffice) -> None:
    case_id = office.checking(full_name={"name": "José  O'Brien-Ñandú"})
    number = office.case(case_id).number

    for query in ("jose brien", "NANDU", "O’Brien Jose", number, number.lower()):
        found = find_person(office.svc, office["ana"], query=query, purpose="Asked at the desk")
        assert [row.case_id for row in found] == [case_id], query


def test_every_search_is_on_record_with_its_purpose(office: SmallOffice) -> None:
    find_person(office.svc, office["ana"], query="Nobody", purpose="Asked at the desk")

    with office.svc.store.reading() as conn:
        (row,) = conn.execute(select(t.access_log)).all()
    assert (row.account, row.what, row.purpose) == (office["ana"].user, "search", "Asked at the desk")


def test_a_search_needs_a_query_and_a_purpose(office: SmallOffice) -> None:
    for query, purpose, wrong in (("", "Asked at the desk", "query"), ("Zyx", " x ", "purpose")):
        with pytest.raises(InvalidAnswers) as refused:
            find_person(office.svc, office["ana"], query=query, purpose=purpose)
        assert set(refused.value.problems) == {wrong}


def test_who_may_not_read_names_does_not_search_by_them(office: SmallOffice) -> None:
    case_id = office.listed()

    assert find_person(office.svc, office["mia"], query="Zyx", purpose="Asked at the desk") == ()
    by_number = find_person(office.svc, office["mia"], query=office.case(case_id).number, purpose="The docket")
    assert [row.case_id for row in by_number] == [case_id]


def test_a_sweep_lets_what_fell_due_happen_once(office: SmallOffice) -> None:
    cases = [office.checking() for _ in range(3)]
    office.clock.tick(hours=24)

    assert sweep(office.svc) == 3
    assert sweep(office.svc) == 0

    for case_id in cases:
        assert [d.role for d in office.case(case_id).duties] == ["desk_supervisor"]
        assert_sound(office, case_id)


def test_sweeps_at_once_happen_once(office: SmallOffice) -> None:
    case_id = office.checking()
    office.clock.tick(hours=24)

    with ThreadPoolExecutor(4) as pool:
        swept = [pool.submit(sweep, office.svc) for _ in range(4)]
        assert sum(one.result() for one in swept) == 1

    assert len(office.case(case_id).duties) == 1
    assert_sound(office, case_id)


def test_a_sweep_a_minute_early_does_nothing(office: SmallOffice) -> None:
    office.checking()
    office.clock.tick(hours=23, minutes=59)

    assert sweep(office.svc) == 0


def test_a_sweep_wakes_each_level_of_escalation(office: SmallOffice) -> None:
    case_id = office.checking()
    for _ in range(4):
        office.clock.tick(hours=24)
        sweep(office.svc)

    assert {d.role for d in office.case(case_id).duties} == {"desk_supervisor", "case_supervisor"}
    assert sweep(office.svc) == 0


def test_one_case_that_cannot_go_on_holds_up_no_other(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = office.checking(), office.checking()
    office.clock.tick(hours=24)
    real = sweep_deadlines.apply

    def apply(definition: Definition, case: object, event: object) -> object:
        if getattr(case, "id", "") == broken:
            raise EndlessSteps("Zyx Qwerty")
        return real(definition, case, event)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep_deadlines, "apply", apply)
    with caplog.at_level(logging.ERROR):
        assert sweep(office.svc) == 1

    assert office.case(sound).duties
    assert not office.case(broken).duties
    assert broken in caplog.text
    assert "Zyx" not in caplog.text
