"""Taking a set of declarations into use: it is stored whole, by its digest, before any case opens under it."""

from __future__ import annotations

from sop_engine.service.service import Service
from sop_engine.store import editions


def adopt_current(svc: Service) -> bool:
    """Store the set in force if it is not stored yet. Returns whether it was new."""
    with svc.store.writing() as conn:
        return editions.adopt(
            conn,
            digest=svc.current.digest,
            title=svc.current.national.title if svc.current.national else "Harmonised procedures",
            files=svc.current.files,
            at=svc.clock(),
        )
