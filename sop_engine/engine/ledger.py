"""The entries that one step adds to a log, and the case as it stands after each of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sop_engine.definition.model import Definition
from sop_engine.engine.evolve import evolve
from sop_engine.engine.reading import CaseReading
from sop_engine.guards.tree import Guard
from sop_engine.vocabulary import SYSTEM, THE_SYSTEM, Actor, AuditEvent, Case, Proceeding


class Ledger:
    """Collects audit events and folds each one at once, so that what follows reads the case as it now is."""

    def __init__(self, definition: Definition, case: Case, at: datetime) -> None:
        self.definition = definition
        self.case = case
        self.at = at
        self.events: list[AuditEvent] = []
        self.to_issue: list[tuple[str, str, Actor, str]] = []
        """(proceeding, document, who, in which role) of papers that the step issues once all is settled."""
        self._reading: CaseReading | None = None

    def record(
        self,
        kind: str,
        *,
        proceeding: str = "",
        by: Actor = THE_SYSTEM,
        role: str = SYSTEM,
        data: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> AuditEvent:
        """Append one entry and fold it into the case."""
        event = AuditEvent(
            seq=self.case.seq + 1,
            kind=kind,
            at=self.at,
            by=by.user,
            role=role,
            proceeding=proceeding,
            data=dict(data or {}),
            personal=dict(personal or {}),
        )
        self.events.append(event)
        self.case = evolve(self.case, event)
        self._reading = None
        return event

    def reading(self, proceeding: Proceeding | None = None) -> CaseReading:
        """Return the present case as the guards of a proceeding read it."""
        if self._reading is None:
            self._reading = CaseReading(self.definition, self.case)
        return self._reading if proceeding is None else self._reading.at(proceeding)

    def holds(self, guard: Guard, proceeding: Proceeding | None = None) -> bool | None:
        return self.reading(proceeding).holds(guard)
