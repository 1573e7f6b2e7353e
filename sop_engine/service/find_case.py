"""Lists: my work by the next legal deadline, the cases of an office, a person by name. They never show a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sop_engine.engine.deadlines import deadlines_of
from sop_engine.service import access
from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.numbers import is_case_number
from sop_engine.service.service import Service
from sop_engine.service.views import CaseList, CaseRow, Reader, WorkItem, WorkView
from sop_engine.store import access_log, drafts, lines, queues
from sop_engine.store.lines import CaseLine
from sop_engine.store.queues import Filters, Sort
from sop_engine.store.reach import can_see

MOST_FOUND = 20
LEAST_PURPOSE = 5

__all__ = ["Filters", "find_person", "list_cases", "my_work"]


def my_work(svc: Service, reader: Reader, *, limit: int = 200) -> WorkView:
    """Return what waits for the reader, ordered by the next legal deadline."""
    reach = access.reach_of(svc.current, reader)
    with svc.store.reading() as conn:
        waiting = queues.waiting(conn, reach, limit=limit)
        total = queues.count_waiting(conn, reach)
        duties = queues.open_duties(conn, reach, limit=limit)
        mine = drafts.drafts_of(conn, reader.user)
        drafted = lines.lines_of(conn, [c for c in dict.fromkeys(d.case_id for d in mine) if can_see(conn, reach, c)])
    show = _Show(svc, reader)
    items = tuple(show.item(line) for line in waiting)
    return WorkView(
        due=tuple(item for item in items if item.due_at is not None),
        waiting_for_me=tuple(item for item in items if item.due_at is None),
        drafts=tuple(show.item(line) for line in drafted),
        duties=tuple(show.item(duty.line, what=show.say(duty.text)) for duty in duties),
        total=total,
    )


def docket(svc: Service, reader: Reader) -> tuple[WorkItem, ...]:
    """Return the cases that wait before a panel on which the reader may sit."""
    reach = access.reach_of(svc.current, reader)
    panels = [(m.name, p) for m in svc.current.machines.values() for p in m.panels.values()]
    show = _Show(svc, reader)
    found: dict[str, WorkItem] = {}
    with svc.store.reading() as conn:
        for machine, panel in panels:
            if not (panel.members | {panel.chair} | {"committee_secretary"}) & reader.roles:
                continue
            for state in (*panel.listed_in, *panel.in_states):
                listed = queues.list_cases(conn, reach, filters=Filters(machine=machine, state=state), page_size=200)
                found |= {line.case_id: show.item(line) for line in listed.lines}
    return tuple(
        sorted(found.values(), key=lambda item: (item.due_at is None, item.due_at or svc.clock(), item.number))
    )


def list_cases(
    svc: Service,
    reader: Reader,
    *,
    filters: Filters | None = None,
    sort: Sort = "due",
    page: int = 1,
    page_size: int = 50,
) -> CaseList:
    """Return one page of the cases within the reader's reach."""
    reach = access.reach_of(svc.current, reader)
    with svc.store.reading() as conn:
        found = queues.list_cases(
            conn,
            reach,
            filters=filters or Filters(),
            sort=sort,
            page=max(1, page),
            page_size=page_size,
        )
    show = _Show(svc, reader)
    return CaseList(
        rows=tuple(show.row(line) for line in found.lines),
        total=found.total,
        total_text=f"{found.total}+" if found.is_more else str(found.total),
        page=found.page,
        pages=found.pages,
    )


def find_person(svc: Service, reader: Reader, *, query: str, purpose: str) -> tuple[CaseRow, ...]:
    """Return at most twenty cases within the reader's reach by number or by name; every search is on record.

    Raises InvalidAnswers when the query or the purpose is missing.
    """
    wanted, why = query.strip(), purpose.strip()
    problems = {}
    if not wanted:
        problems["query"] = "Enter a case number or a name."
    if len(why) < LEAST_PURPOSE:
        problems["purpose"] = "Say in a few words what you need the file for."
    if problems:
        raise InvalidAnswers(problems)
    reach = access.reach_of(svc.current, reader)
    with svc.store.writing() as conn:
        access_log.record_access(conn, at=svc.clock(), account=reader.user, what="search", purpose=why)
        if is_case_number(wanted.upper()):
            narrowed = Filters(number=wanted.upper())
            found = queues.list_cases(conn, reach, filters=narrowed, page_size=MOST_FOUND).lines
        elif "identity" not in access.classes_read(svc.current, reader):
            # Who may not read names may not find out by asking whose case is here.
            found = ()
        else:
            found = queues.find_by_name(conn, reach, wanted, limit=MOST_FOUND)
    show = _Show(svc, reader)
    return tuple(show.row(line) for line in found)


@dataclass(frozen=True, slots=True)
class _Show:
    """Turns lines of the store into lines of a page."""

    svc: Service
    reader: Reader

    def say(self, text: str) -> str:
        return self.svc.texts(self.reader.language)(text)

    def flags(self, line: CaseLine) -> tuple[tuple[str, str], ...]:
        definition = self.svc.current
        return tuple(
            (self.say(definition.shared[flag].says), definition.flags.get(flag, "info"))
            for flag in line.flags
            if flag in definition.shared
        )

    def where(self, line: CaseLine) -> tuple[str, ...]:
        definition = self.svc.current
        shown = []
        for p in line.proceedings:
            machine = definition.machines.get(p.machine)
            if machine is None or p.kind not in ("work", "wait") or p.machine in ("case", "nrm"):
                continue
            kind = f": {self.say(p.key.replace('_', ' '))}" if p.key else ""
            state = machine.states.get(p.state)
            shown.append(f"{self.say(machine.title)}{kind} – {self.say(state.title) if state else p.state}")
        return tuple(shown)

    def due_title(self, line: CaseLine) -> str:
        if not line.next_due_name:
            return ""
        machine, name = line.next_due_name.split(".", 1)
        if machine not in self.svc.current.machines:
            return ""
        declared = deadlines_of(self.svc.current, machine).get(name)
        if declared is None:
            return ""
        # What watches a safeguard has no name of its own: its rule is its title.
        is_named = name in self.svc.current.machines[machine].deadlines
        return self.say(declared.name.replace("_", " ").capitalize() if is_named else declared.duty)

    def days_left(self, due: datetime | None) -> int | None:
        if due is None:
            return None
        local = self.svc.current.calendar.local
        return (local(due).date() - local(self.svc.clock()).date()).days

    def item(self, line: CaseLine, *, what: str = "") -> WorkItem:
        mine = sorted({p for p, role in line.open_to if role in self.reader.roles})
        machines = {p.id: p for p in line.proceedings}
        where = "; ".join(self.where(line))
        if not what:
            titles = [self._title(machines[p].machine) for p in mine if p in machines]
            what = ", ".join(dict.fromkeys(titles))
        due = line.next_due_at
        return WorkItem(
            case_id=line.case_id,
            number=line.number,
            initials=line.initials or "",
            what=what,
            where=where,
            due_at=due,
            due_title=self.due_title(line),
            days_left=self.days_left(due),
            is_overdue=due is not None and due <= self.svc.clock(),
            flags=self.flags(line),
        )

    def _title(self, machine: str) -> str:
        declared = self.svc.current.machines.get(machine)
        return self.say(declared.title) if declared else machine

    def row(self, line: CaseLine) -> CaseRow:
        return CaseRow(
            case_id=line.case_id,
            number=line.number,
            initials=line.initials or "",
            where=self.where(line),
            opened_at=line.opened_at,
            due_at=line.next_due_at,
            due_title=self.due_title(line),
            flags=self.flags(line),
        )
