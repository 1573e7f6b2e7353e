"""The people of the service: their accounts, the roles they hold in an office, and signing in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from sop_engine.service.errors import InvalidAnswers, NotFound
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.store import accounts as stored
from sop_engine.store import offices
from sop_engine.store.accounts import Account
from sop_engine.store.faults import UsernameTaken
from sop_engine.store.offices import Office

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)

__all__ = ["Account", "Office"]


def add_office(svc: Service, *, code: str, name: str, country: str, time_zone: str) -> Office:
    """Set up an office, or return the one that has the code."""
    with svc.store.writing() as conn:
        found = offices.find_by_code(conn, code)
        return found or offices.add_office(
            conn, office_id=svc.ids(), code=code, name=name, country=country, time_zone=time_zone
        )


def list_offices(svc: Service) -> tuple[Office, ...]:
    """Return every office, by name."""
    with svc.store.reading() as conn:
        return offices.list_offices(conn)


def add_account(
    svc: Service,
    *,
    username: str,
    person_name: str,
    password_hash: str | None,
    office: str,
    roles: Iterable[str],
    by: str,
    language: str = "en",
) -> Account:
    """Make an account with roles in one office. Raises InvalidAnswers when username or roles cannot be."""
    wanted = frozenset(roles)
    _check_roles(svc, wanted)
    name = unicodedata.normalize("NFKC", username).strip()
    if not name or any(character.isspace() for character in name) or len(name) > 100:
        raise InvalidAnswers({"username": "Enter a username without spaces, of at most 100 characters."})
    account_id = svc.ids()
    try:
        with svc.store.writing() as conn:
            stored.add_account(
                conn,
                account_id=account_id,
                username=name,
                person_name=person_name,
                fs_uniquifier=svc.ids(),
                at=svc.clock(),
                password_hash=password_hash,
                language=language,
            )
            stored.set_roles(conn, account_id, office_id=office, roles=wanted, by=by, at=svc.clock())
    except UsernameTaken:
        raise InvalidAnswers({"username": "This username is taken. Choose another."}) from None
    return account(svc, account_id)


def _check_roles(svc: Service, roles: frozenset[str]) -> None:
    # Whatever the procedures say: who teaches with invented cases does it in the sandbox.
    known = (set(svc.current.roles) | SERVICE_ROLES) - TRAINING_ROLES
    unknown = roles - known - (TRAINING_ROLES if svc.is_training else frozenset())
    if unknown:
        raise InvalidAnswers({"roles": f"Choose roles that exist; these do not: {', '.join(sorted(unknown))}."})


SERVICE_ROLES = frozenset({"administrator", "policy_officer"})
"""Roles of the service itself, with no case content."""
TRAINING_ROLES = frozenset({"trainer", "trainee"})
"""Roles of the training sandbox; nobody can hold them in a real instance."""


def account(svc: Service, account_id: str) -> Account:
    """Return an account. Raises NotFound."""
    with svc.store.reading() as conn:
        found = stored.find_account(conn, account_id)
    if found is None:
        raise NotFound
    return found


def account_by_username(svc: Service, username: str) -> Account | None:
    """Return the account with this username, or None."""
    with svc.store.reading() as conn:
        return stored.find_by_username(conn, username)


def account_by_uniquifier(svc: Service, uniquifier: str) -> Account | None:
    """Return the account that a signed-in session names, or None when its sessions were ended."""
    with svc.store.reading() as conn:
        return stored.find_by_uniquifier(conn, uniquifier)


def list_accounts(svc: Service) -> tuple[Account, ...]:
    """Return every account, by username."""
    with svc.store.reading() as conn:
        return stored.list_accounts(conn)


def change_roles(svc: Service, account_id: str, *, office: str, roles: Iterable[str], by: str) -> None:
    """Let an account hold exactly these roles in an office from the next request on. Nobody changes their own."""
    wanted = frozenset(roles)
    _check_roles(svc, wanted)
    if account_id == by:
        raise InvalidAnswers({"roles": "Nobody grants roles to themselves. Ask another administrator."})
    with svc.store.writing() as conn:
        stored.set_roles(conn, account_id, office_id=office, roles=wanted, by=by, at=svc.clock())


def set_active(svc: Service, account_id: str, *, active: bool) -> None:
    """Open or close an account; its sessions end."""
    with svc.store.writing() as conn:
        stored.set_active(conn, account_id, active=active, fs_uniquifier=svc.ids())


def set_password_hash(svc: Service, account_id: str, password_hash: str) -> None:
    """Change a password; every session that was open under the old one ends."""
    with svc.store.writing() as conn:
        stored.set_password_hash(conn, account_id, password_hash, fs_uniquifier=svc.ids())


def set_language(svc: Service, account_id: str, language: str) -> None:
    """Keep the language in which a person reads the pages."""
    with svc.store.writing() as conn:
        stored.set_language(conn, account_id, language)


def record_sign_in(svc: Service, account_id: str) -> None:
    """Note a sign-in; failures before it are forgotten."""
    with svc.store.writing() as conn:
        stored.record_sign_in(conn, account_id, at=svc.clock())


def record_failed_sign_in(svc: Service, account_id: str) -> None:
    """Note a failed sign-in; after five in a row each further one makes the account wait longer, never for good."""
    with svc.store.writing() as conn:
        failures = stored.record_failed_sign_in(conn, account_id)
        if failures >= FREE_FAILURES:
            wait = min(timedelta(seconds=2 ** min(failures, 20)), LONGEST_WAIT)
            stored.lock_until(conn, account_id, svc.clock() + wait)


def reader_of(account: Account, office: str, *, language: str | None = None) -> Reader:
    """Return who an account is to the use cases, in one office."""
    return Reader(
        user=account.id,
        name=account.person_name,
        roles=account.roles_in(office),
        office=office,
        language=language or account.language,
    )
