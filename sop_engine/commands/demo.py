"""``sop demo``: an instance full of invented people and cases, to look at; served on this machine only."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from sop_engine.commands.instance import DATABASE_FILE, now, open_service
from sop_engine.commands.places import workflows_folder
from sop_engine.commands.serving import DEFAULT_PORT, refuse_taken, secret_key, serve_until_stopped
from sop_engine.commands.training import serve_beside
from sop_engine.commands.words import WORDS
from sop_engine.definition.faults import Unreadable
from sop_engine.service.demonstration import Demonstration, demonstrate
from sop_engine.service.worked_examples import example_files, read_examples
from webui.settings import WebSettings

SIGN_INS = "demo.json"
DEFAULT_HOME = ".sop-demo"
BANNER = "Demonstration: every person and every case here is invented."


def add_parser(subparsers: Any) -> None:
    """Add ``sop demo`` to the command line."""
    parser = subparsers.add_parser("demo", help="show the whole product on invented cases", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or DEFAULT_PORT))
    parser.add_argument("--no-training", action="store_true", help="do not start the training sandbox beside it")
    parser.add_argument("--no-serve", action="store_true", help="make the instance and stop")
    parser.add_argument("--json", action="store_true", help="print {cases, users} as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the demonstration if it is not there yet, tell who can sign in, and serve it."""
    folder = Path(os.environ.get("SOP_HOME", DEFAULT_HOME)).absolute()
    if not arguments.no_serve:
        refuse_taken("127.0.0.1", arguments.port)
    known = folder / SIGN_INS
    if known.exists() and (folder / DATABASE_FILE).exists():
        made = json.loads(known.read_text(encoding="utf-8"))
    else:
        if (folder / DATABASE_FILE).exists():
            raise Unreadable(f"{folder} holds an instance that is no demonstration. Set SOP_HOME to an empty folder.")
        made = make(folder)
    if arguments.json:
        print(json.dumps({"cases": made["cases"], "users": made["users"]}, ensure_ascii=False, indent=2), flush=True)
    else:
        tell(made)
    if arguments.no_serve:
        return 0
    service = open_service(folder, kind="demonstration")
    settings = WebSettings(
        secret_key=secret_key(folder),
        instance_name="Asylum procedures",
        banner=BANNER,
        time_zone=service.current.calendar.time_zone,
    )
    beside: list[subprocess.Popen[bytes]] = []

    def training() -> None:
        started = None if arguments.no_training else serve_beside()
        if started is not None:
            beside.append(started)

    try:
        serve_until_stopped(service, settings, host="127.0.0.1", port=arguments.port, then=training)
    finally:
        for process in beside:
            process.terminate()
    return 0


def make(folder: Path) -> dict[str, Any]:
    """Make the demonstration in a folder and return its cases, users and password."""
    instant = [now()]

    def set_clock(at: datetime) -> None:
        instant[0] = at

    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    root = workflows_folder()
    examples = read_examples(example_files([root]), root=root)
    service = open_service(folder, clock=lambda: instant[0], kind="demonstration")
    try:
        found = demonstrate(
            service,
            examples,
            password_hash=PasswordHasher().hash(password),
            today=instant[0],
            set_clock=set_clock,
        )
    except BaseException:
        # A demonstration is whole or it is not there: nobody has worked on it yet.
        service.store.close()
        for file in folder.glob(f"{DATABASE_FILE}*"):
            file.unlink()
        raise
    service.store.close()
    made = _as_json(found, password)
    file = folder / SIGN_INS
    file.touch(mode=0o600)
    file.write_text(json.dumps(made, ensure_ascii=False, indent=2), encoding="utf-8")
    return made


def _as_json(found: Demonstration, password: str) -> dict[str, Any]:
    return {
        "cases": list(found.cases),
        "users": [{**asdict(one), "roles": list(one.roles), "password": password} for one in found.people],
        "differences": list(found.differences),
    }


def tell(made: dict[str, Any]) -> None:
    """Print one sign-in for each role."""
    print(f"{len(made['cases'])} invented cases. Everybody's password: {made['users'][0]['password']}")
    shown: set[str] = set()
    for user in made["users"]:
        if len(user["roles"]) == 1 and user["roles"][0] not in shown:
            shown.add(user["roles"][0])
            print(f"  {user['username']:28} {user['roles'][0].replace('_', ' ')}")
    for difference in made.get("differences", ()):
        print(f"  left unfinished: {difference}")
