"""``sop edition`` and ``sop upgrade``: an edition from draft to release, and running cases under it."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from sop_engine.commands.instance import existing_service
from sop_engine.commands.places import workflows_folder
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_set
from sop_engine.definition.model import Definition
from sop_engine.engine.upgrade import NotMovable
from sop_engine.service import editions
from sop_engine.service.accounts import list_offices
from sop_engine.service.errors import NotFound
from sop_engine.service.operator import find_case_id, reader_named
from sop_engine.service.service import Service
from sop_engine.service.views import Reader

SORTS = {
    "moves": "moves unchanged",
    "needs_mapping": "needs a mapping",
    "must_finish": "must finish under the old text",
}


def add_parser(subparsers: Any) -> None:
    """Add ``sop edition`` and ``sop upgrade`` to the command line."""
    edition = subparsers.add_parser("edition", help="draft, release and list editions", description=__doc__)
    acts = edition.add_subparsers(metavar="ACT", required=True)
    draft = acts.add_parser("draft", help="store the present text as a draft")
    draft.add_argument("--profile", metavar="ISO3", help="the State; the harmonised set when left out")
    draft.add_argument("--effective", required=True, metavar="DAY", help="the day from which it shall hold")
    draft.add_argument("--note", default="", help="what changed, in one sentence")
    draft.add_argument("--by", required=True, metavar="USER", help="a policy officer")
    draft.set_defaults(run=run_draft)
    release = acts.add_parser("release", help="release a draft: never by who drafted it")
    release.add_argument("digest", help="the digest of the draft, or its beginning")
    release.add_argument("--by", required=True, metavar="USER", help="another policy officer")
    release.set_defaults(run=run_release)
    listed = acts.add_parser("list", help="list drafts and releases")
    listed.set_defaults(run=run_list)
    upgrade = subparsers.add_parser("upgrade", help="running cases and a new edition", description=__doc__)
    upgrade.add_argument("--plan", action="store_true", help="sort every open case, with reasons")
    upgrade.add_argument("--apply", metavar="CASE|all", help="move one case, or every case that is ready")
    upgrade.add_argument("--revert", metavar="CASE", help="take a case back while nothing else happened")
    upgrade.add_argument("--to", metavar="DIGEST", help="a stored edition; the one in force when left out")
    upgrade.add_argument("--profile", metavar="ISO3", help="the present text of a State instead")
    upgrade.add_argument("--by", metavar="USER", help="a policy officer; needed to apply and to revert")
    upgrade.add_argument("--reason", default="A new edition holds.", help="why, for the log of the case")
    upgrade.add_argument("--json", action="store_true", help="print one JSON object")
    upgrade.set_defaults(run=run_upgrade)


def run_draft(arguments: argparse.Namespace) -> int:
    """Store the present text as a draft."""
    service = existing_service()
    definition = load_set(workflows_folder(), arguments.profile)
    by = policy_officer(service, arguments.by)
    try:
        digest = editions.draft_edition(service, by, definition, effective_on=arguments.effective, note=arguments.note)
    except editions.NotReleased as refused:
        print(refused)
        return 1
    print(f"Drafted {digest[:12]}, to hold from {arguments.effective}. Another policy officer releases it.")
    return 0


def run_release(arguments: argparse.Namespace) -> int:
    """Release a draft."""
    service = existing_service()
    try:
        digest = editions.release_edition(service, policy_officer(service, arguments.by), arguments.digest)
    except editions.NotReleased as refused:
        print(refused)
        return 1
    print(f"Released {digest[:12]}.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List drafts and releases."""
    for one in editions.list_editions(existing_service()):
        state = "in force" if one.is_in_force else "released" if one.released_by else "draft"
        print(f"{one.digest[:12]}  {one.profile:10} from {one.effective_on}  {state:9} {one.note}".rstrip())
    return 0


def run_upgrade(arguments: argparse.Namespace) -> int:
    """Plan, apply or revert. Exit status 1 when a case that was named cannot move."""
    chosen = [arguments.plan, bool(arguments.apply), bool(arguments.revert)]
    if sum(chosen) != 1:
        raise Unreadable("Write one of --plan, --apply and --revert.")
    service = existing_service()
    try:
        if arguments.revert:
            case_id = _case(service, arguments.revert)
            by = policy_officer(service, _named(arguments))
            digest = editions.revert_upgrade(service, by, case_id, reason=arguments.reason)
            print(f"{arguments.revert} is back under {digest[:12]}.")
            return 0
        new = _target(service, arguments)
        if arguments.plan:
            return _plan(service, new, as_json=arguments.json)
        return _apply(service, new, arguments)
    except (NotMovable, editions.NotReleased) as refused:
        print(refused)
        return 1


def _plan(service: Service, new: Definition, *, as_json: bool) -> int:
    found = editions.plan_upgrade(service, new)
    if as_json:
        cases = [
            {
                "case": one.number,
                "from": one.edition,
                "sort": one.upgrade.sort,
                "ready": one.upgrade.is_ready,
                "reasons": list(one.upgrade.reasons),
                "mapping": dict(one.upgrade.mapping),
            }
            for one in found
        ]
        print(json.dumps({"to": new.digest, "cases": cases}, ensure_ascii=False, indent=2))
        return 0
    for one in found:
        print(f"{one.number}  {SORTS[one.upgrade.sort]}")
        for reason in one.upgrade.reasons:
            print(f"    {reason}")
    counts: Counter[str] = Counter(one.upgrade.sort for one in found)
    told = ", ".join(f"{counts[sort]} {words}" for sort, words in SORTS.items())
    print(f"To {new.digest[:12]}: {told}.")
    return 0


def _apply(service: Service, new: Definition, arguments: argparse.Namespace) -> int:
    name = _named(arguments)
    if arguments.apply != "all":
        case_id = _case(service, arguments.apply)
        editions.upgrade_case(service, policy_officer(service, name), case_id, new, reason=arguments.reason)
        print(f"{arguments.apply} is under {new.digest[:12]} now.")
        return 0
    ready = [one for one in editions.plan_upgrade(service, new) if one.upgrade.is_ready]
    for one in ready:
        editions.upgrade_case(service, policy_officer(service, name), one.case_id, new, reason=arguments.reason)
        print(f"{one.number} is under {new.digest[:12]} now.")
    print(f"{len(ready)} cases moved.")
    return 0


def _target(service: Service, arguments: argparse.Namespace) -> Definition:
    if arguments.profile:
        return load_set(workflows_folder(), arguments.profile)
    if not arguments.to:
        return service.current
    try:
        return editions.stored(service, arguments.to)
    except NotFound:
        raise Unreadable(f"No stored edition begins with “{arguments.to}”.") from None


def _named(arguments: argparse.Namespace) -> str:
    if not arguments.by:
        raise Unreadable("Name the policy officer who does it: --by USER.")
    return str(arguments.by)


def _case(service: Service, named: str) -> str:
    try:
        return find_case_id(service, named)[0]
    except NotFound:
        raise Unreadable("There is no case with this number or id.") from None


def policy_officer(service: Service, username: str) -> Reader:
    """Return the person with this username, as policy officer. Raises Unreadable when nobody is."""
    for office in list_offices(service):
        try:
            reader = reader_named(service, username, office.id)
        except NotFound:
            raise Unreadable(f"Nobody has the username “{username}”.") from None
        if editions.POLICY_OFFICER in reader.roles:
            return reader
    raise Unreadable(f"“{username}” is no policy officer of any office here.")
