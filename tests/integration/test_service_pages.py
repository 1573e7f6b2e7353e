"""What a page is given: for every role, filtered to what it may see, and the same whether or not the thing exists."""

from __future__ import annotations

import pytest

from sop_engine.service.drafts import discard_draft, save_draft
from sop_engine.service.errors import NotFound
from sop_engine.service.show_case import show_case
from sop_engine.service.show_sop import list_sops, show_sop
from sop_engine.service.show_step import show_action, show_step
from sop_engine.service.views import Reader
from tests.instruments.small_case import ARRIVAL, FINDING
from tests.instruments.small_office import PEOPLE, SmallOffice, assert_sound


@pytest.mark.parametrize("stretch", ["arrived", "checking", "listed", "session"])
def test_every_role_gets_its_pages_without_an_error(office: SmallOffice, stretch: str) -> None:
    case_id = getattr(office, stretch)()
    office.clock.tick(hours=30)
    seen = 0

    for name in PEOPLE:
        reader = office[name]
        try:
            page = show_case(office.svc, reader, case_id)
        except NotFound:
            assert name in ("hal", "cho", "mia", "max", "tom")
            continue
        seen += 1
        for place in page.proceedings:
            for step in place.steps:
                show_step(office.svc, reader, case_id, proceeding=place.id, step=step.step.name)
            for action in place.actions:
                show_action(office.svc, reader, case_id, proceeding=place.id, transition=action.transition)
        for action in page.case_events:
            show_action(office.svc, reader, case_id, proceeding=action.proceeding, transition=action.transition)
        for where, act, _title in page.openable:
            if where.startswith("new "):
                show_action(office.svc, reader, case_id, proceeding=where, transition=str(act))
    assert seen >= 5
    assert_sound(office, case_id)


def test_members_of_the_board_open_a_case_when_it_is_listed(office: SmallOffice) -> None:
    early, listed = office.checking(), office.listed()

    for name in ("cho", "mia"):
        with pytest.raises(NotFound):
            show_case(office.svc, office[name], early)
        assert show_case(office.svc, office[name], listed).identity.number


def test_who_can_start_a_procedure_anew_can_open_the_case(office: SmallOffice) -> None:
    case_id = office.checking()
    office.takes("ana", case_id, "case.signal_danger", {"words": "Hurt", "grave": "yes"})

    assert show_case(office.svc, office["hal"], case_id).openable


def test_another_office_and_nowhere_look_the_same(office: SmallOffice) -> None:
    case_id = office.arrived()

    for wrong in (case_id, "0" * 32):
        with pytest.raises(NotFound):
            show_case(office.svc, office["kim"], wrong)
        with pytest.raises(NotFound):
            show_step(office.svc, office["kim"], wrong, proceeding="intake-1", step="arrival")
        with pytest.raises(NotFound):
            show_action(office.svc, office["kim"], wrong, proceeding="intake-1", transition="begin")


def test_parts_of_a_case_that_do_not_exist_are_not_found(office: SmallOffice) -> None:
    case_id, ana = office.arrived(), office["ana"]

    for proceeding, step in (("intake-9", "arrival"), ("intake-1", "nonsense"), ("new nonsense", "x"), ("new ", "x")):
        with pytest.raises(NotFound):
            show_step(office.svc, ana, case_id, proceeding=proceeding, step=step)
        with pytest.raises(NotFound):
            show_action(office.svc, ana, case_id, proceeding=proceeding, transition=step)


def test_answers_of_a_class_that_is_not_held_are_hidden(office: SmallOffice) -> None:
    case_id = office.listed()

    def words_of(name: str, machine: str) -> str:
        page = show_case(office.svc, office[name], case_id)
        place = next(p for p in page.proceedings if p.machine == machine)
        return " ".join(answer.text for step in place.steps for answer in step.answers)

    assert "Zyx" in words_of("ana", "intake")
    assert "Zyx" not in words_of("mia", "intake")
    assert "A storm" in words_of("mia", "claim")


def test_the_bar_names_a_person_only_to_who_may_know_names(office: SmallOffice) -> None:
    case_id = office.listed()

    assert show_case(office.svc, office["ana"], case_id).identity.name == "Zyx Qwerty"
    assert show_case(office.svc, office["mia"], case_id).identity.name == "Z. Q."


def test_flags_stand_on_every_page(office: SmallOffice) -> None:
    case_id = office.listed()

    assert ("Danger is on record.", "alarm") in show_case(office.svc, office["ana"], case_id).identity.flags


def test_what_is_shown_open_is_accepted(office: SmallOffice) -> None:
    case_id = office.checking()
    office.clock.tick(hours=30)

    page = show_case(office.svc, office["ana"], case_id)

    place = page.proceedings[0]
    shown = {action.transition: action.is_open for action in place.actions}
    assert shown == {"propose": False, "refer": False}
    assert [d.status for d in page.deadlines if d.name == "intake.check_done"] == ["expired"]
    closed = next(action for action in place.actions if action.transition == "propose")
    assert closed.reasons[0].cure_step == ("intake-1", "check")


def test_looking_writes_nothing(office: SmallOffice) -> None:
    case_id = office.checking()
    office.clock.tick(days=9)
    before = office.case(case_id)

    show_case(office.svc, office["ana"], case_id)

    assert office.case(case_id) == before


def test_a_step_is_prefilled_with_what_is_on_file_and_what_was_before(office: SmallOffice) -> None:
    case_id = office.checking()
    office.answers("ana", case_id, "intake.check", {"afraid": "no"})
    on_file = show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="check")
    assert (on_file.values, on_file.prefilled_from_round) == ({"afraid": "no"}, None)
    office.takes("ana", case_id, "intake.propose")
    office.takes("sue", case_id, "intake.send_back")

    anew = show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="check")

    assert (anew.values, anew.prefilled_from_round) == ({"afraid": "no"}, 1)
    assert anew.step.answers == ()
    assert anew.step.status == "not_started"


def test_what_is_typed_decides_what_else_is_asked(office: SmallOffice) -> None:
    case_id = office.opens()

    west = show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival", typed={"pier": "west"})
    east = show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival", typed={"pier": "east"})

    assert "boat" not in west.shown
    assert "boat" in east.shown


def test_an_act_shows_the_questions_it_asks(office: SmallOffice) -> None:
    case_id = office.checking()
    office.answers("ana", case_id, "intake.check", {"afraid": "no"})
    office.takes("ana", case_id, "intake.propose")

    _, action, asked, seq = show_action(
        office.svc, office["sue"], case_id, proceeding="intake-1", transition="confirm_ordinary"
    )

    assert action.is_adverse
    assert asked is not None
    assert asked.shown == ("reasons", "agreed")
    assert seq == office.case(case_id).seq
    office.takes("sue", case_id, "intake.confirm_ordinary", FINDING, seq=seq)


def test_an_act_that_would_start_a_procedure_is_shown(office: SmallOffice) -> None:
    case_id = office.opens()

    _, action, asked, _ = show_action(office.svc, office["bea"], case_id, proceeding="new departure", transition="ask")

    assert action.is_open
    assert asked is not None
    assert "willing" in asked.shown


def test_a_draft_is_its_owners_alone(office: SmallOffice) -> None:
    case_id = office.opens()
    typed = {"pier": "east", "boat": "Esperanza"}
    save_draft(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival", answers=typed)

    mine = show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival")
    theirs = show_step(office.svc, office["bea"], case_id, proceeding="intake-1", step="arrival")

    assert (mine.values, mine.is_draft) == (typed, True)
    assert (theirs.values, theirs.is_draft) == ({}, False)
    assert show_case(office.svc, office["ana"], case_id).proceedings[0].status == "incomplete"


def test_a_draft_ends_when_it_is_sent_or_thrown_away(office: SmallOffice) -> None:
    case_id = office.opens()
    for _ in range(2):
        save_draft(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival", answers={"pier": "west"})
    office.answers("ana", case_id, "intake.arrival", ARRIVAL)
    assert not show_step(office.svc, office["ana"], case_id, proceeding="intake-1", step="arrival").is_draft

    save_draft(office.svc, office["ana"], case_id, proceeding="intake-1", step="do begin", answers={})
    discard_draft(office.svc, office["ana"], case_id, proceeding="intake-1", step="do begin")

    assert show_case(office.svc, office["ana"], case_id).proceedings[0].status != "incomplete"


def test_a_draft_belongs_to_a_case_and_a_step_that_exist(office: SmallOffice) -> None:
    case_id = office.opens()

    for reader, proceeding, step in (
        ("kim", "intake-1", "arrival"),
        ("ana", "intake-9", "arrival"),
        ("ana", "intake-1", "nonsense"),
        ("ana", "new nonsense", "x"),
    ):
        with pytest.raises(NotFound):
            save_draft(office.svc, office[reader], case_id, proceeding=proceeding, step=step, answers={"x": "y"})
    save_draft(office.svc, office["ana"], case_id, proceeding="new departure", step="do ask", answers={"reason": "x"})


def test_the_names_of_voters_are_for_who_holds_the_restricted_class(office: SmallOffice) -> None:
    case_id = office.session()
    office.votes("mia", case_id, danger="no", reasons="I doubt it")

    def panel(name: str) -> str:
        page = show_case(office.svc, office[name], case_id)
        found = next(p.panel for p in page.proceedings if p.machine == "claim")
        told = [e for e in page.timeline if e.kind in ("VoteCast", "SeatTaken")]
        return f"{found} {told} {page.people}"

    assert "Mia Inventada" in panel("cho")
    assert "Mia Inventada" not in panel("max").replace("Max Inventada", "")
    assert "I doubt it" not in panel("sue")
    assert "Mia Inventada" not in panel("sue")


def test_a_procedure_is_shown_in_words(office: SmallOffice) -> None:
    for machine, _title, _purpose in list_sops(office.svc, "en"):
        view = show_sop(office.svc, "en", machine)
        assert view.states
        assert view.transitions
    with pytest.raises(NotFound):
        show_sop(office.svc, "en", "nonsense")


def test_a_reader_without_a_role_finds_nothing(office: SmallOffice) -> None:
    case_id = office.arrived()
    nobody = Reader(office["ana"].user, "Ana", frozenset(), office["ana"].office)

    with pytest.raises(NotFound):
        show_case(office.svc, nobody, case_id)
