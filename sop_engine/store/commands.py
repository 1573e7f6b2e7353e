"""Acts by their form's token: what was sent twice is done once, and answered twice alike.

Neither token nor answers are stored: the token as its hash, the answers as a digest keyed with the token. Who reads the
table can neither repeat an act nor try out which answers were given.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from sop_engine.store import tables as t
from sop_engine.store.chain import canonical
from sop_engine.store.faults import OtherPayload
from sop_engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same act was done before: when, on which case, and with which result."""

    result: Mapping[str, Any]
    case_id: str | None
    at: datetime


def claim(
    conn: Connection, form_token: str, *, payload: object, account: str, at: datetime, case_id: str | None = None
) -> Earlier | None:
    """Take a form's token for this act, as the first thing of the transaction; return the earlier act if it was taken.

    ``payload`` is a JSON value of all that the form said. Waits while another transaction holds the same token.
    Raises OtherPayload when the token came before with another payload, or from another account.
    """
    key = _hash(form_token)
    digest = _digest(form_token, payload, account)
    row = {
        "form_token": key,
        "payload_digest": digest,
        "account": account,
        "case_id": case_id,
        "result": None,
        "at": at,
    }
    if insert_new(conn, t.command, row):
        return None
    return _earlier(conn, key, digest)


def find(conn: Connection, form_token: str, *, payload: object, account: str) -> Earlier | None:
    """Return what an act did, if it was done: the answer to “did it commit?” after a lost connection."""
    return _earlier(conn, _hash(form_token), _digest(form_token, payload, account))


def finish(conn: Connection, form_token: str, *, result: Mapping[str, Any], case_id: str | None = None) -> None:
    """Keep what the act did. ``result`` holds names of the definition and numbers, nothing personal."""
    conn.execute(_FINISH, {"of_token": _hash(form_token), "result": result, "of_case": case_id})


def _earlier(conn: Connection, key: str, digest: str) -> Earlier | None:
    row = conn.execute(_FIND, {"of_token": key}).one_or_none()
    if row is None:
        return None
    if not hmac.compare_digest(row.payload_digest, digest):
        raise OtherPayload("This form was sent before with other answers. Open the page again.")
    return Earlier(row.result or {}, row.case_id, row.at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _digest(token: str, payload: object, account: str) -> str:
    return hmac.new(token.encode(), canonical([account, payload]).encode(), hashlib.sha256).hexdigest()


_FIND = select(t.command).where(t.command.c.form_token == bindparam("of_token"))
_FINISH = (
    update(t.command)
    .where(t.command.c.form_token == bindparam("of_token"))
    .values(
        result=bindparam("result"),
        # The case is not known yet when a token is claimed in order to open one.
        case_id=func.coalesce(bindparam("of_case", type_=t.command.c.case_id.type), t.command.c.case_id),
    )
)
