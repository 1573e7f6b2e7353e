"""The stage of a rehearsal: the case, the people and the clock, and how a difference is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sop_engine.definition.model import Question, Step
from sop_engine.service.service import Service
from sop_engine.service.typed import typed_answers
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Line
from sop_engine.store import cases
from sop_engine.vocabulary import Case, Proceeding

MOVED_WITHIN = timedelta(days=300)


class Difference(Exception):
    """A step of an example did not go as it says; the message names the step and what happened instead."""


@dataclass(slots=True)
class Stage:
    svc: Service
    set_clock: Callable[[datetime], None]
    readers: dict[str, Reader]
    parts: Mapping[str, tuple[Line, ...]]
    case_id: str = ""
    refusals: int = 0
    who: dict[str, str] = field(default_factory=dict)
    """Names of a part → names of the example."""
    alarms_expected: frozenset[str] = frozenset()
    moved: timedelta = timedelta()
    began: datetime | None = None

    def reader(self, line: Line) -> Reader:
        name = line.values.get("by", "")
        name = self.who.get(name, name)
        if name not in self.readers:
            raise Difference(f"nobody is called “{name}” here; name them under people")
        return self.readers[name]

    def case(self) -> Case:
        with self.svc.store.reading() as conn:
            head = cases.find_head(conn, self.case_id)
            if head is None:
                raise Difference("no case is open yet")
            return self.svc.load(conn, head)

    def place(self, machine: str, key: str | None) -> Proceeding:
        found = self.case().newest(machine, key)
        if found is None:
            raise Difference(f"{machine}{' ' + key if key else ''} has not been opened")
        return found

    def token(self) -> str:
        return self.svc.ids()

    def answers(self, step: Step, written: Mapping[str, Any]) -> dict[str, Any]:
        """Return written answers as typed ones, the recent dates among them moved with the rehearsal."""
        found = typed_answers(step, written, time_zone=self.svc.current.calendar.time_zone)
        if not self.moved:
            return found
        return {name: self._moved(step.questions.get(name), value) for name, value in found.items()}

    def _moved(self, question: Question | None, value: Any) -> Any:
        if question is None:
            return value
        if question.answer == "table" and isinstance(value, list):
            return [
                {name: self._moved(question.columns.get(name), cell) for name, cell in row.items()} for row in value
            ]
        if question.answer not in ("date", "moment") or not isinstance(value, str):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            return value
        at = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        # Dates of the procedure move; a birthday, or what happened years before, stays what it was.
        if self.began is None or abs(at - self.began) > MOVED_WITHIN:
            return value
        later = at + self.moved
        return later.strftime("%Y-%m-%dT%H:%MZ") if question.answer == "moment" else later.date().isoformat()
