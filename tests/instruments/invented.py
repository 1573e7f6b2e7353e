"""Invented offices, editions, accounts and cases, put straight into a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from sop_engine.store import accounts, cases, editions, offices
from sop_engine.store.cases import CaseHead, Projection
from sop_engine.store.database import Store
from sop_engine.vocabulary import AuditEvent

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DIGEST = "d1"
OFFICE = "north"


def an_event(seq: int = 1, *, at: datetime = AT, **personal: Any) -> AuditEvent:
    """An entry of a log; what is named is personal."""
    return AuditEvent(seq, "StepAnswered", at, "ana", "officer", "screening-1", {"step": "arrival"}, personal)


def furnish(store: Store) -> None:
    """Set up two offices, an edition and two officers."""
    with store.writing() as conn:
        for office_id, code in ((OFFICE, "XN"), ("south", "XS")):
            offices.add_office(
                conn, office_id=office_id, code=code, name=office_id, country="XXA", time_zone="America/Port_of_Spain"
            )
        editions.adopt(conn, digest=DIGEST, title="Invented", files={"screening/procedure.yaml": "sop: x"}, at=AT)
        for name in ("ana", "ben"):
            accounts.add_account(
                conn, account_id=name, username=name, person_name=f"{name} Inventada", fs_uniquifier=f"u-{name}", at=AT
            )


def open_case(
    conn: Connection,
    case_id: str = "c1",
    *,
    office_id: str = OFFICE,
    events: Sequence[AuditEvent] | None = None,
    projection: Projection | None = None,
) -> CaseHead:
    """Open a case whose number is made from its id."""
    return cases.create_case(
        conn,
        case_id=case_id,
        number=f"X-{case_id}",
        office_id=office_id,
        set_digest=DIGEST,
        opened_at=AT,
        events=[an_event(name="Invented Person")] if events is None else events,
        projection=projection and replace(projection, office_id=office_id),
    )


def add_entry(conn: Connection, case_id: str = "c1", **personal: Any) -> CaseHead:
    """Take one step on a case as the service does, and return the case as it stands then."""
    head = cases.lock_case(conn, case_id)
    if head is None:
        raise KeyError(case_id)
    entry = an_event(head.seq + 1, **personal)
    chain = cases.append(conn, case_id, expected_seq=head.seq, chain=head.chain_head, events=[entry])
    return replace(head, seq=entry.seq, chain_head=chain, last_at=entry.at)
