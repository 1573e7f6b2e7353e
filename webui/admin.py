"""Administration: people, roles, what is in force, and whether all is well. Never the content of a case."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security.utils import hash_password
from werkzeug.wrappers import Response

from sop_engine.service import accounts
from sop_engine.service.errors import InvalidAnswers, NotFound
from webui.access import open_to_all, reader, say, service
from webui.asking import TO_MEND, words

pages = Blueprint("admin", __name__)

ADMINISTRATOR = "administrator"
SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 128


@pages.get("/alive")
@open_to_all
def alive() -> Response:
    """Answer a machine that asks whether the pages are served and the store can be read."""
    accounts.list_offices(service())
    response = make_response("ok\n")
    response.mimetype = "text/plain"
    return response


@pages.get("/admin")
def index() -> str:
    """List the accounts, and say what is in force."""
    _only_administrators()
    current = service().current
    return render_template(
        "admin.html",
        accounts=accounts.list_accounts(service()),
        offices={office.id: office for office in accounts.list_offices(service())},
        titles=_titles(),
        edition={
            "digest": current.digest,
            "machines": len(current.machines),
            "states": sum(len(m.states) for m in current.machines.values()),
            "transitions": sum(len(m.transitions) for m in current.machines.values()),
            "safeguards": sum(len(m.safeguards) for m in current.machines.values()),
        },
        now=service().clock(),
    )


@pages.route("/admin/account/new", methods=["GET", "POST"])
def new_account() -> Response | str:
    """Make an account."""
    _only_administrators()
    typed = {name: request.form.get(name, "").strip() for name in ("username", "person_name")}
    chosen = request.form.getlist("q-roles")

    def page(problems: list[dict[str, str]]) -> Response:
        made = render_template(
            "account_new.html",
            typed=typed,
            chosen=chosen,
            titles=_titles(),
            problems=problems,
            has_problems=bool(problems),
        )
        return make_response(made, TO_MEND if problems else 200)

    if request.method == "GET":
        return page([])
    password = request.form.get("password", "")
    problems = []
    if not typed["person_name"] or len(typed["person_name"]) > 200:
        problems.append({"text": _("Enter the name of the person."), "href": "#person_name"})
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        text = _(
            "Enter a first password of %(least)d to %(most)d characters.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
        problems.append({"text": text, "href": "#password"})
    if problems:
        return page(problems)
    try:
        accounts.add_account(
            service(),
            username=typed["username"],
            person_name=typed["person_name"],
            password_hash=hash_password(password),
            office=reader().office,
            roles=chosen,
            by=reader().user,
        )
    except InvalidAnswers as invalid:
        return page([{"text": words(text), "href": f"#{name}"} for name, text in invalid.problems.items()])
    flash(_("The account is ready."), "done")
    return redirect(url_for("admin.index"), code=303)


@pages.route("/admin/account/<account_id>", methods=["GET", "POST"])
def account(account_id: str) -> Response | str:
    """Change the roles of an account, or close it."""
    _only_administrators()
    found = accounts.account(service(), account_id)
    held = found.roles_in(reader().office)

    def page(problems: list[dict[str, str]], chosen: frozenset[str]) -> Response:
        made = render_template(
            "account.html",
            account=found,
            chosen=chosen,
            titles=_titles(),
            problems=problems,
            has_problems=bool(problems),
        )
        return make_response(made, TO_MEND if problems else 200)

    if request.method == "GET":
        return page([], held)
    if "active" in request.form:
        if account_id == reader().user:
            return page([{"text": _("Nobody closes their own account."), "href": "#main-content"}], held)
        accounts.set_active(service(), account_id, active=request.form["active"] == "yes")
        flash(_("Saved."), "done")
        return redirect(url_for("admin.account", account_id=account_id), code=303)
    chosen = frozenset(request.form.getlist("q-roles"))
    try:
        accounts.change_roles(service(), account_id, office=reader().office, roles=chosen, by=reader().user)
    except InvalidAnswers as invalid:
        return page([{"text": words(text), "href": "#roles"} for text in invalid.problems.values()], chosen)
    flash(_("Saved."), "done")
    return redirect(url_for("admin.index"), code=303)


def _only_administrators() -> None:
    if ADMINISTRATOR not in reader().roles:
        raise NotFound


def _titles() -> dict[str, str]:
    titles = {role.name: say(role.title) for role in service().current.roles.values() if not role.is_person}
    own = {"administrator": _("Administrator"), "policy_officer": _("Policy officer")}
    return {name: title for name, title in {**titles, **own}.items() if name not in ("system", "trainer", "trainee")}
