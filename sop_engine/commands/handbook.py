"""``sop handbook``: print the procedures in force as a manual (PDF)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder
from sop_engine.commands.region import printed, write_bytes
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_set
from sop_engine.service.print_sop import handbook_pdf


def add_parser(subparsers: Any) -> None:
    """Add ``sop handbook`` to the command line."""
    parser = subparsers.add_parser("handbook", help="print the procedures as a manual", description=__doc__)
    parser.add_argument("--profile", metavar="ISO3", help="the State; the harmonised set when left out")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="verdicts: what sop check --certify wrote")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the handbook of the chosen set."""
    definition = load_set(workflows_folder(), arguments.profile)
    verdicts = _verdicts(arguments.certificate, definition.digest) if arguments.certificate else {}
    name = f"{arguments.certificate.name}: {len(verdicts)} verdicts" if arguments.certificate else ""
    content = printed(lambda: handbook_pdf(definition, verdicts=verdicts, certificate=name))
    write_bytes(arguments.out, content)
    print(f"{arguments.out}: {len(content) // 1024} KB, edition {definition.digest[:12]}.")
    return 0


def _verdicts(path: Path, digest: str) -> dict[str, str]:
    """Read the certificate of exactly this set: property → verdict. Raises Unreadable for any other file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"“{path}” cannot be read as a certificate. Write one with sop check --certify.") from error
    if not isinstance(found, dict) or found.get("set_digest") != digest:
        raise Unreadable(f"“{path}” is the certificate of another set: prove this one, {digest[:12]}.")
    verdicts = {str(one): "proved" for one in found.get("proved", ())}
    verdicts |= {str(one): "by structure" for one in found.get("by_structure", ())}
    for one in found.get("not_proved", ()):
        name, _, verdict = str(one).partition(": ")
        verdicts[name] = verdict.lower()
    return verdicts
