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
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="verdicts: a JSON object of sop check")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the handbook of the chosen set."""
    definition = load_set(workflows_folder(), arguments.profile)
    verdicts = _verdicts(arguments.certificate) if arguments.certificate else {}
    name = f"{arguments.certificate.name}: {len(verdicts)} verdicts" if arguments.certificate else ""
    content = printed(lambda: handbook_pdf(definition, verdicts=verdicts, certificate=name))
    write_bytes(arguments.out, content)
    print(f"{arguments.out}: {len(content) // 1024} KB, edition {definition.digest[:12]}.")
    return 0


def _verdicts(path: Path) -> dict[str, str]:
    """Read safeguard or property → verdict. Raises Unreadable for a file that is no certificate."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"“{path}” cannot be read as a certificate. Write one with sop check --json.") from error
    verdicts = found.get("verdicts", found) if isinstance(found, dict) else {}
    return {str(key): str(value) for key, value in verdicts.items() if isinstance(value, str)}
