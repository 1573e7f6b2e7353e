"""Editions from draft to running cases: one person drafts, another releases, each case moves by an act of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.engine.upgrade import EDITION_CHANGED, NotMovable, Upgrade, move, plan, revert, weakened_machines
from sop_engine.service.errors import NotFound
from sop_engine.service.project import project
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import accounts, cases, editions, releases
from sop_engine.vocabulary import Actor, AuditEvent, Case

POLICY_OFFICER = "policy_officer"


class NotReleased(Exception):
    """An edition cannot be drafted or released as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    digest: str
    profile: str
    effective_on: str
    note: str
    drafted_by: str
    released_by: str
    is_in_force: bool
    drafted_by_name: str = ""
    released_by_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCase:
    """One open case and how it stands to the new edition."""

    case_id: str
    number: str
    edition: str
    upgrade: Upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCase:
    """A case that moved to another edition and in which nothing has happened since: the move can be taken back."""

    case_id: str
    number: str
    was: str
    to: str


def draft_edition(svc: Service, reader: Reader, definition: Definition, *, effective_on: str, note: str = "") -> str:
    """Store a set as a draft with the day from which it shall hold. Returns its digest. Raises NotReleased."""
    _must_be_policy_officer(reader)
    try:
        day = date.fromisoformat(effective_on)
    except ValueError:
        raise NotReleased(f"“{effective_on}” is no day. Write year-month-day.") from None
    if day < svc.clock().date():
        raise NotReleased(
            f"{effective_on} is over: an edition never takes effect in the past. Name today or a later day."
        )
    title = definition.national.title if definition.national else "Harmonised procedures"
    with svc.store.writing() as conn:
        now = svc.clock()
        editions.adopt(conn, digest=definition.digest, title=title, files=definition.files, at=now)
        is_new = releases.draft(
            conn,
            digest=definition.digest,
            profile=code_of(definition),
            effective_on=effective_on,
            note=note,
            by=reader.user,
            at=now,
        )
    if not is_new:
        raise NotReleased("This very text was drafted before. Release that draft, or change the text.")
    return definition.digest


def release_edition(svc: Service, reader: Reader, digest: str) -> str:
    """Release a draft: never by the person who drafted it. Returns its digest. Raises NotReleased."""
    _must_be_policy_officer(reader)
    with svc.store.writing() as conn:
        found = releases.find(conn, digest)
        if found is None:
            raise NotReleased(f"No draft begins with “{digest}”. List them with sop edition list.")
        if found.released_by is not None:
            raise NotReleased("It was released before.")
        if found.drafted_by == reader.user:
            raise NotReleased("Who drafted an edition does not release it: ask a second policy officer.")
        releases.release(conn, digest=found.digest, by=reader.user, at=svc.clock())
        return found.digest


def list_editions(svc: Service) -> tuple[EditionView, ...]:
    """Return every draft and release, and which one holds today."""
    with svc.store.reading() as conn:
        day = svc.clock().date().isoformat()
        found = releases.all_of(conn)
        names = accounts.names_of(conn, {who for one in found for who in (one.drafted_by, one.released_by) if who})
        return tuple(
            EditionView(
                digest=one.digest,
                profile=one.profile,
                effective_on=one.effective_on,
                note=one.note,
                drafted_by=one.drafted_by,
                released_by=one.released_by or "",
                is_in_force=one.digest == releases.in_force(conn, profile=one.profile, day=day),
                drafted_by_name=names.get(one.drafted_by, ""),
                released_by_name=names.get(one.released_by or "", ""),
            )
            for one in found
        )


def stored(svc: Service, digest: str) -> Definition:
    """Return a stored edition by its digest or the beginning of it. Raises NotFound."""
    with svc.store.reading() as conn:
        found = releases.find(conn, digest)
        try:
            return svc.definition(conn, found.digest if found else digest)
        except LookupError:
            raise NotFound from None


def take_released(svc: Service) -> bool:
    """Put the released edition that holds today in the place of the folder's text. Returns whether there is one.

    From the first release on, a changed file changes nothing until it is drafted and released.
    """
    with svc.store.reading() as conn:
        digest = releases.in_force(conn, profile=code_of(svc.current), day=svc.clock().date().isoformat())
        if digest is None:
            return False
        if digest != svc.current.digest:
            svc.current = svc.definition(conn, digest)
        return True


def code_of(definition: Definition) -> str:
    return definition.national.iso3 if definition.national else "harmonised"


def count_cases(svc: Service) -> int:
    """Return how many cases there are, whatever edition they stand under."""
    with svc.store.reading() as conn:
        return len(cases.all_ids(conn))


def plan_upgrade(svc: Service, new: Definition) -> tuple[PlannedCase, ...]:
    """Sort every case that is not under an edition already: it moves, needs a mapping, or must finish."""
    found = []
    weakened: dict[str, dict[str, tuple[str, ...]]] = {}
    with svc.store.reading() as conn:
        for case_id in cases.all_ids(conn):
            head = cases.find_head(conn, case_id)
            if head is None or head.set_digest == new.digest:
                continue
            old = svc.definition(conn, head.set_digest)
            case = svc.load(conn, head)
            if not _is_open(case, old):
                continue
            if old.digest not in weakened:
                weakened[old.digest] = dict(weakened_machines(old, new))
            upgrade = plan(case, old, new, weakened[old.digest])
            found.append(PlannedCase(case_id=head.id, number=head.number, edition=old.digest, upgrade=upgrade))
    return tuple(found)


def _is_open(case: Case, definition: Definition) -> bool:
    states = ((p, definition.machines[p.machine].states.get(p.state)) for p in case.proceedings)
    return any(state is None or state.kind != "end" for _, state in states)


def upgrade_case(svc: Service, reader: Reader, case_id: str, new: Definition, *, reason: str) -> Upgrade:
    """Move one case to an edition, as one audited act. Raises NotFound, NotMovable or NotReleased."""
    _must_be_policy_officer(reader)
    with svc.store.writing() as conn:
        head = cases.lock_case(conn, case_id)
        if head is None:
            raise NotFound
        old, case = svc.definition(conn, head.set_digest), svc.load(conn, head)
        if old.digest == new.digest:
            raise NotMovable("The case is under this edition already.")
        found = plan(case, old, new, weakened_machines(old, new))
        now = svc.clock()
        changed, event = move(case, found, to=new.digest, by=_actor(reader), role=POLICY_OFFICER, at=now, reason=reason)
        title = new.national.title if new.national else "Harmonised procedures"
        editions.adopt(conn, digest=new.digest, title=title, files=new.files, at=now)
        chain = _keep(conn, head, (old, case), (new, changed), event)
    svc.keep(case_id, chain, changed)
    return found


def moved_cases(svc: Service) -> tuple[MovedCase, ...]:
    """Return the cases whose last entry is a move to another edition, which can be taken back."""
    with svc.store.reading() as conn:
        ending = cases.ending_with(conn, EDITION_CHANGED)
    return tuple(
        MovedCase(case_id=case_id, number=number, was=str(data["was"]), to=str(data["set_digest"]))
        for case_id, number, data in ending
        if not data.get("reverted")
    )


def revert_upgrade(svc: Service, reader: Reader, case_id: str, *, reason: str) -> str:
    """Take a case back to the edition it came from; returns its digest. Raises NotFound, NotMovable or NotReleased."""
    _must_be_policy_officer(reader)
    with svc.store.writing() as conn:
        head = cases.lock_case(conn, case_id)
        if head is None:
            raise NotFound
        case = svc.load(conn, head)
        log = cases.load_events(conn, case_id, after_seq=head.seq - 1)
        changed, event = revert(case, log[-1], by=_actor(reader), role=POLICY_OFFICER, at=svc.clock(), reason=reason)
        old, new = svc.definition(conn, head.set_digest), svc.definition(conn, changed.set_digest)
        chain = _keep(conn, head, (old, case), (new, changed), event)
    svc.keep(case_id, chain, changed)
    return changed.set_digest


def _keep(
    conn: Connection,
    head: cases.CaseHead,
    before: tuple[Definition, Case],
    after: tuple[Definition, Case],
    event: AuditEvent,
) -> str:
    chain = cases.append(
        conn,
        head.id,
        expected_seq=head.seq,
        chain=head.chain_head,
        events=(event,),
        old=project(*before),
        new=project(*after),
    )
    cases.put_under(conn, head.id, set_digest=after[1].set_digest)
    return chain


def _actor(reader: Reader) -> Actor:
    return Actor(reader.user, reader.roles)


def _must_be_policy_officer(reader: Reader) -> None:
    if POLICY_OFFICER not in reader.roles:
        raise NotReleased("Only a policy officer drafts, releases and applies editions.")
