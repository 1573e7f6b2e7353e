"""``sop rehearse``: play worked examples and scenario packs through the whole service; stop at the first difference."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop_engine.commands.instance import open_service
from sop_engine.commands.places import workflows_folder
from sop_engine.commands.play_packs import rehearse_packs
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import profiles
from sop_engine.service.accounts import add_account, add_office, reader_of
from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.rehearse import Played, play
from sop_engine.service.service import Service
from sop_engine.service.training.library import is_of_packs
from sop_engine.service.views import Reader
from sop_engine.service.worked_examples import Example, Examples, example_files, read_examples


def add_parser(subparsers: Any) -> None:
    """Add ``sop rehearse`` to the command line."""
    parser = subparsers.add_parser("rehearse", help="play worked examples", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="example files, or folders that hold some")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", metavar="WORDS", help="play only examples whose name holds these words")
    parser.add_argument("--profile", metavar="ISO3", help="play under the procedures of a State")
    parser.add_argument("--quiet", action="store_true", help="print differences and the sum only")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play every example of the files, each on a fresh case in a store of its own."""
    missing = [path for path in arguments.paths if not path.exists()]
    if missing:
        raise Unreadable(f"“{missing[0]}” is no file or folder.")
    root = workflows_folder()
    packs = [path for path in arguments.paths if is_of_packs(path, root)]
    examples = [path for path in arguments.paths if path not in packs]
    status = rehearse_packs(packs, arguments) if packs else 0
    return max(status, _rehearse_examples(examples, root, arguments)) if examples else status


def _rehearse_examples(named: list[Path], root: Path, arguments: argparse.Namespace) -> int:
    paths = [
        inner
        for path in named
        for inner in ([path, *(root / s.lower() for s in profiles(root))] if path.resolve() == root else [path])
    ]
    wanted = read_examples(example_files(paths), root=root)
    # Common stretches may stand in any folder, also in one that was not named.
    known = read_examples(example_files([root]), root=root)
    chosen = [e for e in wanted.examples if not arguments.only or arguments.only.casefold() in e.name.casefold()]
    if not chosen:
        raise Unreadable("There is no example to play in what was named.")
    parts = {**known.parts, **wanted.parts}
    states = profiles(root)
    by_state: dict[str | None, list[Example]] = {}
    for one in chosen:
        folder = one.span.file.split("/")[0].upper()
        # An example in the folder of a State is about that State's procedures.
        state = arguments.profile or (folder if folder in states else None)
        by_state.setdefault(state, []).append(one)
    played = [
        one for state, some in by_state.items() for one in play_all(some, Examples(tuple(some), parts), profile=state)
    ]
    if arguments.json:
        print(json.dumps({"examples": [_as_json(one) for one in played]}, ensure_ascii=False, indent=2))
    else:
        _print(played, quiet=arguments.quiet)
    return 1 if any(one.difference for one in played) else 0


def play_all(chosen: list[Example], examples: Examples, *, profile: str | None = None) -> list[Played]:
    """Play examples one after the other in one throw-away store."""
    instant = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    with tempfile.TemporaryDirectory(prefix="sop-rehearsal-") as folder:
        # Invented people: a text can be rehearsed before it is proved, and has to be.
        service = open_service(
            Path(folder),
            clock=lambda: instant[0],
            url=f"sqlite:///{folder}/sop.db",
            kind="demonstration",
            profile=profile,
        )
        office = add_office(service, code="REH", name="Rehearsal office", country="XXA", time_zone="UTC")
        played = []
        for number, example in enumerate(chosen):
            try:
                readers = people(service, example, office.id, number)
            except InvalidAnswers as refused:
                told = "; ".join(refused.problems.values())
                played.append(Played(example.name, "", {}, (), 0, f"{example.span}: given: {told}"))
                continue
            played.append(
                play(
                    service,
                    example,
                    parts=examples.parts,
                    readers=readers,
                    set_clock=lambda now: instant.__setitem__(0, now),
                )
            )
        service.store.close()
    return played


def people(service: Service, example: Example, office: str, number: int) -> dict[str, Reader]:
    """Make an account for each person of an example."""
    return {
        name: reader_of(
            add_account(
                service,
                username=f"{name}.{number}",
                person_name=name.capitalize(),
                password_hash=None,
                office=office,
                roles=roles,
                by="rehearsal",
            ),
            office,
        )
        for name, roles in example.people.items()
    }


def _print(played: list[Played], *, quiet: bool) -> None:
    for one in played:
        if one.difference:
            print(f"✗ {one.example}\n    {one.difference}", file=sys.stderr)
        elif not quiet:
            print(f"✓ {one.example}")
        if not quiet:
            for proceeding, path in one.path.items():
                if len(path) > 1 or one.difference:
                    print(f"    {proceeding}: {' > '.join(path)}")
            if one.documents:
                print(f"    issued: {', '.join(one.documents)}")
    failed = sum(1 for one in played if one.difference)
    refusals = sum(one.refusals for one in played)
    print(f"{len(played)} examples, {refusals} refusals as told, {failed} differ.")


def _as_json(one: Played) -> dict[str, Any]:
    return {
        "example": one.example,
        "path": {proceeding: list(path) for proceeding, path in one.path.items()},
        "documents": list(one.documents),
        "refusals": one.refusals,
        "difference": one.difference,
    }
