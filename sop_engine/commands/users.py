"""``sop user``: accounts of an installation are made here; passwords are asked for, never taken from the call."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import Any

from argon2 import PasswordHasher

from sop_engine.commands.instance import existing_service
from sop_engine.definition.faults import Unreadable
from sop_engine.service.accounts import add_account, add_office, list_accounts, list_offices
from sop_engine.service.errors import InvalidAnswers

SHORTEST_PASSWORD = 15


def add_parser(subparsers: Any) -> None:
    """Add ``sop user`` to the command line."""
    parser = subparsers.add_parser("user", help="add and list the people of the service", description=__doc__)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add a person; the password is asked for, or read from standard input")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument("--role", action="append", required=True, dest="roles", help="a role; may be given several times")
    add.add_argument("--office", required=True, metavar="CODE", help="code of the office")
    add.add_argument("--office-name", metavar="NAME", help="makes the office when there is none with the code")
    add.add_argument("--time-zone", default="UTC", help="of a new office, such as America/Nassau")
    add.add_argument("--country", default="XXA", help="of a new office, three letters")
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="list the people of the service")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    listing.set_defaults(run=run_list)


def read_password() -> str:
    """Return a password from the terminal, asked twice, or one line of standard input. Raises Unreadable."""
    if sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Once more: "):
            raise Unreadable("The two passwords differ. Nothing was made; try again.")
    else:
        first = sys.stdin.readline().rstrip("\n")
    if len(first) < SHORTEST_PASSWORD:
        raise Unreadable(f"Choose a password of at least {SHORTEST_PASSWORD} characters; a short sentence is good.")
    return first


def run_add(arguments: argparse.Namespace) -> int:
    """Add a person with roles in an office."""
    service = existing_service(make=True)
    office = next((o for o in list_offices(service) if o.code == arguments.office), None)
    if office is None:
        if not arguments.office_name:
            raise Unreadable(f"There is no office “{arguments.office}”. Give --office-name to make it.")
        office = add_office(
            service,
            code=arguments.office,
            name=arguments.office_name,
            country=arguments.country,
            time_zone=arguments.time_zone,
        )
    password = read_password()
    try:
        add_account(
            service,
            username=arguments.username,
            person_name=arguments.name,
            password_hash=PasswordHasher().hash(password),
            office=office.id,
            roles=arguments.roles,
            by="operator",
        )
    except InvalidAnswers as refused:
        raise Unreadable(" ".join(refused.problems.values())) from None
    print(f"{arguments.username} can sign in.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List the people of the service with their roles."""
    service = existing_service()
    codes = {office.id: office.code for office in list_offices(service)}
    people: list[dict[str, Any]] = [
        {
            "username": one.username,
            "name": one.person_name,
            "active": one.active,
            "roles": sorted(f"{codes.get(office, '?')}/{role}" for role, office in one.roles),
        }
        for one in list_accounts(service)
    ]
    if arguments.json:
        print(json.dumps({"users": people}, ensure_ascii=False, indent=2))
    else:
        for one in people:
            print(f"{one['username']:32} {one['name']:30} {', '.join(one['roles'])}")
    return 0
