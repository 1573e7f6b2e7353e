"""The page of one step or one action: its questions in order, prefilled with what is known, for one reader."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from sop_engine.definition.model import Step
from sop_engine.engine.answering import is_shown, step_for_key, with_answers
from sop_engine.engine.offers import at_instant, offers_of, unopened
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.rounds import next_round, open_round
from sop_engine.service import access
from sop_engine.service.count_files import counted
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.show_case import Page, page_of, show_step_view
from sop_engine.service.views import ActionView, IdentityView, Reader, StepPageView
from sop_engine.store import drafts
from sop_engine.vocabulary import Answer, Case, Proceeding


def show_step(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    step: str,
    typed: Mapping[str, Answer] | None = None,
) -> StepPageView:
    """Return the page of a step. Raises NotFound.

    ``typed`` are answers just entered, which decide what else is asked.
    """
    with svc.store.reading() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        definition = svc.definition(conn, head.set_digest)
        page = page_of(svc, conn, reader, definition, svc.load(conn, head))
        place = _place(page, proceeding)
        declared = definition.machines[place.machine].steps.get(step)
        if declared is None:
            raise NotFound
        number = open_round(place, step)
        return _step_page(conn, reader, page, place, declared, number, head.seq, step, typed)


def show_action(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    transition: str,
    typed: Mapping[str, Answer] | None = None,
) -> tuple[IdentityView, ActionView, StepPageView | None, int]:
    """Return one action with the questions it asks, if any, and the entry the case stands at. Raises NotFound."""
    with svc.store.reading() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        definition = svc.definition(conn, head.set_digest)
        page = page_of(svc, conn, reader, definition, svc.load(conn, head))
        wording = page.shown.wording
        offered = offers_of(definition, page.case, proceeding, page.actor, page.shown.at, wording=wording)
        offer = next((o for o in offered if o.transition.name == transition), None)
        if offer is None:
            raise NotFound
        action = page.shown.action(offer, page.case)
        asked = None
        if offer.transition.asks:
            place = _place(page, proceeding)
            declared = definition.machines[place.machine].steps[offer.transition.asks]
            number = next_round(place, declared.name)
            draft = f"do {transition}"
            asked = _step_page(conn, reader, page, place, declared, number, head.seq, draft, typed)
        return page.shown.identity(page.case), action, asked, head.seq


def _place(page: Page, proceeding_id: str) -> Proceeding:
    if proceeding_id.startswith("new "):
        _, machine, *rest = proceeding_id.split(" ")
        declared = page.definition.machines.get(machine)
        if declared is None:
            raise NotFound
        return unopened(declared, rest[0] if rest else None, page.case)
    try:
        return page.case.proceeding(proceeding_id)
    except KeyError:
        raise NotFound from None


def _step_page(
    conn: Connection,
    reader: Reader,
    page: Page,
    place: Proceeding,
    declared: Step,
    number: int,
    seq: int,
    draft_name: str,
    typed: Mapping[str, Answer] | None,
) -> StepPageView:
    declared = step_for_key(declared, place.key)
    draft = drafts.load_draft(conn, account=reader.user, case_id=page.case.id, proceeding=place.id, step=draft_name)
    on_file = {q: v for q in declared.questions if (v := place.answers.get((declared.name, number, q))) is not None}
    before = {q: v for q in declared.questions if (v := place.latest_answer(declared.name, q)) is not None}
    readable = {q.name for q in declared.questions.values() if q.confidentiality in page.shown.classes}
    own = draft if draft is not None else on_file or before
    # An officer who may answer a question but not read its class starts it afresh, and sees their own draft.
    values = own if draft is not None else {q: v for q, v in own.items() if q in readable}
    # What is counted over many files stands there already; a register that knows of more corrects it. So does the key.
    opened_for = {q.name: place.key for q in declared.questions.values() if q.is_key and place.key}
    values = {**opened_for, **counted(conn, place.machine, declared, case_id=page.case.id), **values, **(typed or {})}
    reading = with_answers(CaseReading(page.definition, page.case, place), place, declared.name, number, values)
    return StepPageView(
        identity=page.shown.identity(page.case),
        step=show_step_view(page, place, declared),
        seq=seq,
        values=values,
        is_draft=draft is not None,
        prefilled_from_round=number - 1 if draft is None and not on_file and before else None,
        shown=tuple(q.name for q in declared.questions.values() if is_shown(q, reading.holds)),
    )


def case_now(svc: Service, conn: Connection, reader: Reader, case_id: str) -> Case:
    """Return the case as it stands at this instant. Raises NotFound."""
    head = access.find(conn, svc.current, reader, case_id)
    definition = svc.definition(conn, head.set_digest)
    return at_instant(definition, svc.load(conn, head), svc.clock())
