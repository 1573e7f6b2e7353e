"""The page of a case: where everything stands, what can be done, why not what cannot, what is due, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from sop_engine.definition.model import Definition, Role, Step
from sop_engine.engine import panels
from sop_engine.engine.offers import Offer, at_instant, offers, openable
from sop_engine.engine.permission import issuing_roles, seat_refusals, step_refusals
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.rectifying import rectify_refusals
from sop_engine.service import access
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.showing import Shown
from sop_engine.service.timeline import timeline
from sop_engine.service.views import (
    CaseView,
    DeadlineView,
    DocumentView,
    DutyView,
    PanelView,
    ProceedingStatus,
    ProceedingView,
    Reader,
    StepStatus,
    StepView,
)
from sop_engine.store import accounts, cases, drafts
from sop_engine.store.cases import CaseHead
from sop_engine.store.queues import family_of
from sop_engine.vocabulary import CASE_MACHINE, Actor, AuditEvent, Ballot, Case, Proceeding


@dataclass(frozen=True, slots=True)
class Page:
    """What the parts of a case's page share."""

    definition: Definition
    case: Case
    shown: Shown
    actor: Actor
    names: Mapping[str, str]
    events: tuple[AuditEvent, ...]
    drafts: frozenset[tuple[str, str]]


def show_case(svc: Service, reader: Reader, case_id: str, *, at_seq: int | None = None) -> CaseView:
    """Return the page of a case for one reader, as it stands now or as it stood after entry ``at_seq`` of its log.

    Nothing can be done in the past: it has no actions. Raises NotFound.
    """
    with svc.store.reading() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        case = svc.load(conn, head) if at_seq is None else _as_it_stood(svc, conn, head, at_seq)
        definition = svc.definition(conn, case.set_digest)
        page = page_of(svc, conn, reader, definition, case, is_past=at_seq is not None)
        entries = timeline(svc, conn, reader, definition, page.events)
        relatives = family_of(conn, access.reach_of(svc.current, reader), page.case.family) if page.case.family else ()
    case, shown = page.case, page.shown
    is_now = at_seq is None
    offered = offers(definition, case, page.actor, shown.at, wording=shown.wording) if is_now else ()
    return CaseView(
        identity=shown.identity(case),
        seq=head.seq if is_now else case.seq,
        proceedings=tuple(show_proceeding(page, p, offered) for p in case.proceedings if p.machine != CASE_MACHINE),
        case_events=tuple(shown.action(o, case) for o in offered if o.transition.machine == CASE_MACHINE),
        deadlines=_deadlines(page),
        duties=_duties(page),
        documents=_documents(page),
        timeline=entries,
        people=_people(page),
        alarms=tuple(_safeguard_words(page, alarm) for alarm in case.alarms),
        openable=(*_openable(page), *_startable(page, offered)) if is_now else (),
        family=tuple((line.case_id, line.number) for line in relatives if line.case_id != case_id),
        may_link_family=is_now and any(role.is_any_role for role in _held(page)),
    )


def _held(page: Page) -> Iterable[Role]:
    return (page.definition.roles[role] for role in page.actor.roles if role in page.definition.roles)


def _as_it_stood(svc: Service, conn: Connection, head: CaseHead, seq: int) -> Case:
    """Return the case after one entry of its log. Raises NotFound when the log has no such entry."""
    if not 1 <= seq <= head.seq:
        raise NotFound
    return svc.load_at(conn, head, seq)


def page_of(
    svc: Service, conn: Connection, reader: Reader, definition: Definition, case: Case, *, is_past: bool = False
) -> Page:
    """Collect what the views of one case need, as the case stands at this instant, or stood then."""
    at = case.last_at if is_past and case.last_at else svc.clock()
    shown = Shown(
        definition=definition,
        wording=svc.wording(definition, reader.language),
        roles=reader.roles,
        classes=access.classes_read(definition, reader),
        at=at,
    )
    events = cases.load_events(conn, case.id, to_seq=case.seq if is_past else None)
    people = {event.by for event in events} | {p.user for p in case.participations}
    return Page(
        definition=definition,
        case=case if is_past else at_instant(definition, case, at),
        shown=shown,
        actor=Actor(reader.user, reader.roles),
        names=accounts.names_of(conn, people),
        events=events,
        drafts=frozenset((d.proceeding, d.step) for d in drafts.drafts_of(conn, reader.user, case_id=case.id)),
    )


def show_proceeding(page: Page, proceeding: Proceeding, offered: tuple[Offer, ...]) -> ProceedingView:
    """Return one proceeding with its steps and actions."""
    machine = page.definition.machines[proceeding.machine]
    state = machine.states[proceeding.state]
    mine = [o for o in offered if o.proceeding == proceeding.id]
    answered = {key[0] for key in proceeding.answers}
    listed = {name for s in machine.states.values() for name in s.steps}
    steps = [s for s in machine.steps.values() if s.name in state.steps or (s.name in answered and s.name in listed)]
    asked = [s for s in machine.steps.values() if s.name in answered and s.name not in listed]
    views = tuple(show_step_view(page, proceeding, step) for step in (*steps, *asked))
    actions = tuple(page.shown.action(o, page.case) for o in mine)
    refusals = rectify_refusals(
        CaseReading(page.definition, page.case, proceeding), proceeding, page.actor, page.shown.wording
    )
    status, text, waiting = _status(page, proceeding, views, mine)
    return ProceedingView(
        id=proceeding.id,
        machine=machine.name,
        key=proceeding.key,
        title=page.shown.proceeding_title(machine.name, proceeding.key),
        state=page.shown.state(machine.name, proceeding.state),
        status=status,
        status_text=text,
        waiting_for=waiting,
        opened_at=proceeding.opened_at,
        steps=views,
        actions=actions,
        panel=_panel(page, proceeding),
        may_rectify=not refusals,
        older=page.case.newest(proceeding.machine, proceeding.key) is not proceeding,
    )


def show_step_view(page: Page, proceeding: Proceeding, step: Step) -> StepView:
    """Return one step with its answers of the current round, who gave them and when."""
    machine = page.definition.machines[proceeding.machine]
    state = machine.states.get(proceeding.state)
    number = proceeding.current_round(step.name)
    is_open = state is not None and step.name in state.steps
    told = _told(page.events, proceeding, step.name, number)
    answers = tuple(
        page.shown.answer(step, q, value, told=told, who=page.names)
        for q in step.questions.values()
        if (value := proceeding.answer(step.name, q.name)) is not None
    )
    has_draft = (proceeding.id, step.name) in page.drafts
    status = _step_status(is_open=is_open, answered=bool(answers), has_draft=has_draft)
    reading = CaseReading(page.definition, page.case, proceeding)
    refusals = step_refusals(reading, proceeding, step, page.actor, page.shown.wording) if is_open else ()
    return StepView(
        proceeding=proceeding.id,
        machine=machine.name,
        step=step,
        title=page.shown.wording.say(step.title),
        status=status,
        round=number,
        answers=answers,
        is_mine=bool(step.by & page.shown.roles) and not refusals and is_open,
        by=page.shown.wording.role_titles(step.by),
        reasons=page.shown.reasons(refusals, page.case),
        source=page.shown.sources(step.source),
        has_draft=has_draft,
    )


def _step_status(*, is_open: bool, answered: bool, has_draft: bool) -> StepStatus:
    if not is_open:
        return "sealed"
    if answered:
        return "done"
    return "in_progress" if has_draft else "not_started"


def _told(events: tuple[AuditEvent, ...], proceeding: Proceeding, step: str, number: int) -> Mapping[str, AuditEvent]:
    """Return the entry that recorded a step (under ``""``) and those that corrected single questions."""
    found: dict[str, AuditEvent] = {}
    for event in events:
        if event.proceeding != proceeding.id:
            continue
        data = event.data
        if (event.kind == "StepAnswered" and (data["step"], data["round"]) == (step, number)) or (
            event.kind == "TransitionTaken" and (data.get("asks"), data.get("asks_round")) == (step, number)
        ):
            found = {"": event}
        elif event.kind == "AnswerCorrected" and (data["step"], data["round"]) == (step, number):
            found[data["question"]] = event
    return found


def _status(
    page: Page, proceeding: Proceeding, steps: tuple[StepView, ...], offered: list[Offer]
) -> tuple[ProceedingStatus, str, str]:
    """Return the tag of the task list: the team asked to tell *looked at, incomplete* from *nobody looked*."""
    say = page.shown.wording.say
    state = page.definition.machines[proceeding.machine].states[proceeding.state]
    if state.kind in ("end", "rest"):
        return "done", say("Done"), ""
    open_steps = [s for s in steps if s.status in ("not_started", "in_progress", "done")]
    takeable = [o for o in offered if not o.transition.is_fact]
    roles = frozenset(r for s in open_steps if s.status != "done" for r in s.step.by)
    roles = roles or frozenset(r for o in takeable if _only_role(o) for r in o.transition.by)
    waiting = ", ".join(page.shown.wording.role_titles(roles)) if 0 < len(roles) <= 4 else ""
    if state.kind == "wait":
        return "waiting", say("Waiting"), waiting
    if any(s.status == "in_progress" for s in open_steps):
        return "incomplete", say("Looked at, incomplete"), waiting
    if any(o.is_open for o in takeable) or any(s.is_mine for s in open_steps):
        started = len(proceeding.visited) > 1 or any(s.status == "done" for s in open_steps)
        return ("in_progress", say("In progress"), waiting) if started else ("not_started", say("Not started"), waiting)
    if roles & page.shown.roles:
        return "blocked", say("Cannot go on yet"), waiting
    return "waiting", say("Waiting for: {roles}").format(roles=waiting) if waiting else say("Waiting"), waiting


def _only_role(offer: Offer) -> bool:
    return all(r.code in ("role", "other_person") for r in offer.refusals)


def _panel(page: Page, proceeding: Proceeding) -> PanelView | None:
    machine = page.definition.machines[proceeding.machine]
    for panel in machine.panels.values():
        ballot = proceeding.ballots.get(panel.name)
        if ballot is None and proceeding.state not in (*panel.in_states, *panel.listed_in):
            continue
        ballot = ballot or Ballot(panel.name)
        reading = CaseReading(page.definition, page.case, proceeding)
        say = page.shown.wording.say
        named = "restricted" in page.shown.classes
        seats = {user: _member(page, ballot, user, named=named) for user in (*ballot.present, *ballot.recused)}
        refusals = seat_refusals(
            reading, proceeding, panel, page.actor, page.shown.wording,
            as_chair=panel.chair in page.shown.roles and not (panel.members & page.shown.roles),
        )  # fmt: skip
        met = panels.has_quorum(panel, ballot)
        says = say("Quorum: at least {number} members after recusals, the chair among them. Present: {present}.")
        return PanelView(
            proceeding=proceeding.id,
            panel=panel.name,
            chair=seats.get(ballot.chair or ""),
            present=tuple(seats[u] for u in panels.voters(ballot)),
            recused=tuple(seats[u] for u in dict.fromkeys(ballot.recused)),
            opened_file=tuple(seats.get(u, say("Member")) for u in sorted(ballot.opened_file)),
            quorum_met=met,
            quorum_says=says.format(number=panel.at_least, present=len(panels.voters(ballot))),
            questions=tuple(
                (
                    q.name,
                    say(q.ask),
                    panels.result(q, ballot),
                    [ballot.votes.get((q.name, u)) for u in panels.voters(ballot)].count("yes"),
                    [ballot.votes.get((q.name, u)) for u in panels.voters(ballot)].count("no"),
                    tuple((seats[u], v) for (name, u), v in ballot.votes.items() if name == q.name and u in seats),
                )
                for q in panels.asked(panel, reading.holds)
            ),
            dissents=tuple((seats.get(u, ""), text) for u, text in ballot.dissents.items()) if named else (),
            may_sit=not refusals and page.actor.user not in ballot.present,
            may_sit_reasons=page.shown.reasons(refusals, page.case),
            my_votes={q: v for (q, user), v in ballot.votes.items() if user == page.actor.user},
        )
    return None


def _member(page: Page, ballot: Ballot, user: str, *, named: bool) -> str:
    if named or user == page.actor.user:
        return page.names.get(user, user)
    order = list(dict.fromkeys((*ballot.present, *ballot.recused)))
    return page.shown.wording.say("Member {number}").format(number=order.index(user) + 1)


def _deadlines(page: Page) -> tuple[DeadlineView, ...]:
    views = [page.shown.deadline(run) for run in page.case.deadlines if run.ended_at is None]
    due = [v for v in views if v is not None and v.at_expiry]
    return tuple(sorted(due, key=lambda v: (v.due_at is None, v.due_at)))


def _duties(page: Page) -> tuple[DutyView, ...]:
    say = page.shown.wording.say
    return tuple(
        DutyView(
            name=d.name,
            text=say(d.text),
            role=", ".join(page.shown.wording.role_titles([d.role])),
            raised_at=d.raised_at,
            proceeding=d.proceeding,
            is_mine=d.role in page.shown.roles,
        )
        for d in page.case.duties
        if not d.done
    )


def _documents(page: Page) -> tuple[DocumentView, ...]:
    found: list[DocumentView] = []
    newest = {(issued.name, issued.proceeding): issued for issued in page.case.documents}
    for issued in page.case.documents:
        machine, name = issued.name.split(".", 1)
        declared = page.definition.machines[machine].documents.get(name)
        if declared is None:
            continue
        found.append(
            DocumentView(
                name=issued.name,
                title=page.shown.wording.say(declared.title),
                number=issued.number,
                issued_at=issued.issued_at,
                issued_by=page.names.get(issued.issued_by, ""),
                seq=issued.seq,
                proceeding=issued.proceeding,
                recipients=declared.recipients,
                may_print=declared.confidentiality in page.shown.classes,
                may_issue=issued is newest[issued.name, issued.proceeding]
                and bool(issuing_roles(page.definition.machines[machine], name) & page.actor.roles),
            )
        )
    return tuple(found)


def _people(page: Page) -> tuple[tuple[str, str], ...]:
    functions: dict[str, list[str]] = {}
    restricted = "restricted" not in page.shown.classes
    of_panels = {panel.function for m in page.definition.machines.values() for panel in m.panels.values()}
    for p in page.case.participations:
        name = page.names.get(p.user, p.user)
        if p.function in of_panels and restricted:
            continue
        functions.setdefault(p.function, [])
        if name not in functions[p.function]:
            functions[p.function].append(name)
    titles = page.shown.wording.function_titles
    return tuple((titles([function])[0], ", ".join(names)) for function, names in functions.items())


def _safeguard_words(page: Page, qualified: str) -> str:
    machine, name = qualified.split(".", 1)
    declared = page.definition.machines[machine].safeguards.get(name)
    return page.shown.wording.say(declared.says) if declared else qualified


def _openable(page: Page) -> tuple[tuple[str, str | None, str], ...]:
    return tuple(
        (machine, key, page.shown.proceeding_title(machine, key))
        for machine, key in openable(page.definition, page.case, page.actor)
        if machine != CASE_MACHINE
    )


def _startable(page: Page, offered: tuple[Offer, ...]) -> tuple[tuple[str, str | None, str], ...]:
    """Procedures that start by an act of their own: the title leads to that act."""
    found: list[tuple[str, str | None, str]] = []
    for offer in offered:
        if offer.proceeding.startswith("new ") and offer.transition.by & page.actor.roles:
            _, machine, *rest = offer.proceeding.split(" ")
            title = f"{page.shown.proceeding_title(machine, rest[0] if rest else None)}: "
            found.append(
                (offer.proceeding, offer.transition.name, title + page.shown.wording.say(offer.transition.title))
            )
    return tuple(found)
