"""Accounts of the people of the service, the roles they hold in an office, and how often a sign-in failed.

An account is never deleted: the log names it. It is made inactive.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sop_engine.store import tables as t
from sop_engine.store.faults import UsernameTaken


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the service. ``roles`` are pairs of role and office."""

    id: str
    username: str
    person_name: str
    password_hash: str | None
    active: bool
    fs_uniquifier: str
    language: str
    created_at: datetime
    confirmed_at: datetime | None
    last_sign_in_at: datetime | None
    failed_count: int
    locked_until: datetime | None
    roles: frozenset[tuple[str, str]] = frozenset()

    def roles_in(self, office_id: str) -> frozenset[str]:
        """Return the roles that the person holds in one office."""
        return frozenset(role for role, office in self.roles if office == office_id)


def add_account(
    conn: Connection,
    *,
    account_id: str,
    username: str,
    person_name: str,
    fs_uniquifier: str,
    at: datetime,
    password_hash: str | None = None,
    language: str = "en",
    confirmed_at: datetime | None = None,
) -> Account:
    """Open an active account without roles. Raises UsernameTaken."""
    row: dict[str, Any] = {
        "id": account_id,
        "username": normal_username(username),
        "person_name": person_name,
        "password_hash": password_hash,
        "active": True,
        "fs_uniquifier": fs_uniquifier,
        "language": language,
        "created_at": at,
        "confirmed_at": confirmed_at,
        "last_sign_in_at": None,
        "failed_count": 0,
        "locked_until": None,
    }
    try:
        conn.execute(insert(t.account), row)
    except IntegrityError as error:
        if "username" not in str(error.orig):
            raise
        raise UsernameTaken("This username belongs to somebody else: choose another.") from error
    return Account(**row)


def find_account(conn: Connection, account_id: str) -> Account | None:
    """Return the account with this id, or None."""
    return _one(conn, t.account.c.id == account_id)


def find_by_username(conn: Connection, username: str) -> Account | None:
    """Return the account with this username, in whatever case it was typed, or None."""
    return _one(conn, t.account.c.username == normal_username(username))


def find_by_uniquifier(conn: Connection, fs_uniquifier: str) -> Account | None:
    """Return the account that a signed-in session names, or None when its sessions were ended."""
    return _one(conn, t.account.c.fs_uniquifier == fs_uniquifier)


def list_accounts(conn: Connection, *, office_id: str | None = None) -> tuple[Account, ...]:
    """Return every account, or those that hold a role in an office, by username."""
    wanted = select(t.account).order_by(t.account.c.username)
    if office_id is not None:
        held = select(t.account_role.c.account_id).where(t.account_role.c.office_id == office_id)
        wanted = wanted.where(t.account.c.id.in_(held))
    return _with_roles(conn, conn.execute(wanted).all())


def names_of(conn: Connection, account_ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of people by the ids of their accounts; an unknown id is absent."""
    wanted = select(t.account.c.id, t.account.c.person_name).where(t.account.c.id.in_(sorted(set(account_ids))))
    return {row.id: row.person_name for row in conn.execute(wanted)}


def set_roles(
    conn: Connection, account_id: str, *, office_id: str, roles: Iterable[str], by: str, at: datetime
) -> None:
    """Let an account hold exactly these roles in an office; who granted the ones it keeps does not change."""
    wanted = frozenset(roles)
    row_of = (t.account_role.c.account_id == account_id, t.account_role.c.office_id == office_id)
    held = frozenset(conn.execute(select(t.account_role.c.role).where(*row_of)).scalars())
    if held - wanted:
        conn.execute(delete(t.account_role).where(*row_of, t.account_role.c.role.in_(sorted(held - wanted))))
    if wanted - held:
        shared = {"account_id": account_id, "office_id": office_id, "granted_by": by, "granted_at": at}
        conn.execute(insert(t.account_role), [{**shared, "role": role} for role in sorted(wanted - held)])


def set_password_hash(conn: Connection, account_id: str, password_hash: str, *, fs_uniquifier: str) -> None:
    """Change the password. The new uniquifier ends every session that was open under the old one."""
    _change(conn, account_id, password_hash=password_hash, fs_uniquifier=fs_uniquifier)


def set_active(conn: Connection, account_id: str, *, active: bool, fs_uniquifier: str) -> None:
    """Open or close an account. The new uniquifier ends its sessions."""
    _change(conn, account_id, active=active, fs_uniquifier=fs_uniquifier)


def set_language(conn: Connection, account_id: str, language: str) -> None:
    """Keep the language in which a person reads the pages."""
    _change(conn, account_id, language=language)


def confirm(conn: Connection, account_id: str, *, at: datetime) -> None:
    """Note that the person has taken the account over."""
    _change(conn, account_id, confirmed_at=at)


def record_sign_in(conn: Connection, account_id: str, *, at: datetime) -> None:
    """Note a sign-in; failures before it are forgotten."""
    _change(conn, account_id, last_sign_in_at=at, failed_count=0, locked_until=None)


def record_failed_sign_in(conn: Connection, account_id: str) -> int:
    """Note a failed sign-in and return how many there were in a row."""
    counted = (
        update(t.account)
        .where(t.account.c.id == account_id)
        .values(failed_count=t.account.c.failed_count + 1)
        .returning(t.account.c.failed_count)
    )
    return int(conn.execute(counted).scalar_one())


def lock_until(conn: Connection, account_id: str, until: datetime | None) -> None:
    """Refuse sign-ins until an instant."""
    _change(conn, account_id, locked_until=until)


def normal_username(username: str) -> str:
    """Return the one way in which a username is written: looks-alike letters joined, case and outer spaces gone."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _change(conn: Connection, account_id: str, **values: Any) -> None:
    conn.execute(update(t.account).where(t.account.c.id == account_id), values)


def _one(conn: Connection, condition: Any) -> Account | None:
    found = _with_roles(conn, conn.execute(select(t.account).where(condition)).all())
    return found[0] if found else None


def _with_roles(conn: Connection, rows: Iterable[Row[Any]]) -> tuple[Account, ...]:
    found = list(rows)
    roles: dict[str, set[tuple[str, str]]] = {row.id: set() for row in found}
    if found:
        held = select(t.account_role).where(t.account_role.c.account_id.in_(sorted(roles)))
        for row in conn.execute(held):
            roles[row.account_id].add((row.role, row.office_id))
    return tuple(Account(**row._mapping, roles=frozenset(roles[row.id])) for row in found)
