"""Editions: two people release one, each running case moves by an act of its own, and the act can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from sop_engine.engine.upgrade import NotMovable
from sop_engine.service import editions
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.open_case import open_case
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import cases
from sop_engine.store.database import Store
from tests.instruments.clock import FrozenClock
from tests.unit.definition.small_set import SMALL_SET, changed
from tests.unit.definition.test_overlay import PROFILE

OLD = load_texts(SMALL_SET)
OTHER_WORDS = load_texts(changed("duty: Ask for the book.", "duty: Ask kindly for the book."))
WITHOUT_STATE = load_texts({path: text.replace("requested", "asked_for") for path, text in SMALL_SET.items()})
WEAKER = load_texts(
    changed("{at_least: {deadline: come_back, length: 7 days}", "{at_least: {deadline: come_back, length: 5 days}")
)


WITH_RULE = load_texts(
    {
        path: text.replace("requested", "asked_for").replace(
            "starts_in: asked_for", "starts_in: asked_for\nrunning_cases: {requested: map to asked_for}"
        )
        for path, text in SMALL_SET.items()
    }
)
ALL_FINISH = load_texts(changed("starts_in: requested", "starts_in: requested\nrunning_cases: {all: finish}"))


@pytest.fixture
def service(store: Store, clock: FrozenClock) -> Service:
    numbers = iter(range(1, 10_000))
    found = Service(
        store=store,
        current=OLD,
        clock=clock,
        ids=lambda: f"{next(numbers):032x}",
        texts=lambda _: str,
    )
    adopt_current(found)
    return found


@pytest.fixture
def people(service: Service) -> Callable[[str], Reader]:
    office = add_office(service, code="LIB", name="Library", country="XXA", time_zone="UTC").id

    def person(name: str) -> Reader:
        account = add_account(
            service,
            username=name,
            person_name=name.capitalize(),
            password_hash=None,
            office=office,
            roles=("librarian", "supervisor", "policy_officer"),
            by="test",
        )
        return reader_of(account, office)

    return person


def a_case(service: Service, reader: Reader) -> str:
    return open_case(service, reader, machine="loan", form_token=f"t-{service.ids()}").case_id


def test_who_drafted_an_edition_does_not_release_it(service: Service, people: Callable[[str], Reader]) -> None:
    ana, ben = people("ana"), people("ben")
    digest = editions.draft_edition(service, ana, OTHER_WORDS, effective_on="2026-03-02", note="Kinder words")

    with pytest.raises(editions.NotReleased, match="ask a second policy officer"):
        editions.release_edition(service, ana, digest[:12])
    assert editions.release_edition(service, ben, digest[:12]) == digest
    with pytest.raises(editions.NotReleased, match="released before"):
        editions.release_edition(service, ben, digest)
    with pytest.raises(editions.NotReleased, match="drafted before"):
        editions.draft_edition(service, ben, OTHER_WORDS, effective_on="2026-03-09")


def test_an_edition_takes_effect_on_its_day_and_never_before(
    service: Service, people: Callable[[str], Reader], clock: FrozenClock
) -> None:
    digest = editions.draft_edition(service, people("ana"), OTHER_WORDS, effective_on="2026-03-04")
    editions.release_edition(service, people("ben"), digest)

    assert not editions.take_released(service)
    clock.now += timedelta(days=2)
    assert editions.take_released(service)

    assert service.current.digest == OTHER_WORDS.digest
    assert [one.is_in_force for one in editions.list_editions(service)] == [True]


def test_no_edition_takes_effect_in_the_past_and_only_a_policy_officer_drafts(
    service: Service, people: Callable[[str], Reader]
) -> None:
    ana = people("ana")

    with pytest.raises(editions.NotReleased, match="is over"):
        editions.draft_edition(service, ana, OTHER_WORDS, effective_on="2026-03-01")
    with pytest.raises(editions.NotReleased, match="is no day"):
        editions.draft_edition(service, ana, OTHER_WORDS, effective_on="soon")
    librarian = dataclasses.replace(ana, roles=frozenset({"librarian"}))
    with pytest.raises(editions.NotReleased, match="Only a policy officer"):
        editions.draft_edition(service, librarian, OTHER_WORDS, effective_on="2026-03-02")


@pytest.mark.parametrize(
    ("new", "sort", "why"),
    [
        (OTHER_WORDS, "moves", "Everything it stands on is the same"),
        (WITHOUT_STATE, "needs_mapping", "the state “requested” is gone"),
        (WEAKER, "must_finish", "a running case keeps the stronger rule"),
    ],
)
def test_every_open_case_is_sorted_with_its_reasons(
    service: Service, people: Callable[[str], Reader], new: Definition, sort: str, why: str
) -> None:
    a_case(service, people("ana"))

    (planned,) = editions.plan_upgrade(service, new)

    assert planned.upgrade.sort == sort
    assert any(why in reason for reason in planned.upgrade.reasons)


def test_a_case_moves_by_one_audited_act_and_back(service: Service, people: Callable[[str], Reader]) -> None:
    ana = people("ana")
    case_id = a_case(service, ana)
    with service.store.reading() as conn:
        before = cases.find_head(conn, case_id)
    assert before is not None

    editions.upgrade_case(service, ana, case_id, OTHER_WORDS, reason="Kinder words hold.")

    with service.store.reading() as conn:
        moved = cases.find_head(conn, case_id)
        assert moved is not None
        assert (moved.set_digest, moved.seq) == (OTHER_WORDS.digest, before.seq + 1)
        assert cases.verify_case(conn, case_id) is None
        assert service.load(conn, moved).set_digest == OTHER_WORDS.digest
        assert service.load_at(conn, moved, before.seq).set_digest == OLD.digest
        last = cases.load_events(conn, case_id)[-1]
    assert (last.kind, last.by, last.personal["reason"]) == ("EditionChanged", ana.user, "Kinder words hold.")

    assert editions.revert_upgrade(service, ana, case_id, reason="Too early.") == OLD.digest
    with service.store.reading() as conn:
        back = cases.find_head(conn, case_id)
        assert back is not None
        assert (back.set_digest, back.seq) == (OLD.digest, before.seq + 2)


def test_a_mapping_of_the_new_edition_is_followed(service: Service, people: Callable[[str], Reader]) -> None:
    rule = "transition: {loan.requested: map to asked_for}\n"
    national = load_texts({**WITHOUT_STATE.files, "xla/profile.yaml": PROFILE + rule})
    ana = people("ana")
    case_id = a_case(service, ana)

    (planned,) = editions.plan_upgrade(service, national)
    assert (planned.upgrade.sort, planned.upgrade.is_ready) == ("needs_mapping", True)
    editions.upgrade_case(service, ana, case_id, national, reason="Renamed.")

    with service.store.reading() as conn:
        head = cases.find_head(conn, case_id)
        assert head is not None
        found = service.load(conn, head).newest("loan")
    assert found is not None
    assert found.state == "asked_for"
    assert found.visited == ("requested", "asked_for")


def test_a_case_that_must_finish_does_not_move(service: Service, people: Callable[[str], Reader]) -> None:
    ana = people("ana")
    case_id = a_case(service, ana)

    with pytest.raises(NotMovable, match="keeps the stronger rule"):
        editions.upgrade_case(service, ana, case_id, WEAKER, reason="x")


def test_after_another_act_a_case_stays_under_the_new_edition(
    service: Service, people: Callable[[str], Reader]
) -> None:
    ana = people("ana")
    case_id = a_case(service, ana)

    with pytest.raises(NotMovable, match="Something happened"):
        editions.revert_upgrade(service, ana, case_id, reason="x")


def test_a_harmonised_edition_says_itself_what_becomes_of_running_cases(
    service: Service, people: Callable[[str], Reader]
) -> None:
    case = a_case(service, people("ana"))

    (mapped,) = editions.plan_upgrade(service, WITH_RULE)
    (finishing,) = editions.plan_upgrade(service, ALL_FINISH)
    editions.upgrade_case(service, people("ben"), case, WITH_RULE, reason="The new edition maps it.")

    assert (mapped.upgrade.sort, mapped.upgrade.is_ready) == ("needs_mapping", True)
    assert finishing.upgrade.sort == "must_finish"
    assert "finishes under the old text" in finishing.upgrade.reasons[0]
    with service.store.reading() as conn:
        head = cases.find_head(conn, case)
        assert head is not None
        assert service.load(conn, head).proceedings[-1].state == "asked_for"


def test_who_moved_and_what_can_still_be_taken_back_is_listed(
    service: Service, people: Callable[[str], Reader]
) -> None:
    case = a_case(service, people("ana"))
    editions.upgrade_case(service, people("ben"), case, OTHER_WORDS, reason="New words.")

    (moved,) = editions.moved_cases(service)
    editions.revert_upgrade(service, people("cho"), case, reason="Too early.")

    assert (moved.case_id, moved.to, moved.was) == (case, OTHER_WORDS.digest, OLD.digest)
    assert editions.moved_cases(service) == ()


@pytest.mark.parametrize(
    ("rule", "why"),
    [("{requested: map to nowhere}", "nowhere"), ("{all: map to requested}", "one state"), ("{all: soon}", "moves")],
)
def test_a_transitional_rule_that_leads_nowhere_is_refused(rule: str, why: str) -> None:
    with pytest.raises(DeclarationErrors, match=why):
        load_texts(changed("starts_in: requested", f"starts_in: requested\nrunning_cases: {rule}"))
