"""The latches and switches of a case: set and cleared by their named acts, and by what the case itself shows."""

from __future__ import annotations

from sop_engine.definition.model import SharedFact
from sop_engine.engine.ledger import Ledger


def follow_shared_facts(ledger: Ledger, taken: str = "", proceeding: str = "") -> bool:
    """Set and clear the latches and switches of the case. Returns whether anything changed.

    ``taken`` is the transition that was just taken, if any, and ``proceeding`` where.
    """
    changed = False
    for name, fact in ledger.definition.shared.items():
        if fact.kind == "derived":
            continue
        before = name in ledger.case.shared
        after = _value_now(ledger, fact, taken, before=before)
        if after != before:
            by_act = taken in (fact.set_by if after else fact.cleared_by)
            data = {"fact": name, "value": after, **({"transition": taken} if by_act else {})}
            ledger.record("SharedFactChanged", proceeding=proceeding if by_act else "", data=data)
            changed = True
    return changed


def _value_now(ledger: Ledger, fact: SharedFact, taken: str, *, before: bool) -> bool:
    value = before
    if fact.kind == "switch" and before:
        cleared = taken in fact.cleared_by
        if fact.cleared_when is not None and not cleared:
            cleared = ledger.holds(fact.cleared_when) is True
        value = not cleared
    if value or (taken and taken in fact.set_by):
        return True
    return fact.set_when is not None and ledger.holds(fact.set_when) is True
