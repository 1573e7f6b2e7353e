"""The chain that makes every change to a case's log visible: each entry carries the hash of the one before it.

``h_n = SHA256("sop-audit-v1" | case | n | h_(n-1) | canonical(record))``. What is personal enters the record as a
salted commitment and not as itself, so that the chain still verifies after the personal values of a case were
destroyed, and so that nobody who holds the hashes can guess them.

What the chain alone cannot see: a tail cut off together with a repaired head. For that, heads must be known elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sop_engine.vocabulary import AuditEvent

GENESIS = "0" * 64
"""What the first entry of a case takes as the hash before it."""
_FORMAT = "sop-audit-v1"


class NotCanonical(ValueError):
    """A value has no canonical JSON form: not plain JSON, not a number, or not Unicode text."""


class NaiveInstant(ValueError):
    """An instant came without a time zone; only aware instants can be kept."""


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """One entry of the log as it is stored. ``salt`` is None when its personal values were destroyed."""

    event: AuditEvent
    salt: str | None
    commitment: str
    hash: str


def canonical(value: object) -> str:
    """Return the one JSON text that stands for a value: keys sorted, no spaces, nothing escaped without need."""
    try:
        text = json.dumps(
            _plain(value),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
            check_circular=True,
        )
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        # `from None`: the original error quotes the value, which may be personal.
        raise NotCanonical(f"A value has no canonical JSON form ({type(error).__name__}).") from None
    return text


def instant_text(at: datetime) -> str:
    """Return an instant as UTC text of fixed width, which sorts as time does. Raises NaiveInstant."""
    if at.tzinfo is None:
        raise NaiveInstant("An instant without a time zone cannot be kept: give it in UTC.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def link(case_id: str, event: AuditEvent, before: str, *, salt: str | None = None) -> ChainedEvent:
    """Return the entry that follows the one whose hash is ``before``."""
    salt = salt or secrets.token_hex(16)
    commitment = _commit(event.personal, salt)
    return ChainedEvent(event, salt, commitment, _hash(case_id, event, commitment, before))


def verify(
    case_id: str, entries: Iterable[ChainedEvent], *, seq: int | None = None, head: str | None = None
) -> int | None:
    """Return the number of the first entry that is not as it was written, or None when all are.

    Entries come in the order of their numbers. With ``seq`` and ``head`` (the case's own) a missing tail is found too.
    """
    before, last = GENESIS, 0
    for entry in entries:
        event = entry.event
        if (
            event.seq != last + 1
            or entry.hash != _hash(case_id, event, entry.commitment, before)
            or (entry.salt is not None and entry.commitment != _commit(event.personal, entry.salt))
        ):
            return last + 1
        before, last = entry.hash, event.seq
    if seq is not None and seq != last:
        return min(seq, last) + 1
    if head is not None and head != before:
        return last
    return None


def _commit(personal: Mapping[str, Any], salt: str) -> str:
    return _sha256(f"{salt}|{canonical(personal)}")


def _hash(case_id: str, event: AuditEvent, commitment: str, before: str) -> str:
    record = {
        "kind": event.kind,
        "at": instant_text(event.at),
        "by": event.by,
        "role": event.role,
        "proceeding": event.proceeding,
        "data": event.data,
        "personal": commitment,
    }
    # Unambiguous although joined: a number and a hash hold no bar, and the record stands last.
    return _sha256(f"{_FORMAT}|{case_id}|{event.seq}|{before}|{canonical(record)}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """Turn read-only mappings and tuples into what JSON knows; refuse keys that JSON would silently turn into text."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
