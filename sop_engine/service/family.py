"""Families: each member has a case of their own; a family group says that they belong together."""

from __future__ import annotations

from sqlalchemy import Connection

from sop_engine.engine.apply import apply
from sop_engine.service import access
from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.service import Service
from sop_engine.service.take_step import Request, append, claim
from sop_engine.service.views import Outcome, Reader
from sop_engine.store import commands, lines
from sop_engine.store.cases import CaseHead
from sop_engine.vocabulary import Actor, Case, JoinFamily


def join_family(svc: Service, reader: Reader, case_id: str, *, other_number: str, form_token: str) -> Outcome:
    """Put two cases into one family group: the one that either has, or a new one.

    Raises NotFound, and InvalidAnswers when the other case is none the reader can open, or both have a family already.
    """
    with svc.store.writing() as conn:
        request = Request(case_id, None, form_token)
        earlier = claim(conn, reader, request, {"family": other_number}, at=svc.clock())
        if earlier is not None:
            return Outcome(case_id, earlier.result["seq"], "Already saved.", repeated=True)
        other_id = lines.find_by_number(conn, other_number.strip().upper())
        if other_id is None or other_id == case_id:
            raise InvalidAnswers({"other_number": _NO_SUCH_CASE})
        first, second = sorted((case_id, other_id))
        try:
            heads = {one: access.find(conn, svc.current, reader, one, lock=True) for one in (first, second)}
        except NotFound:
            access.find(conn, svc.current, reader, case_id)
            raise InvalidAnswers({"other_number": _NO_SUCH_CASE}) from None
        families = {head.family_group for head in heads.values() if head.family_group}
        if len(families) > 1:
            raise InvalidAnswers({"other_number": "Both belong to a family already. Ask a supervisor to look at both."})
        family = families.pop() if families else svc.ids()
        kept = [_join(svc, conn, reader, head, family) for head in heads.values() if head.family_group != family]
        seq = next((case.seq for head, _, case in kept if head.id == case_id), heads[case_id].seq)
        commands.finish(conn, form_token, result={"seq": seq}, case_id=case_id)
    for head, chain, case in kept:
        svc.keep(head.id, chain, case)
    return Outcome(case_id, seq, "The two cases belong to one family now.")


_NO_SUCH_CASE = "Enter the number of another case that you can open."


def _join(svc: Service, conn: Connection, reader: Reader, head: CaseHead, family: str) -> tuple[CaseHead, str, Case]:
    definition = svc.definition(conn, head.set_digest)
    case = svc.load(conn, head)
    event = JoinFamily(by=Actor(reader.user, reader.roles), at=svc.clock(), family=family)
    changed, events = apply(definition, case, event, wording=svc.wording(definition, reader.language))
    return head, append(conn, definition, head, case, changed, events), changed
