"""Lists: each person meets the cases within reach, all of them, once, in order, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_engine.store import assignments, cases, queues
from sop_engine.store import tables as t
from sop_engine.store.cases import DeadlineRow, ProceedingRow, Projection
from sop_engine.store.database import Store
from sop_engine.store.lines import Place
from sop_engine.store.queues import Filters
from sop_engine.store.reach import Reach, can_see
from sop_engine.store.sealed import search_keys
from sop_engine.vocabulary import Duty
from tests.instruments.invented import AT, OFFICE, open_case

OFFICER = Reach(office_id=OFFICE, account="ana", office_roles=frozenset({"officer"}))
MEMBER = Reach(office_id=OFFICE, account="ana", docket_roles=frozenset({"member"}))
INTERPRETER = Reach(office_id=OFFICE, account="ana", assigned_roles=frozenset({"interpreter"}))
NOBODY = Reach(office_id=OFFICE, account="ana")


def put(store: Store, case_id: str, *, office_id: str = OFFICE, assigned: str | None = None, **projected: Any) -> None:
    with store.writing() as conn:
        open_case(conn, case_id, office_id=office_id, projection=Projection(office_id=office_id, **projected))
        if assigned:
            assignments.assign(conn, case_id=case_id, account="ana", role=assigned, at=AT)


def open_to(*roles: str) -> frozenset[tuple[str, str]]:
    return frozenset(("p-1", role) for role in roles)


def days(number: int) -> datetime:
    return AT + timedelta(days=number)


def seen(store: Store, reach: Reach) -> list[str]:
    with store.reading() as conn:
        return [line.case_id for line in queues.list_cases(conn, reach, sort="number").lines]


def waits(store: Store, reach: Reach, **rest: Any) -> list[str]:
    with store.reading() as conn:
        return [line.case_id for line in queues.waiting(conn, reach, **rest)]


def test_an_officer_meets_the_unlocked_cases_of_the_office(furnished: Store) -> None:
    put(furnished, "a")
    put(furnished, "b", locked=True)
    put(furnished, "c", office_id="south")
    put(furnished, "d", locked=True, assigned="officer")

    assert seen(furnished, OFFICER) == ["a", "d"]


def test_a_member_meets_the_cases_on_the_docket(furnished: Store) -> None:
    put(furnished, "a", open_actions=open_to("member"))
    put(furnished, "b", open_actions=open_to("officer"))
    put(furnished, "c", open_actions=open_to("member"), locked=True)
    put(furnished, "d", open_actions=open_to("member"), office_id="south")

    assert seen(furnished, MEMBER) == ["a"]


def test_an_interpreter_meets_the_cases_they_are_assigned_to_in_a_role_they_hold(furnished: Store) -> None:
    put(furnished, "a", assigned="interpreter")
    put(furnished, "b", open_actions=open_to("interpreter"))
    put(furnished, "c", assigned="officer")

    assert seen(furnished, INTERPRETER) == ["a"]


def test_who_holds_no_role_meets_nothing(furnished: Store) -> None:
    put(furnished, "a", assigned="officer", open_actions=open_to("officer"))

    assert seen(furnished, NOBODY) == []
    assert waits(furnished, NOBODY) == []
    with furnished.reading() as conn:
        assert queues.count_waiting(conn, NOBODY) == 0
        assert queues.open_duties(conn, NOBODY) == ()
        assert not can_see(conn, NOBODY, "a")


def test_reach_is_asked_of_one_case_as_of_many(furnished: Store) -> None:
    put(furnished, "a")
    put(furnished, "b", office_id="south")

    with furnished.reading() as conn:
        assert [can_see(conn, OFFICER, case_id) for case_id in ("a", "b", "no such case")] == [True, False, False]


def test_what_waits_comes_soonest_first_and_undated_last_and_once(furnished: Store) -> None:
    put(furnished, "a", open_actions=open_to("officer"))
    put(furnished, "b", open_actions=open_to("officer", "member"), next_due_at=days(2))
    put(furnished, "c", open_actions=frozenset({("p-1", "officer"), ("p-2", "officer")}), next_due_at=days(1))
    put(furnished, "d", open_actions=open_to("supervisor"), next_due_at=days(0))

    assert waits(furnished, OFFICER) == ["c", "b", "a"]
    both = Reach(office_id=OFFICE, account="ana", office_roles=frozenset({"officer", "member"}))
    assert waits(furnished, both) == ["c", "b", "a"]
    with furnished.reading() as conn:
        assert queues.count_waiting(conn, both) == 3


def test_a_line_tells_where_the_case_stands_and_no_name(furnished: Store) -> None:
    proceeding = ProceedingRow("p-1", "screening", None, "arrived", "work", AT)
    put(
        furnished,
        "a",
        summary={"name": "Invented Person"},
        initials="I. P.",
        flags=("child",),
        proceedings=(proceeding,),
        open_actions=open_to("officer"),
        next_due_at=days(1),
        next_due_name="screening.complete",
    )

    with furnished.reading() as conn:
        (line,) = queues.waiting(conn, OFFICER)

    assert (line.number, line.initials, line.flags) == ("X-a", "I. P.", ("child",))
    assert line.proceedings == (proceeding,)
    assert line.open_to == open_to("officer")
    assert (line.next_due_at, line.next_due_name) == (days(1), "screening.complete")
    assert "Invented" not in repr(line)


roles = st.sampled_from(["officer", "member", "interpreter"])
invented_cases = st.lists(
    st.fixed_dictionaries(
        {
            "due": st.none() | st.integers(0, 2),
            "open": st.frozensets(st.tuples(st.sampled_from(["p-1", "p-2"]), roles), max_size=3),
            "locked": st.booleans(),
            "office": st.sampled_from([OFFICE, OFFICE, "south"]),
            "assigned": st.frozensets(roles, max_size=2),
        }
    ),
    max_size=8,
)
reaches = st.builds(
    Reach,
    office_id=st.just(OFFICE),
    account=st.just("ana"),
    office_roles=st.frozensets(roles, max_size=2),
    docket_roles=st.frozensets(roles, max_size=1),
    assigned_roles=st.frozensets(roles, max_size=1),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(invented_cases, reaches, st.integers(1, 3))
def test_lists_are_what_going_through_every_case_by_hand_gives(
    furnished: Store, invented: list[dict[str, Any]], reach: Reach, page_size: int
) -> None:
    with furnished.writing() as conn:
        for table in (t.assignment, t.open_action, t.case_file):
            conn.execute(table.delete())
        for number, one in enumerate(invented):
            due = None if one["due"] is None else days(one["due"])
            projected = Projection(
                office_id=one["office"], locked=one["locked"], open_actions=one["open"], next_due_at=due
            )
            open_case(conn, f"c{number}", office_id=one["office"], events=[], projection=projected)
            for role in one["assigned"]:
                assignments.assign(conn, case_id=f"c{number}", account="ana", role=role, at=AT)

    with furnished.reading() as conn:
        waiting: list[str] = []
        after: Place | None = None
        while lines := queues.waiting(conn, reach, limit=page_size, after=after):
            waiting += [line.case_id for line in lines]
            after = lines[-1].place
        listed = [line.case_id for line in queues.list_cases(conn, reach, sort="number").lines]
        counted = queues.count_waiting(conn, reach)

    assert waiting == waiting_by_hand(invented, reach)
    assert counted == len(waiting)
    assert listed == [f"c{n}" for n, one in enumerate(invented) if is_seen(one, reach)]


def waiting_by_hand(invented: list[dict[str, Any]], reach: Reach) -> list[str]:
    found = [(9 if c["due"] is None else c["due"], f"c{n}") for n, c in enumerate(invented) if does_wait(c, reach)]
    return [case_id for _, case_id in sorted(found)]


def does_wait(one: dict[str, Any], reach: Reach) -> bool:
    everywhere = reach.office_roles | reach.docket_roles
    is_mine = bool(one["assigned"] & reach.roles)
    return one["office"] == OFFICE and any(
        (not one["locked"] or is_mine) if role in everywhere else role in one["assigned"]
        for _, role in one["open"]
        if role in reach.roles
    )


def is_seen(one: dict[str, Any], reach: Reach) -> bool:
    on_docket = any(role in reach.docket_roles for _, role in one["open"])
    unlocked = not one["locked"] and (bool(reach.office_roles) or on_docket)
    return one["office"] == OFFICE and (unlocked or bool(one["assigned"] & reach.roles))


def test_what_falls_due_comes_soonest_first(furnished: Store) -> None:
    put(furnished, "a", next_due_at=days(3))
    put(furnished, "b", next_due_at=days(1))
    put(furnished, "c")
    put(furnished, "d", next_due_at=days(1))

    with furnished.reading() as conn:
        lines = queues.falling_due(conn, OFFICER)
        assert [line.case_id for line in lines] == ["b", "d", "a"]
        assert [line.case_id for line in queues.falling_due(conn, OFFICER, after=lines[0].place)] == ["d", "a"]
        assert [line.case_id for line in queues.falling_due(conn, OFFICER, before=days(2))] == ["b", "d"]


def test_duties_come_to_the_role_until_they_are_done(furnished: Store) -> None:
    late, early = (Duty(n, "officer", "p-1", days(d), "Do it.") for n, d in (("late", 2), ("early", 1)))
    put(furnished, "a", duties=(late, early, Duty("done", "officer", "p-1", AT, "Done.", done=True)))
    put(furnished, "b", duties=(Duty("other", "supervisor", "p-1", AT, "Not mine."),))
    put(furnished, "c", duties=(Duty("locked", "officer", "p-1", AT, "Locked."),), locked=True)
    put(furnished, "d", duties=(Duty("south", "officer", "p-1", AT, "Elsewhere."),), office_id="south")

    with furnished.reading() as conn:
        found = queues.open_duties(conn, OFFICER)

    assert [(duty.name, duty.line.case_id) for duty in found] == [("early", "a"), ("late", "a")]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "abc"),
        (Filters(number="X-a"), "a"),
        (Filters(number="%"), ""),
        (Filters(machine="screening"), "ab"),
        (Filters(machine="screening", state="referred"), "b"),
        (Filters(open_to_role="member"), "c"),
        (Filters(due_before=days(2)), "a"),
        (Filters(flag="child"), "b"),
        (Filters(flag="chil"), ""),
        (Filters(assigned_to="ana"), "b"),
        (Filters(unassigned=True), "ac"),
        (Filters(opened_from=AT, opened_before=days(1)), "abc"),
        (Filters(opened_before=AT), ""),
    ],
)
def test_a_list_is_narrowed(furnished: Store, filters: Filters, expected: str) -> None:
    put(
        furnished,
        "a",
        proceedings=(ProceedingRow("p-1", "screening", None, "arrived", "work", AT),),
        next_due_at=days(1),
    )
    put(
        furnished,
        "b",
        proceedings=(ProceedingRow("p-1", "screening", None, "referred", "end", AT),),
        flags=("alone", "child"),
        assigned="officer",
    )
    put(furnished, "c", open_actions=open_to("member"))

    with furnished.reading() as conn:
        page = queues.list_cases(conn, OFFICER, filters=filters, sort="number")

    assert "".join(line.case_id for line in page.lines) == expected
    assert page.total == len(expected)


def test_pages_and_orders_of_a_list(furnished: Store) -> None:
    for number, due in enumerate([None, 3, 1, 2, None]):
        put(furnished, f"c{number}", next_due_at=None if due is None else days(due))

    def page(number: int, sort: queues.Sort = "due") -> list[str]:
        with furnished.reading() as conn:
            found = queues.list_cases(conn, OFFICER, sort=sort, page=number, page_size=2)
        assert (found.total, found.is_more, found.pages) == (5, False, 3)
        return [line.case_id for line in found.lines]

    assert [page(1), page(2), page(3)] == [["c2", "c3"], ["c1", "c0"], ["c4"]]
    assert page(99) == page(3)
    assert page(-1) == page(1)
    assert page(1, "number") == page(1, "opened") == ["c0", "c1"]
    assert page(1, "newest") == ["c4", "c3"]


def test_counts_stop_at_their_limit(furnished: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "COUNTED_TO", 2)
    for case_id in "abc":
        put(furnished, case_id, open_actions=open_to("officer"))

    with furnished.reading() as conn:
        page = queues.list_cases(conn, OFFICER, page=3, page_size=1)
        assert queues.count_waiting(conn, OFFICER) == 2
    assert (page.total, page.is_more, page.pages, page.page) == (2, True, 2, 2)


def test_a_person_is_found_by_every_word_of_the_name_within_reach(furnished: Store) -> None:
    for case_id, name, office_id in (
        ("a", "María Inventada", OFFICE),
        ("b", "Maria Imaginada", OFFICE),
        ("c", "María Inventada", "south"),
    ):
        put(furnished, case_id, office_id=office_id, name_keys=search_keys(name, office_id))
    put(furnished, "d", name_keys=search_keys("María Inventada", OFFICE), locked=True)

    def found(name: str) -> list[str]:
        with furnished.reading() as conn:
            return [line.case_id for line in queues.find_by_name(conn, OFFICER, name)]

    assert found("inventada MARIA") == ["a"]
    assert found("maría") == ["a", "b"]
    assert found("Nobody") == found("") == found("%") == []


def test_a_family_is_shown_within_reach(furnished: Store) -> None:
    put(furnished, "a", family_group="f")
    put(furnished, "b", family_group="f")
    put(furnished, "c", family_group="f", locked=True)
    put(furnished, "d")

    with furnished.reading() as conn:
        assert [line.case_id for line in queues.family_of(conn, OFFICER, "f")] == ["a", "b"]


def test_the_sweep_is_given_the_cases_in_which_time_changes_something(furnished: Store) -> None:
    def deadline(name: str, wakes_at: datetime | None) -> DeadlineRow:
        return DeadlineRow("p-1", name, 1, AT, days(1), "running", "officer", wakes_at)

    put(furnished, "a", deadlines=(deadline("x", days(2)), deadline("y", days(1))))
    put(furnished, "b", deadlines=(deadline("x", None),))
    put(furnished, "c", deadlines=(deadline("x", AT),), office_id="south")

    with furnished.reading() as conn:
        assert queues.cases_to_wake(conn, now=AT - timedelta(microseconds=1)) == ()
        assert queues.cases_to_wake(conn, now=AT) == ("c",)
        assert queues.cases_to_wake(conn, now=days(3)) == ("c", "a")
        assert queues.cases_to_wake(conn, now=days(3), limit=1) == ("c",)


def test_lines_keep_the_order_they_were_asked_in(furnished: Store) -> None:
    put(furnished, "a")
    put(furnished, "b")

    with furnished.reading() as conn:
        assert [line.case_id for line in queues.lines_of(conn, ["b", "a"])] == ["b", "a"]
        assert cases.find_head(conn, "a") is not None
