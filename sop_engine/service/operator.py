"""The operator of an installation at its command line: finds a case, checks logs, never holds restricted answers."""

from __future__ import annotations

from dataclasses import dataclass

from sop_engine.definition.model import Definition
from sop_engine.engine.offers import Offer, offers
from sop_engine.service.accounts import reader_of
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import accounts, cases, lines
from sop_engine.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class Verified:
    """One log that was checked: ``first_wrong`` is the number of the first entry that is not as it was written."""

    case_id: str
    number: str
    entries: int
    first_wrong: int | None


def find_case_id(svc: Service, named: str) -> tuple[str, str]:
    """Return (case id, office) of a case named by its id or number. Raises NotFound."""
    with svc.store.reading() as conn:
        head = cases.find_head(conn, named)
        if head is None:
            found = lines.find_by_number(conn, named.upper())
            head = cases.find_head(conn, found) if found else None
    if head is None:
        raise NotFound
    return head.id, head.office_id


def operator(svc: Service, office: str, *, language: str = "en") -> Reader:
    """Return the operator as a reader: every role that does not hold the restricted class."""
    roles = frozenset(name for name, role in svc.current.roles.items() if "restricted" not in role.reads)
    return Reader(user="operator", name="Operator", roles=roles, office=office, language=language)


def reader_named(svc: Service, username: str, office: str) -> Reader:
    """Return the person with this username as a reader in an office. Raises NotFound."""
    with svc.store.reading() as conn:
        found = accounts.find_by_username(conn, username)
    if found is None:
        raise NotFound
    return reader_of(found, office)


def explain(svc: Service, case_id: str, reader: Reader) -> tuple[Definition, tuple[Offer, ...]]:
    """Return every action of a case, open or closed with reasons, whoever has to do it."""
    with svc.store.reading() as conn:
        head = cases.find_head(conn, case_id)
        if head is None:
            raise NotFound
        definition = svc.definition(conn, head.set_digest)
        case = svc.load(conn, head)
    everybody = Actor(reader.user, frozenset(definition.roles))
    wording = svc.wording(definition, reader.language)
    return definition, offers(definition, case, everybody, svc.clock(), wording=wording)


def verify_logs(svc: Service) -> tuple[Verified, ...]:
    """Check the chain of every log."""
    checked: list[Verified] = []
    with svc.store.reading() as conn:
        for case_id in cases.all_ids(conn):
            head = cases.find_head(conn, case_id)
            if head is not None:
                checked.append(Verified(head.id, head.number, head.seq, cases.verify_case(conn, case_id)))
    return tuple(checked)
