"""Writing only the differences of a projection leaves the same rows as writing all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select

from sop_engine.store import cases
from sop_engine.store import tables as t
from sop_engine.store.cases import DeadlineRow, ProceedingRow, Projection
from sop_engine.store.database import Store
from sop_engine.vocabulary import Duty, IssuedDocument, Participation
from tests.instruments.invented import AT, OFFICE, an_event, open_case

PROJECTED = (t.proceeding, t.open_action, t.deadline, t.duty, t.document, t.participation, t.name_search)
words = st.sampled_from(["a", "b", "c"])
instants = st.integers(0, 3).map(lambda days: AT + timedelta(days=days))


def unique(values: st.SearchStrategy[Any], key: Callable[[Any], object]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3, unique_by=key).map(tuple)


projections = st.builds(
    Projection,
    office_id=st.sampled_from([OFFICE, "south"]),
    summary=st.none() | st.fixed_dictionaries({"name": words}),
    initials=st.none() | words,
    next_due_at=st.none() | instants,
    next_due_name=st.none() | words,
    flags=st.lists(words, unique=True).map(tuple),
    locked=st.booleans(),
    from_paper=st.booleans(),
    family_group=st.none() | words,
    proceedings=unique(st.builds(ProceedingRow, words, words, st.none(), words, words, instants), lambda p: p.id),
    open_actions=st.frozensets(st.tuples(words, words), max_size=3),
    possible_actions=st.frozensets(st.tuples(words, words), max_size=3),
    deadlines=unique(
        st.builds(
            DeadlineRow,
            words,
            words,
            st.integers(1, 2),
            instants,
            instants,
            st.sampled_from(["running", "met"]),
            words,
            st.none() | instants,
        ),
        lambda d: (d.proceeding, d.name, d.run),
    ),
    duties=unique(
        st.builds(Duty, words, words, words, instants, words, st.booleans()),
        lambda d: (d.name, d.role, d.proceeding, d.raised_at),
    ),
    documents=unique(
        st.builds(IssuedDocument, words, words, words, instants, words, st.integers(1, 2)),
        lambda d: (d.seq, d.name, d.number),
    ),
    participations=unique(st.builds(Participation, words, words, words), lambda p: p),
    name_keys=st.frozensets(words),
)


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything projected, without the ids of the cases."""
    with store.reading() as conn:
        found = {
            table.name: sorted(
                (str(tuple(row[1:])),) for row in conn.execute(select(table).where(table.c.case_id == "c1"))
            )
            for table in PROJECTED
        }
        head = cases.find_head(conn, "c1")
    return {**found, "case_file": [(str(head),)]}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(projections, min_size=1, max_size=4))
def test_differences_lead_to_the_same_rows_as_writing_anew(with_case: Store, history: list[Projection]) -> None:
    with with_case.writing() as conn:
        cases.replace_projection(conn, "c1", None, Projection(office_id=OFFICE))
        for old, new in zip([Projection(office_id=OFFICE), *history], history, strict=False):
            cases.replace_projection(conn, "c1", old, new)
    by_differences = rows(with_case)

    with with_case.writing() as conn:
        cases.replace_projection(conn, "c1", None, history[-1])

    assert by_differences == rows(with_case)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projections)
def test_what_was_projected_reads_back(with_case: Store, projection: Projection) -> None:
    with with_case.writing() as conn:
        cases.replace_projection(conn, "c1", None, projection)

    with with_case.reading() as conn:
        head = cases.find_head(conn, "c1")
        proceedings = {ProceedingRow(*row[1:]) for row in conn.execute(select(t.proceeding).where(_c1(t.proceeding)))}
        deadlines = {DeadlineRow(*row[1:]) for row in conn.execute(select(t.deadline).where(_c1(t.deadline)))}
    assert head is not None
    for name in ("office_id", "summary", "initials", "next_due_at", "flags", "locked", "from_paper", "family_group"):
        assert getattr(head, name) == getattr(projection, name)
    assert {(p.id, p.machine, p.state, p.kind) for p in projection.proceedings} == {
        (p.id, p.machine, p.state, p.kind) for p in proceedings
    }
    assert deadlines == set(projection.deadlines)


def _c1(table: Any) -> Any:
    return table.c.case_id == "c1"


def test_a_case_may_open_with_its_projection(furnished: Store) -> None:
    projection = Projection(office_id=OFFICE, open_actions=frozenset({("p-1", "officer")}), initials="I. P.")
    with furnished.writing() as conn:
        head = open_case(conn, projection=projection)

    with furnished.reading() as conn:
        assert cases.find_head(conn, "c1") == head
        assert conn.execute(select(t.open_action.c.role)).scalars().all() == ["officer"]


def test_a_step_that_changes_no_projection_touches_no_projected_table(with_case: Store) -> None:
    same = Projection(office_id=OFFICE, open_actions=frozenset({("p-1", "officer")}))
    sent: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement.split()[0])

    with with_case.writing() as conn:
        head = cases.lock_case(conn, "c1")
        assert head is not None
        sent.clear()
        cases.append(conn, "c1", expected_seq=1, chain=head.chain_head, events=[an_event(2)], old=same, new=same)
    event.remove(Engine, "before_cursor_execute", note)

    assert [word for word in sent if word != "COMMIT"] == ["UPDATE", "INSERT"]
