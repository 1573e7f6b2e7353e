"""Two offices of the ferry company over a store, with somebody in every role: the use cases on the small set."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from sop_engine.definition.model import Definition
from sop_engine.service import committee, take_step
from sop_engine.service.accounts import add_office
from sop_engine.service.adopt_edition import adopt_current
from sop_engine.service.open_case import open_case
from sop_engine.service.project import project
from sop_engine.service.service import Service
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import accounts, cases
from sop_engine.store import tables as t
from sop_engine.store.database import Store
from sop_engine.store.projection import replace_projection
from sop_engine.vocabulary import Case
from tests.instruments.clock import FrozenClock
from tests.instruments.small_case import ARRIVAL, MONDAY
from tests.instruments.small_set import small_set

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "ana": ("clerk",),
    "bea": ("clerk",),
    "sue": ("desk_supervisor",),
    "sam": ("desk_supervisor",),
    "cas": ("case_supervisor",),
    "hal": ("helper",),
    "cho": ("chair",),
    "mia": ("member",),
    "max": ("member",),
    "tom": ("traveller",),
}


@dataclass
class SmallOffice:
    """The use cases over one store, with the people of an office; ``kim`` is a clerk of another one."""

    svc: Service
    clock: FrozenClock
    people: dict[str, Reader] = field(default_factory=dict)
    _tokens: Any = field(default_factory=lambda: itertools.count(1))

    def __getitem__(self, name: str) -> Reader:
        return self.people[name]

    def token(self) -> str:
        return f"form-{next(self._tokens)}"

    def opens(self, who: str = "ana", machine: str = "intake") -> str:
        return open_case(self.svc, self[who], machine=machine, form_token=self.token()).case_id

    def answers(self, who: str, case_id: str, where: str, answers: Mapping[str, Any], **more: Any) -> Outcome:
        machine, step = where.split(".")
        return take_step.answer_step(
            self.svc, self[who], case_id, proceeding=self.place(case_id, machine), step=step, answers=answers,
            **{"seq": None, "form_token": self.token(), **more},
        )  # fmt: skip

    def takes(self, who: str, case_id: str, act: str, answers: Mapping[str, Any] | None = None, **more: Any) -> Outcome:
        machine, name = act.split(".")
        place = more.pop("proceeding", None) or self.place(case_id, machine)
        return take_step.take_transition(
            self.svc, self[who], case_id, proceeding=place, transition=name, answers=answers,
            **{"seq": None, "form_token": self.token(), **more},
        )  # fmt: skip

    def case(self, case_id: str) -> Case:
        """The case as a program that has just started reads it: from its log alone."""
        with self.svc.store.reading() as conn:
            head = cases.find_head(conn, case_id)
            assert head is not None
            return self.svc.load_at(conn, head, head.seq)

    def place(self, case_id: str, machine: str, key: str | None = None) -> str:
        found = self.case(case_id).newest(machine, key)
        return found.id if found else f"new {machine}"

    # Stretches that many tests begin with.

    def arrived(self, **changes: Any) -> str:
        case_id = self.opens()
        self.answers("ana", case_id, "intake.arrival", {**ARRIVAL, **changes})
        return case_id

    def checking(self, **changes: Any) -> str:
        case_id = self.arrived(**changes)
        self.takes("ana", case_id, "intake.begin")
        return case_id

    def listed(self) -> str:
        case_id = self.checking()
        self.takes("ana", case_id, "case.signal_danger", {"words": "The sea took my house"})
        self.takes("ana", case_id, "intake.refer")
        self.answers("bea", case_id, "claim.hearing", {"story": "A storm"})
        self.takes("bea", case_id, "claim.list")
        return case_id

    def session(self) -> str:
        case_id = self.listed()
        for name in ("cho", "mia", "max"):
            self.sits(name, case_id)
        self.takes("cho", case_id, "claim.sit")
        for name in ("cho", "mia", "max"):
            committee.open_file(
                self.svc, self[name], case_id, proceeding="claim-1", panel="board", form_token=self.token()
            )
        return case_id

    def sits(self, name: str, case_id: str) -> Outcome:
        return committee.take_seat(
            self.svc, self[name], case_id, proceeding="claim-1", panel="board", as_chair=name == "cho",
            form_token=self.token(),
        )  # fmt: skip

    def votes(self, name: str, case_id: str, reasons: str = "", **votes: str) -> Outcome:
        return committee.vote(
            self.svc, self[name], case_id, proceeding="claim-1", panel="board", votes=votes, reasons=reasons, seq=None,
            form_token=self.token(),
        )  # fmt: skip


def small_office(store: Store, definition: Definition | None = None) -> SmallOffice:
    """Set up both offices in an empty store."""
    clock = FrozenClock(MONDAY)
    numbers = itertools.count(1)
    svc = Service(
        store=store,
        current=definition or small_set(),
        clock=clock,
        ids=lambda: f"{next(numbers):032x}",
        texts=lambda _: str,
    )
    adopt_current(svc)
    office = SmallOffice(svc, clock)
    north = add_office(svc, code="NOR", name="North pier", country="XXA", time_zone="America/Port_of_Spain")
    south = add_office(svc, code="SOU", name="South pier", country="XXA", time_zone="America/Port_of_Spain")
    with store.writing() as conn:
        for name, roles in (*PEOPLE.items(), ("kim", ("clerk",))):
            at = south.id if name == "kim" else north.id
            accounts.add_account(
                conn,
                account_id=name,
                username=name,
                person_name=f"{name.capitalize()} Inventada",
                fs_uniquifier=f"u-{name}",
                at=clock(),
            )
            accounts.set_roles(conn, name, office_id=at, roles=frozenset(roles), by="set-up", at=clock())
            office.people[name] = Reader(name, f"{name.capitalize()} Inventada", frozenset(roles), at)
    return office


PROJECTED = (t.proceeding, t.open_action, t.deadline, t.duty, t.document, t.participation, t.name_search)


def projected_rows(office: SmallOffice, case_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that lists know of a case, as it stands in the store."""
    with office.svc.store.reading() as conn:
        found = {
            table.name: sorted(
                (tuple(row) for row in conn.execute(select(table).where(table.c.case_id == case_id))), key=repr
            )
            for table in PROJECTED
        }
        found["case_file"] = [
            tuple(row) for row in conn.execute(select(t.case_file).where(t.case_file.c.id == case_id))
        ]
    return found


def project_afresh(office: SmallOffice, case_id: str) -> None:
    """Throw away what the lists know of a case, and work it out again from the log alone."""
    case = office.case(case_id)
    with office.svc.store.writing() as conn:
        for table in PROJECTED:
            conn.execute(delete(table).where(table.c.case_id == case_id))
        replace_projection(conn, case_id, None, project(office.svc.current, case))


def assert_sound(office: SmallOffice, case_id: str) -> None:
    """The chain of the log is whole, and what the lists know is what the log says."""
    with office.svc.store.reading() as conn:
        assert cases.verify_case(conn, case_id) is None
    before = projected_rows(office, case_id)
    project_afresh(office, case_id)
    assert projected_rows(office, case_id) == before
