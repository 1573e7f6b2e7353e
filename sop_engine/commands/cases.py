"""``sop explain``, ``sop record``, ``sop verify-log``: what an operator asks of one case, or of all."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sop_engine.commands.instance import existing_service
from sop_engine.definition.faults import Unreadable
from sop_engine.engine.offers import Offer
from sop_engine.records.recipients import NotForRecipient
from sop_engine.service.errors import NotFound
from sop_engine.service.issue_paper import case_record_pdf
from sop_engine.service.operator import explain, find_case_id, operator, reader_named, verify_logs
from sop_engine.service.service import Service
from sop_engine.service.views import Reader

RECIPIENTS = ("applicant", "file", "appeal", "quality")


def add_parser(subparsers: Any) -> None:
    """Add the commands to the command line."""
    told = subparsers.add_parser("explain", help="say what can be done in a case, and why not what cannot")
    told.add_argument("case", metavar="CASE", help="number or id of the case")
    told.add_argument("--json", action="store_true", help="print one JSON object")
    told.set_defaults(run=run_explain)
    record = subparsers.add_parser("record", help="print the complete record of a case as PDF")
    record.add_argument("case", metavar="CASE", help="number or id of the case")
    record.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the PDF goes")
    record.add_argument("--for", dest="recipient", choices=RECIPIENTS, default="file", help="who will hold it")
    record.add_argument("--at", type=int, metavar="SEQ", help="as the case stood after this entry of its log")
    record.add_argument("--as", dest="username", metavar="USER", help="print what this person may see")
    record.set_defaults(run=run_record)
    verify = subparsers.add_parser("verify-log", help="check that no entry of any log was changed")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(run=run_verify)


def _find(service: Service, named: str) -> tuple[str, str]:
    try:
        return find_case_id(service, named)
    except NotFound:
        raise Unreadable("There is no case with this number or id.") from None


def run_explain(arguments: argparse.Namespace) -> int:
    """Print every action of a case, open or closed, with reasons."""
    service = existing_service()
    case_id, office = _find(service, arguments.case)
    _, found = explain(service, case_id, operator(service, office))
    if arguments.json:
        print(
            json.dumps({"case": case_id, "actions": [_as_json(offer) for offer in found]}, ensure_ascii=False, indent=2)
        )
        return 0
    for offer in found:
        if offer.transition.is_fact:
            continue
        print(f"{'open  ' if offer.is_open else 'closed'} {offer.proceeding}: {offer.transition.title}")
        for reason in offer.refusals:
            sources = ", ".join(str(source) for source in reason.source)
            print(f"         because: {reason.text}" + (f" [{sources}]" if sources else ""))
    facts = sum(1 for offer in found if offer.transition.is_fact)
    print(f"{facts} facts about the person can be recorded at any time.")
    return 0


def _as_json(offer: Offer) -> dict[str, Any]:
    return {
        "proceeding": offer.proceeding,
        "transition": offer.transition.qualified,
        "open": offer.is_open,
        "by": sorted(offer.transition.by),
        "reasons": [
            {"code": r.code, "text": r.text, "source": [str(s) for s in r.source], "cured_by": sorted(r.cured_by)}
            for r in offer.refusals
        ],
    }


def run_record(arguments: argparse.Namespace) -> int:
    """Write the complete record of a case."""
    service = existing_service()
    case_id, office = _find(service, arguments.case)
    reader = _reader(service, arguments.username, office)
    try:
        content = case_record_pdf(service, reader, case_id, recipient=arguments.recipient, at_seq=arguments.at)
    except NotFound:
        raise Unreadable("There is no such entry in the log of this case, or this person may not open it.") from None
    except NotForRecipient as refused:
        raise Unreadable(str(refused)) from None
    try:
        arguments.out.write_bytes(content)
    except OSError as error:
        raise Unreadable(f"The file cannot be written: {error.strerror}. Name another with --out.") from None
    print(f"{arguments.out}: {len(content)} bytes", file=sys.stderr)
    return 0


def _reader(service: Service, username: str | None, office: str) -> Reader:
    if username is None:
        return operator(service, office)
    try:
        return reader_named(service, username, office)
    except NotFound:
        raise Unreadable(f"Nobody has the username “{username}”.") from None


def run_verify(arguments: argparse.Namespace) -> int:
    """Check every log; exit 1 when an entry is not as it was written."""
    checked = verify_logs(existing_service())
    wrong = [one for one in checked if one.first_wrong is not None]
    if arguments.json:
        print(
            json.dumps(
                {
                    "cases": len(checked),
                    "entries": sum(one.entries for one in checked),
                    "wrong": [{"case": one.case_id, "number": one.number, "entry": one.first_wrong} for one in wrong],
                },
                indent=2,
            )
        )
    else:
        for one in wrong:
            print(f"{one.number}: entry {one.first_wrong} is not as it was written.")
        entries = sum(one.entries for one in checked)
        print(f"{len(checked)} logs with {entries} entries checked, {len(wrong)} wrong.")
    return 1 if wrong else 0
