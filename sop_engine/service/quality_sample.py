"""The sample of a quality cycle: which files are in it, found by reading and never by writing to a case.

The seed of a cycle is the fingerprint of the log entry with which the cycle was planned: nobody chose it, and it was
there before anybody could know which files it hits. Each file that is read for the draw is noted in the access log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.engine.reading import CaseReading
from sop_engine.engine.sampling import SHARE, Layer, Result, Sample, SampleFile, draw, pseudonym
from sop_engine.service import access
from sop_engine.service.drafts import save_draft
from sop_engine.service.errors import NotFound
from sop_engine.service.identity import identity_of
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import access_log, cases
from sop_engine.store.reach import can_see
from sop_engine.vocabulary import Case, Proceeding

QUALITY_LEAD = "qa_lead"
CYCLE = "quality_cycle"
PLANNED, DRAWN = "cycle_planned", "sample_drawn"
LONG_DETENTION = timedelta(days=14)
_HELD = frozenset({"detained", "review_due", "review_held", "release_pending"})
_LOOKED_AT: Mapping[str, frozenset[str]] = {
    "interview": frozenset({"interview_complete"}),
    "decision": frozenset({"decided", "decided_outside"}),
    "reception": frozenset({"detained"}),
}
"""Machine → the states in which there is work to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """A drawn sample, and the numbers of its cases for whoever names the reviewers."""

    sample: Sample
    numbers: Mapping[str, str]
    """Case → its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleView:
    """One running cycle: planned (with the seed of its draw) or drawn (with the cases behind the pseudonyms)."""

    case_id: str
    number: str
    proceeding: str
    is_planned: bool
    share: int
    seed: str
    recorded: tuple[tuple[str, str, str, str], ...] = ()
    """(pseudonym, layer, result, number of the case; empty when nobody here can open it)."""


def draw_sample(
    svc: Service,
    reader: Reader,
    *,
    seed: str,
    per_stratum: int = 1,
    share: int = SHARE,
    since: date | None = None,
    until: date | None = None,
) -> SampleView:
    """Draw a sample from the files within the reader's reach. Raises NotFound for anybody but the lead."""
    _only_the_lead(reader)
    with svc.store.writing() as conn:
        files, numbers = sample_files(svc, conn, reader, since=since, until=until)
        drawn = draw(files, seed=seed, per_stratum=per_stratum, share=share)
        now = svc.clock()
        for one in drawn.drawn:
            access_log.record_access(conn, at=now, account=reader.user, what="quality sample", case_id=one.file.case_id)
    return SampleView(sample=drawn, numbers={one.file.case_id: numbers[one.file.case_id] for one in drawn.drawn})


def sample_files(
    svc: Service, conn: Connection, reader: Reader, *, since: date | None = None, until: date | None = None
) -> tuple[tuple[SampleFile, ...], Mapping[str, str]]:
    """Return the files with work to look at, and the number of each case."""
    found: list[SampleFile] = []
    numbers: dict[str, str] = {}
    reach = access.reach_of(svc.current, reader)
    for case_id in cases.with_machines(conn, frozenset(_LOOKED_AT)):
        head = cases.find_head(conn, case_id)
        if head is None or not can_see(conn, reach, case_id):
            continue
        definition, case = svc.definition(conn, head.set_digest), svc.load(conn, head)
        worked_on = [p for p in case.proceedings if _LOOKED_AT.get(p.machine, frozenset()) & set(p.visited)]
        if not worked_on or not _within(definition, worked_on, since, until):
            continue
        numbers[case_id] = head.number
        found.append(
            SampleFile(
                case_id=case_id,
                layer=_layer(svc, conn, definition, case),
                result=_result(definition, case),
                officer=_officer(case),
                nationality=next(iter(sorted(identity_of(definition, case).nationality)), ""),
            )
        )
    return tuple(found), numbers


def cycles(svc: Service, reader: Reader) -> tuple[CycleView, ...]:
    """Return the running cycles of the reader's office. Raises NotFound for anybody but the lead."""
    _only_the_lead(reader)
    found = []
    reach = access.reach_of(svc.current, reader)
    with svc.store.reading() as conn:
        for case_id in cases.with_machines(conn, (CYCLE,)):
            head = cases.find_head(conn, case_id)
            if head is None or not can_see(conn, reach, case_id):
                continue
            cycle = svc.load(conn, head).newest(CYCLE)
            if cycle is not None and cycle.state in (PLANNED, DRAWN):
                found.append((head.id, head.number, cycle, _seed(conn, head.id, cycle)))
    return tuple(
        CycleView(
            case_id=case_id,
            number=number,
            proceeding=cycle.id,
            is_planned=cycle.state == PLANNED,
            share=_share(cycle),
            seed=seed,
            recorded=_recorded(svc, reader, cycle) if cycle.state == DRAWN else (),
        )
        for case_id, number, cycle, seed in found
    )


def prepare_draw(svc: Service, reader: Reader, case_id: str) -> str:
    """Draw the sample of a planned cycle into the lead's draft of the act that fixes it; returns the proceeding.

    The act itself stays with the lead, who confirms what the system drew. Raises NotFound.
    """
    planned = next((one for one in cycles(svc, reader) if one.case_id == case_id and one.is_planned), None)
    if planned is None:
        raise NotFound
    drawn = draw_sample(svc, reader, seed=planned.seed, share=planned.share)
    answers = draw_answers(drawn.sample)
    save_draft(svc, reader, case_id, proceeding=planned.proceeding, step="do draw", answers=answers)
    return planned.proceeding


def draw_answers(sample: Sample) -> dict[str, Any]:
    """Return a sample as the answers of the step that records it."""
    return {
        "random_seed": sample.seed,
        "population_hash": sample.population_hash,
        "sample_ids": [
            {"pseudonym": one.pseudonym, "layer": one.file.layer, "result": one.file.result} for one in sample.drawn
        ],
        "by_the_service": "yes",
    }


def _only_the_lead(reader: Reader) -> None:
    if QUALITY_LEAD not in reader.roles:
        raise NotFound


def _within(definition: Definition, worked_on: Iterable[Proceeding], since: date | None, until: date | None) -> bool:
    last = max(definition.calendar.local(p.entered_at).date() for p in worked_on)
    return (since is None or since <= last) and (until is None or last <= until)


def _layer(svc: Service, conn: Connection, definition: Definition, case: Case) -> Layer:
    decision = case.newest("decision")
    if decision is not None and "exclusion_examination" in decision.visited:
        return "exclusion"
    if "uasc" in definition.shared and CaseReading(definition, case).fact(None, "uasc") is True:
        return "uasc"
    return "detention" if _held_for(svc, conn, case) > LONG_DETENTION else "rest"


def _held_for(svc: Service, conn: Connection, case: Case) -> timedelta:
    """Return for how long the person was held in all."""
    held = timedelta()
    if not any("detained" in p.visited for p in case.instances("reception")):
        return held
    began = None
    for event in cases.load_events(conn, case.id):
        to = event.data.get("to") if event.proceeding.startswith("reception-") else None
        if to is None:
            continue
        if to in _HELD and began is None:
            began = event.at
        elif to not in _HELD and began is not None:
            held, began = held + (event.at - began), None
    return held + (svc.clock() - began) if began else held


def _result(definition: Definition, case: Case) -> Result:
    decision = case.newest("decision")
    if decision is None:
        return "none"
    reading = CaseReading(definition, case, decision)
    facts = definition.machines["decision"].facts
    for name in ("positive", "negative"):
        if name in facts and reading.fact("decision", name) is True:
            return "positive" if name == "positive" else "negative"
    return "none"


def _officer(case: Case) -> str:
    """Return who did the work: who heard and assessed, else who ordered the detention."""
    for function in ("interview", "detention_order"):
        did = [p.user for p in case.participations if p.function == function]
        if did:
            return did[-1]
    return ""


def _seed(conn: Connection, case_id: str, cycle: Proceeding) -> str:
    """Return the fingerprint of the entry that planned the cycle."""
    for entry in cases.load_chain(conn, case_id):
        if entry.event.proceeding == cycle.id:
            return entry.hash
    return ""


def _share(cycle: Proceeding) -> int:
    answered = cycle.latest_answer("planning", "sample_size")
    return answered if isinstance(answered, int) else SHARE


def _recorded(svc: Service, reader: Reader, cycle: Proceeding) -> tuple[tuple[str, str, str, str], ...]:
    """Return the recorded sample with the numbers of the cases behind the pseudonyms."""
    seed, rows = cycle.latest_answer("drawing", "random_seed"), cycle.latest_answer("drawing", "sample_ids")
    reach = access.reach_of(svc.current, reader)
    sampled = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    wanted = {str(row["pseudonym"]) for row in sampled}
    with svc.store.reading() as conn:
        behind = {pseudonym(str(seed), case_id): (case_id, number) for case_id, number in cases.all_numbers(conn)}
        numbers = {name: behind[name][1] for name in wanted & behind.keys() if can_see(conn, reach, behind[name][0])}
    return tuple(
        (str(row["pseudonym"]), str(row["layer"]), str(row["result"]), numbers.get(str(row["pseudonym"]), ""))
        for row in sampled
    )
