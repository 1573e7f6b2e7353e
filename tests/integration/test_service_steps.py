"""One step, one transaction: opening files, answering, taking transitions, correcting, taking back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from sop_engine.service import take_step
from sop_engine.service.errors import InvalidAnswers, NotFound, NotOffered, OtherPayload, Stale
from sop_engine.service.open_case import open_boat, open_case
from sop_engine.store import cases
from sop_engine.store import tables as t
from tests.instruments.small_case import ARRIVAL, FINDING
from tests.instruments.small_office import SmallOffice, assert_sound

SAME = {"full_name": {"name": "unnamed"}, "age": "unknown", "pier": "west", "landed_on": "2026-03-02"}


def count_cases(office: SmallOffice) -> int:
    with office.svc.store.reading() as conn:
        return int(conn.execute(select(func.count()).select_from(t.case_file)).scalar_one())


def test_a_file_is_opened_with_a_number_that_can_be_read_out(office: SmallOffice) -> None:
    outcome = open_case(office.svc, office["ana"], machine="intake", form_token="a")

    case = office.case(outcome.case_id)
    assert case.number.startswith("NOR-2026-00001-")
    assert case.newest("intake") is not None
    assert_sound(office, outcome.case_id)


def test_who_may_not_begin_a_procedure_opens_no_file(office: SmallOffice) -> None:
    with pytest.raises(NotOffered):
        open_case(office.svc, office["cho"], machine="intake", form_token="a")
    with pytest.raises(NotFound):
        open_case(office.svc, office["ana"], machine="nonsense", form_token="b")
    with pytest.raises(NotOffered):
        open_case(office.svc, office["ana"], machine="departure", form_token="c")

    assert count_cases(office) == 0
    assert office.case(office.opens()).number.startswith("NOR-2026-00001-")


def test_a_boat_of_sixty_is_sixty_files_or_none(office: SmallOffice) -> None:
    opened = open_boat(
        office.svc, office["ana"], count=60, step="arrival", answers=SAME, form_token="boat", machine="intake"
    )

    assert len({one.case_id for one in opened}) == 60
    assert len({office.case(one.case_id).number for one in opened}) == 60
    assert_sound(office, opened[59].case_id)

    again = open_boat(
        office.svc, office["ana"], count=60, step="arrival", answers=SAME, form_token="boat", machine="intake"
    )
    assert [one.case_id for one in again] == [one.case_id for one in opened]
    assert all(one.repeated for one in again)
    assert count_cases(office) == 60


def test_a_boat_with_a_wrong_answer_opens_nothing(office: SmallOffice) -> None:
    with pytest.raises(InvalidAnswers):
        open_boat(office.svc, office["ana"], count=3, step="arrival", answers={}, form_token="x", machine="intake")
    for count in (0, -1, 501):
        with pytest.raises(InvalidAnswers):
            open_boat(
                office.svc, office["ana"], count=count, step="arrival", answers=SAME, form_token="y", machine="intake"
            )

    assert count_cases(office) == 0


def test_a_step_is_kept_and_the_lists_follow(office: SmallOffice) -> None:
    case_id = office.arrived()

    assert office.case(case_id).newest("intake").answer("arrival", "pier") == "west"  # type: ignore[union-attr]
    assert_sound(office, case_id)


def test_a_transition_leads_on(office: SmallOffice) -> None:
    case_id = office.arrived()

    outcome = office.takes("ana", case_id, "intake.begin")

    assert office.case(case_id).newest("intake").state == "checking"  # type: ignore[union-attr]
    assert outcome.seq == office.case(case_id).seq
    assert_sound(office, case_id)


def test_what_is_refused_leaves_nothing_and_its_form_can_be_sent_again(office: SmallOffice) -> None:
    case_id = office.opens()
    before = office.case(case_id).seq
    with pytest.raises(NotOffered):
        office.takes("ana", case_id, "intake.begin", form_token="again")
    with pytest.raises(InvalidAnswers):
        office.answers("ana", case_id, "intake.arrival", {}, form_token="other")
    assert office.case(case_id).seq == before

    office.answers("ana", case_id, "intake.arrival", ARRIVAL, form_token="other")
    office.takes("ana", case_id, "intake.begin", form_token="again")


def test_a_form_sent_twice_acts_once(office: SmallOffice) -> None:
    case_id = office.arrived()
    first = office.takes("ana", case_id, "intake.begin", form_token="twice")

    second = office.takes("ana", case_id, "intake.begin", form_token="twice")

    assert second.repeated
    assert second.seq == first.seq == office.case(case_id).seq


def test_a_form_sent_twice_at_once_acts_once(office: SmallOffice) -> None:
    case_id = office.arrived()

    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(office.takes, "ana", case_id, "intake.begin", form_token="same") for _ in range(6)]
        outcomes = [one.result() for one in sent]

    assert sorted(one.repeated for one in outcomes) == [False] + [True] * 5
    assert len({one.seq for one in outcomes}) == 1
    assert_sound(office, case_id)


def test_a_token_stands_for_one_act_of_one_person_on_one_case(office: SmallOffice) -> None:
    case_id, other = office.arrived(), office.arrived()
    office.takes("ana", case_id, "intake.begin", form_token="token")

    with pytest.raises(OtherPayload):
        office.takes("bea", case_id, "intake.begin", form_token="token")
    with pytest.raises(OtherPayload):
        office.takes("ana", case_id, "case.raise_doubt", form_token="token")
    with pytest.raises(OtherPayload):
        office.takes("ana", other, "intake.begin", form_token="token")

    assert office.case(other).newest("intake").state == "arrived"  # type: ignore[union-attr]


def test_the_second_of_two_officers_is_told_what_changed(office: SmallOffice) -> None:
    case_id = office.arrived()
    seen = office.case(case_id).seq
    office.takes("ana", case_id, "intake.begin", seq=seen)

    with pytest.raises(Stale) as stale:
        office.takes("bea", case_id, "intake.begin", seq=seen)

    assert [entry.by for entry in stale.value.changed if entry.kind == "TransitionTaken"] == ["Ana Inventada"]
    with pytest.raises(Stale):
        office.answers("bea", case_id, "intake.check", {"afraid": "no"}, seq=seen)
    with pytest.raises(Stale):
        office.answers("bea", case_id, "intake.check", {"afraid": "no"}, seq=999)


def test_ones_own_steps_and_the_clock_make_no_page_stale(office: SmallOffice) -> None:
    case_id = office.checking()
    seen = office.case(case_id).seq
    office.answers("ana", case_id, "intake.check", {"afraid": "unsure"}, seq=seen)
    office.clock.tick(hours=30)

    office.answers("ana", case_id, "intake.check", {"afraid": "no"}, seq=seen)

    assert office.case(case_id).newest("intake").answer("check", "afraid") == "no"  # type: ignore[union-attr]


def test_a_fact_is_recorded_whatever_happened_meanwhile(office: SmallOffice) -> None:
    case_id = office.arrived()
    seen = office.case(case_id).seq
    office.takes("bea", case_id, "intake.begin")

    office.takes("ana", case_id, "case.signal_danger", {"words": "They wait for me"}, seq=seen)

    assert "danger_known" in office.case(case_id).shared


def test_two_officers_at_once_lose_nothing(office: SmallOffice) -> None:
    case_id = office.arrived()

    with ThreadPoolExecutor(8) as pool:
        sent = [
            pool.submit(office.takes, who, case_id, "case.signal_danger", {"words": f"Words {n}"}, form_token=f"f{n}")
            for n, who in enumerate(["ana", "bea", "sue", "sam"] * 3)
        ]
        for one in sent:
            one.result()

    taken = [name for _, name in office.case(case_id).taken]
    assert taken.count("case.signal_danger") == 12
    assert_sound(office, case_id)


def test_another_office_has_no_such_case(office: SmallOffice) -> None:
    case_id = office.arrived()

    for wrong in (case_id, "no-such-case"):
        with pytest.raises(NotFound) as told:
            office.takes("kim", wrong, "case.raise_doubt", proceeding="case-1")
        assert str(told.value) == str(NotFound())
    with pytest.raises(NotFound):
        office.takes("tom", case_id, "case.raise_doubt", proceeding="case-1")


def test_a_correction_stands_beside_the_original(office: SmallOffice) -> None:
    case_id = office.checking()

    take_step.correct_answer(
        office.svc, office["bea"], case_id, proceeding="intake-1", step="arrival", question="pier", answer="east",
        reason="It was the other side", seq=None, form_token="c",
    )  # fmt: skip

    assert office.case(case_id).newest("intake").answer("arrival", "pier") == "east"  # type: ignore[union-attr]
    assert_sound(office, case_id)


def test_a_click_is_taken_back_by_another_officer(office: SmallOffice) -> None:
    case_id = office.checking()
    with pytest.raises(NotOffered):
        take_step.rectify(
            office.svc, office["ana"], case_id, proceeding="intake-1", reason="Too soon", seq=None, form_token="r"
        )

    take_step.rectify(
        office.svc, office["bea"], case_id, proceeding="intake-1", reason="Too soon", seq=None, form_token="s"
    )

    assert office.case(case_id).newest("intake").state == "arrived"  # type: ignore[union-attr]
    assert_sound(office, case_id)


def test_a_procedure_is_opened_by_hand_and_by_an_act(office: SmallOffice) -> None:
    case_id = office.arrived()
    opened = take_step.open_proceeding(
        office.svc, office["bea"], case_id, machine="claim", key=None, seq=None, form_token="o"
    )
    assert opened.opened == ("claim-1",)

    started = office.takes(
        "bea", case_id, "departure.ask", {"reason": "Home", "willing": "yes"}, proceeding="new departure"
    )

    assert started.opened == ("departure-1",)
    assert_sound(office, case_id)


def test_a_paper_is_issued_again_and_a_duty_struck(office: SmallOffice) -> None:
    case_id = office.listed()
    take_step.issue_again(
        office.svc, office["bea"], case_id, proceeding="intake-1", document="intake.slip", seq=None, form_token="i"
    )
    assert len(office.case(case_id).documents) == 2

    late = office.checking()
    office.clock.tick(hours=24)
    office.takes("sue", late, "case.raise_doubt")
    duty = office.case(late).duties[0].name
    take_step.finish_duty(office.svc, office["sue"], late, duty=duty, seq=None, form_token="d")

    assert office.case(late).duties[0].done
    assert_sound(office, case_id)
    assert_sound(office, late)


def test_a_text_that_cannot_be_kept_is_told_and_not_a_crash(office: SmallOffice) -> None:
    case_id = office.arrived()

    with pytest.raises(InvalidAnswers):
        office.takes("ana", case_id, "case.signal_danger", {"words": "a\ud800b"})


def test_the_memory_of_a_service_never_differs_from_the_log(office: SmallOffice) -> None:
    case_id = office.checking()
    with pytest.raises(NotOffered):
        office.takes("ana", case_id, "intake.propose")
    office.answers("ana", case_id, "intake.check", {"afraid": "no"})
    office.takes("ana", case_id, "intake.propose")
    office.takes("sue", case_id, "intake.confirm_ordinary", FINDING)

    with office.svc.store.reading() as conn:
        head = cases.find_head(conn, case_id)
        assert head is not None
        assert office.svc.load(conn, head) == office.case(case_id)
