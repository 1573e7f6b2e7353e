"""``sop training``: the sandbox for trainers and trainees: its own process, folder, database, key and port."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from sop_engine.commands.instance import DATABASE_FILE, open_service
from sop_engine.commands.places import write_page
from sop_engine.commands.serving import refuse_taken, secret_key, serve_until_stopped
from sop_engine.commands.words import WORDS
from sop_engine.definition.faults import Unreadable
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.errors import NotFound
from sop_engine.service.service import Service
from sop_engine.service.training.debrief import debrief_as_json, debrief_csv, debrief_session
from sop_engine.service.training.export import export_scenario
from sop_engine.service.training.sessions import add_trainee, list_sessions, open_session
from sop_engine.service.views import Reader
from webui.settings import WebSettings

TRAINING_HOME = "SOP_TRAINING_HOME"
TRAINING_DATABASE = "SOP_TRAINING_DATABASE_URL"
DEFAULT_HOME = ".sop-training"
DEFAULT_PORT = 8770
SIGN_INS = "training.json"
PARENT = "SOP_TRAINING_PARENT"
"""The process whose end ends this one."""
BANNER = "TRAINING: every person and every case here is invented. Nothing done here counts."
PSEUDONYMS = ("Heron", "Iguana", "Manatee", "Pelican")
OF_OTHER_INSTANCES = ("SOP_DATABASE_URL", "SOP_HOME")
"""What names a real database; the process of a sandbox has none of it."""


def add_parser(subparsers: Any) -> None:
    """Add ``sop training`` to the command line."""
    parser = subparsers.add_parser("training", help="the sandbox for trainers and trainees", description=__doc__)
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    serve = verbs.add_parser("serve", help="serve the sandbox on this machine")
    serve.add_argument("--port", type=int, default=DEFAULT_PORT)
    serve.set_defaults(run=run_serve)
    make = verbs.add_parser("init", help="make the sandbox, and print who can sign in")
    make.add_argument("--json", action="store_true", help="print one JSON object")
    make.set_defaults(run=run_init)
    listed = verbs.add_parser("sessions", help="list the classes")
    listed.add_argument("--json", action="store_true", help="print one JSON object")
    listed.set_defaults(run=run_sessions)
    debrief = verbs.add_parser("debrief", help="print the grading of a class")
    debrief.add_argument("session", metavar="SESSION", help="the id of the class, its beginning, or its title")
    kind = debrief.add_mutually_exclusive_group()
    kind.add_argument("--json", action="store_true", help="print one JSON object")
    kind.add_argument("--csv", action="store_true", help="print a line for each seat, for a spreadsheet")
    debrief.add_argument("--language", default="en", choices=("en", "es", "fr"))
    debrief.set_defaults(run=run_debrief)
    export = verbs.add_parser("export-scenario", help="turn a finished sandbox case into a pack to edit")
    export.add_argument("attempt", metavar="ATTEMPT", help="the id of the attempt")
    export.add_argument("name", metavar="NAME", help="the name of the new pack: small letters, digits, underscores")
    export.add_argument("--out", type=Path, metavar="FILE", help="write it to this file (left out: to the terminal)")
    export.set_defaults(run=run_export)


def training_home() -> Path:
    """Return the folder of the sandbox: SOP_TRAINING_HOME, or ``.sop-training`` in the present folder."""
    return Path(os.environ.get(TRAINING_HOME, DEFAULT_HOME)).absolute()


def forget_other_instances() -> None:
    """Take the addresses of real instances out of this process, before anything is opened."""
    for name in OF_OTHER_INSTANCES:
        os.environ.pop(name, None)


def open_sandbox(*, make: bool = False) -> Service:
    """Open the sandbox. Raises Unreadable when there is none, or when its folder holds another instance."""
    forget_other_instances()
    folder = training_home()
    url = os.environ.get(TRAINING_DATABASE) or f"sqlite:///{folder / DATABASE_FILE}"
    if not make and url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise Unreadable(f"There is no sandbox in {folder}. Run sop training init, or set {TRAINING_HOME} to one.")
    return open_service(folder, kind="training", url=url)


def run_serve(arguments: argparse.Namespace) -> int:
    """Make the sandbox if it is not there yet, tell who can sign in, and serve it until stopped."""
    refuse_taken("127.0.0.1", arguments.port)
    service = open_sandbox(make=True)
    tell(made(service))
    settings = WebSettings(
        secret_key=secret_key(training_home()),
        instance_name="Training",
        colour="violet",
        banner=BANNER,
        time_zone=service.current.calendar.time_zone,
    )
    _end_with_parent()
    says = "The training sandbox answers at {address}. It shares nothing with any other instance."
    serve_until_stopped(service, settings, host="127.0.0.1", port=arguments.port, says=says)
    return 0


def _end_with_parent() -> None:
    """End this process when the demonstration that started it has ended, however it ended."""
    parent = os.environ.get(PARENT)
    if parent is None or not parent.isdigit():
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def serve_beside(port: int = DEFAULT_PORT) -> subprocess.Popen[bytes] | None:
    """Start the sandbox as a process of its own beside a demonstration, without any address of another instance.

    Where its port is taken it is not started, and the command is told instead. Returns the process.
    """
    try:
        refuse_taken("127.0.0.1", port)
    except Unreadable:
        print(f"The training sandbox is not started: port {port} is taken. Start it: sop training serve --port N")
        return None
    own = {name: value for name, value in os.environ.items() if name not in OF_OTHER_INSTANCES and name != "PORT"}
    own[PARENT] = str(os.getpid())
    # A fixed command: nothing that anybody typed reaches it.
    command = [sys.executable, "-m", "sop_engine.cli", "training", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=own)


def run_init(arguments: argparse.Namespace) -> int:
    """Make the sandbox if it is not there yet."""
    found = made(open_sandbox(make=True))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        tell(found)
    return 0


def made(service: Service) -> dict[str, Any]:
    """Return who can sign in; on the first time, make a trainer, four trainees by pseudonym, and a class."""
    file = training_home() / SIGN_INS
    if file.exists():
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found
    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    hashed = PasswordHasher().hash(password)
    office = add_office(
        service, code="TRN", name="Training", country="XXA", time_zone=service.current.calendar.time_zone
    )
    trainer = add_account(
        service,
        username="trainer",
        person_name="Trainer",
        password_hash=hashed,
        office=office.id,
        roles=["trainer"],
        by="training",
    )
    reader = reader_of(trainer, office.id)
    session = open_session(service, reader, title="First class")
    for pseudonym in PSEUDONYMS:
        add_trainee(service, reader, session.id, pseudonym=pseudonym, password_hash=hashed)
    found = {
        "instance": "training",
        "password": password,
        "users": [
            {"username": "trainer", "roles": ["trainer"], "password": password},
            *(
                {"username": name.casefold(), "roles": ["trainee"], "password": password, "pseudonym": name}
                for name in PSEUDONYMS
            ),
        ],
        "session": session.id,
        "packs": sorted(service.library.packs),
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
    return found


def tell(found: dict[str, Any]) -> None:
    """Print who can sign in."""
    print(f"Training sandbox with {len(found['packs'])} scenarios. Everybody's password: {found['password']}")
    for user in found["users"]:
        print(f"  {user['username']:28} {', '.join(user['roles'])}")


def run_sessions(arguments: argparse.Namespace) -> int:
    """List the classes of the sandbox."""
    service = open_sandbox()
    found = list_sessions(service, _operator())
    if arguments.json:
        listed = [{"id": one.id, "title": one.title, "opened_at": one.opened_at.isoformat()} for one in found]
        print(json.dumps({"instance": "training", "sessions": listed}, ensure_ascii=False, indent=2))
    else:
        for one in found:
            print(f"{one.id}  {one.opened_at:%Y-%m-%d}  {one.title}")
    return 0


def run_debrief(arguments: argparse.Namespace) -> int:
    """Print the debrief of a class: gradings, what was missed, agreement, spread."""
    service = open_sandbox()
    found = debrief_session(service, _session_id(service, arguments.session), language=arguments.language)
    if arguments.json:
        print(json.dumps(debrief_as_json(found), ensure_ascii=False, indent=2))
        return 0
    if arguments.csv:
        print(debrief_csv(found), end="")
        return 0
    print(f"{found.session.title}: {len(found.attempts)} attempts.")
    for one in found.attempts:
        grading = one.grading
        who = ", ".join(f"{name} ({role.replace('_', ' ')})" for name, role in one.who)
        print(f"  {who}: {grading.title}: {grading.points} of {grading.possible} points")
        for missed in grading.missed:
            print(f"    missed: {missed.text} ({missed.place.title}: {'; '.join(map(str, missed.place.source))})")
        for mistake in grading.mistakes:
            print(f"    mistake: {mistake.text}")
    return 0


def run_export(arguments: argparse.Namespace) -> int:
    """Write a pack from a sandbox case, with what only a trainer can tell left to be filled in."""
    service = open_sandbox()
    try:
        text = export_scenario(service, arguments.attempt, name=arguments.name)
    except NotFound:
        raise Unreadable(f"There is no attempt “{arguments.attempt}” with a case in this sandbox.") from None
    if arguments.out:
        write_page(arguments.out, text)
    else:
        print(text, end="")
    return 0


def _operator() -> Reader:
    """Whoever stands at the machine of the sandbox reads it as a trainer does."""
    return Reader(user="operator", name="Operator", roles=frozenset({"trainer"}), office="")


def _session_id(service: Service, named: str) -> str:
    found = [
        one
        for one in list_sessions(service, _operator())
        if one.id == named or one.title == named or (len(named) >= 6 and one.id.startswith(named))
    ]
    if not found:
        raise Unreadable(f"There is no class “{named}” in this sandbox: sop training sessions lists them.")
    return found[0].id
