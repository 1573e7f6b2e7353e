"""Who may open which case. Existence is secret: what a reader may not open is, for them, not there.

A role reaches the cases of its office by its declared scope: all of them, or those where something waits for the role.
Whoever worked on a case can open it again. The full access model (named people, locks, witnesses) joins here.
"""

from __future__ import annotations

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.service.errors import NotFound
from sop_engine.service.views import Reader
from sop_engine.store import cases
from sop_engine.store.cases import CaseHead
from sop_engine.store.reach import Reach, can_see


def reach_of(definition: Definition, reader: Reader) -> Reach:
    """Return how far a reader's roles let them see in their office."""
    held = {role: definition.roles[role].scope for role in reader.roles if role in definition.roles}
    return Reach(
        office_id=reader.office,
        account=reader.user,
        office_roles=frozenset(role for role, scope in held.items() if scope == "office"),
        # Somebody has to take a case up before it is theirs: what waits for the role can be opened and taken up.
        docket_roles=frozenset(role for role, scope in held.items() if scope in ("docket", "assigned")),
    )


def find(conn: Connection, definition: Definition, reader: Reader, case_id: str, *, lock: bool = False) -> CaseHead:
    """Return the row of a case that this reader may open, locked if asked. Raises NotFound otherwise."""
    head = cases.lock_case(conn, case_id) if lock else cases.find_head(conn, case_id)
    if head is None or not can_see(conn, reach_of(definition, reader), case_id):
        raise NotFound
    return head


def classes_read(definition: Definition, reader: Reader) -> frozenset[str]:
    """Return the classes of answers that the reader's roles hold."""
    return frozenset(c for role in reader.roles if role in definition.roles for c in definition.roles[role].reads)
