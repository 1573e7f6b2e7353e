"""The log of a case as people read it: who, when, what, in words; what only keeps the books is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from sop_engine.definition.model import Definition
from sop_engine.records.timeline import happened, names_a_voter
from sop_engine.service import access
from sop_engine.service.service import Service
from sop_engine.service.views import Reader, TimelineEntry
from sop_engine.store import accounts
from sop_engine.vocabulary import SYSTEM, AuditEvent

BOOKKEEPING = frozenset({"SharedFactChanged", "DeadlineStopped", "DeadlineEscalated", "FileOpened", "AlarmCured"})


def timeline(
    svc: Service, conn: Connection, reader: Reader, definition: Definition, events: Iterable[AuditEvent]
) -> tuple[TimelineEntry, ...]:
    """Return the entries of a log in words, oldest first. Answers and reasons of people are not among them."""
    wanted = [event for event in events if event.kind not in BOOKKEEPING]
    names = accounts.names_of(conn, {event.by for event in wanted if event.by != SYSTEM})
    wording = svc.wording(definition, reader.language)
    holds = access.classes_read(definition, reader)
    entries: list[TimelineEntry] = []
    for event in wanted:
        title, detail = happened(event, definition, wording.say, holds=holds)
        hidden = names_a_voter(event) and "restricted" not in holds and event.by != reader.user
        entries.append(
            TimelineEntry(
                seq=event.seq,
                at=event.at,
                by=wording.say("A member of the panel")
                if hidden
                else names.get(event.by, wording.say("The system") if event.by == SYSTEM else event.by),
                role=_role_title(definition, event.role, wording.say),
                title=title,
                detail=detail,
                proceeding=event.proceeding,
                kind=event.kind,
            )
        )
    return tuple(entries)


def _role_title(definition: Definition, role: str, say: Callable[[str], str]) -> str:
    return say(definition.roles[role].title) if role in definition.roles else ""
