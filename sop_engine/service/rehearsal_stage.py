"""The stage of a rehearsal: the case, the people and the clock, and how a difference is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sop_engine.definition.model import Step
from sop_engine.service.service import Service
from sop_engine.service.typed import typed_answers
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Line
from sop_engine.store import cases
from sop_engine.vocabulary import Case, Proceeding


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
        return typed_answers(step, written, time_zone=self.svc.current.calendar.time_zone)
