"""Signing in and out: Flask-Security over the accounts of the service, with argon2id and no database session here.

Whoever gets a password wrong waits longer each time, by a row of the account; nobody learns whether a name exists.
"""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Any, cast

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import Security
from flask_security.core import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.utils import hash_password, login_user, logout_user, verify_password
from wtforms import Form, PasswordField, StringField

from sop_engine.service import accounts
from sop_engine.service.accounts import Account
from sop_engine.service.service import Service
from webui.access import open_to_all, service
from webui.local_paths import local_path
from webui.security_headers import is_signed_in
from webui.sessions import Visit

pages = Blueprint("sign_in", __name__)

MOST_TYPED = 200
_HASHES_AT_ONCE = BoundedSemaphore(2)
"""A password costs much memory and time on purpose: a rush of sign-ins must not starve the pages."""


class Role(RoleMixin):
    """A role that a person holds in the office they signed in to."""

    def __init__(self, name: str) -> None:
        self.name = name


class User(UserMixin):
    """An account of the service, as Flask-Security wants to see it."""

    fs_uniquifier = ""

    def __init__(self, account: Account) -> None:
        offices = sorted({office for _role, office in account.roles})
        self.office = offices[0] if offices else ""
        self.id = account.id  # type: ignore[assignment]
        self.username = account.username
        self.name = account.person_name
        self.password = account.password_hash
        self.active = account.active
        self.fs_uniquifier = account.fs_uniquifier
        self.language = account.language
        self.roles = [Role(name) for name in sorted(account.roles_in(self.office))]
        self.locked_until = account.locked_until


class Accounts(UserDatastore):
    """Flask-Security's view of the accounts: it finds them and keeps new password hashes, nothing else."""

    def __init__(self, svc: Service) -> None:
        super().__init__(User, Role)
        self._service = svc

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:
        """Return the user with a username, or the one whose session this is."""
        if "fs_uniquifier" in by:
            found = accounts.account_by_uniquifier(self._service, by["fs_uniquifier"])
        else:
            found = accounts.account_by_username(self._service, by.get("username", ""))
        return User(found) if found is not None else None

    def find_role(self, role: str) -> Role:
        return Role(role)

    def put(self, model: Any) -> Any:
        """Keep what Flask-Security changed of an account: the hash, when its method was renewed."""
        if isinstance(model, User) and model.password:
            accounts.set_password_hash(self._service, str(model.id), model.password)
        return model

    def delete(self, model: Any) -> None:
        raise NotImplementedError("An account is never deleted: the log names it. Make it inactive.")

    def commit(self) -> None:
        """Nothing to do: each call to the service is a transaction of its own."""


class SignInForm(Form):
    """Name and password."""

    username = StringField()
    password = PasswordField()


def install(app: Flask, svc: Service) -> None:
    """Set up Flask-Security without its own pages: ours are few and in the languages of the office."""
    app.config |= {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": app.config["SECRET_KEY"],
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": _as_typed, "case_insensitive": True}}],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "REMEMBER_COOKIE_DURATION": 0,
    }
    Security(app, Accounts(svc), register_blueprint=False)
    app.register_blueprint(pages)


def _as_typed(typed: str) -> str:
    return typed


@pages.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def enter() -> Response | str:
    """Ask for name and password, and open the visit."""
    goes_to = local_path(request.args.get("next", ""))
    if is_signed_in():
        return redirect(goes_to, code=303)  # type: ignore[return-value]
    form = SignInForm(request.form)
    if request.method == "GET":
        return render_template("sign_in.html", form=form, refused="", goes_to=goes_to)
    user = _user_for(str(form.username.data or "")[:MOST_TYPED], str(form.password.data or "")[:MOST_TYPED])
    if user is None:
        refused = _(
            "The name and the password do not fit, or too many attempts were made. Wait a moment and try again."
        )
        page = render_template("sign_in.html", form=form, refused=refused, goes_to=goes_to, has_problems=True)
        return make_response(page, 422)
    accounts.record_sign_in(service(), str(user.id))
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    _visit().renew(str(user.id))
    login_user(user, remember=False, authn_via=["password"])
    return redirect(goes_to, code=303)  # type: ignore[return-value]


def _user_for(username: str, password: str) -> User | None:
    """Return the user whose password this is. Takes the same time, and gives the same answer, for a name nobody has."""
    svc = service()
    account = accounts.account_by_username(svc, username)
    user = User(account) if account is not None else None
    if user is None or not user.password:
        with _HASHES_AT_ONCE:
            hash_password(password or "-")
        return None
    is_locked = user.locked_until is not None and user.locked_until > svc.clock()
    with _HASHES_AT_ONCE:
        is_right = verify_password(password or "-", user.password)
    if is_locked:
        return None
    if not is_right:
        accounts.record_failed_sign_in(svc, str(user.id))
        return None
    return user if user.active and user.roles else None


def _visit() -> Visit:
    return cast(Visit, session._get_current_object())  # type: ignore[attr-defined]


@pages.post("/sign-out")
@open_to_all
def leave() -> Response:
    """End the visit, here and on the server."""
    logout_user()
    _visit().end()
    response = redirect(url_for("sign_in.enter"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response  # type: ignore[return-value]
