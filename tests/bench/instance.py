"""One throw-away instance with a case at work, shared by the measurements."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sop_engine.commands.instance import open_service
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.open_case import open_case
from sop_engine.service.service import Service
from sop_engine.service.views import Reader


@contextmanager
def instance(folder: Path, *, url: str | None = None) -> Iterator[tuple[Service, Reader]]:
    """Give a service over a fresh store, and a reader with the roles of a small office's front desk."""
    moments = itertools.count()
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
    service = open_service(folder, clock=lambda: datetime.fromtimestamp(start + next(moments) / 1000, tz=UTC), url=url)
    office = add_office(service, code=f"B{secrets.token_hex(2)}", name="Bench", country="XXA", time_zone="UTC")
    roles = ["frontline_officer", "registration_officer"]
    account = add_account(
        service,
        username=f"bench-{secrets.token_hex(4)}",
        person_name="Ben Bench",
        password_hash=None,
        office=office.id,
        roles=roles,
        by="bench",
    )
    try:
        yield service, reader_of(account, office.id)
    finally:
        service.store.close()


def a_case(service: Service, reader: Reader) -> str:
    """Open a case with a screening and return its id."""
    return open_case(service, reader, form_token=service.ids()).case_id
