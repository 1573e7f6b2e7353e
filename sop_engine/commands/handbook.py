"""``sop handbook``: print the procedures in force as a manual (PDF)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder
from sop_engine.commands.region import printed, write_bytes
from sop_engine.definition.certificates import Certificate, properties_digest, read_certificate
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_certificates, load_set, profile_code, read_files
from sop_engine.definition.model import Definition
from sop_engine.service.print_sop import handbook_pdf


def add_parser(subparsers: Any) -> None:
    """Add ``sop handbook`` to the command line."""
    parser = subparsers.add_parser("handbook", help="print the procedures as a manual", description=__doc__)
    parser.add_argument("--profile", metavar="ISO3", help="the State; the harmonised set when left out")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="another certificate than the one that ships")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the handbook of the chosen set, with the verdicts of the certificate that covers exactly this set."""
    root = workflows_folder()
    definition = load_set(root, arguments.profile)
    found = _certificate(root, arguments, definition)
    verdicts = {v.of: v.verdict.lower() for v in found.verdicts} if found else {}
    name = f"{found.of}: {sum(v.is_green for v in found.verdicts)} of {len(verdicts)} proved" if found else ""
    content = printed(lambda: handbook_pdf(definition, verdicts=verdicts, certificate=name))
    write_bytes(arguments.out, content)
    print(f"{arguments.out}: {len(content) // 1024} KB, edition {definition.digest[:12]}.")
    return 0


def _certificate(root: Path, arguments: argparse.Namespace, definition: Definition) -> Certificate | None:
    """Return the certificate of exactly this set. Raises Unreadable for a named file that is none of it."""
    files = read_files(root, profile_code(root, arguments.profile))[0]
    digest = properties_digest(files)
    if arguments.certificate is None:
        return next((c for c in load_certificates(root) if c.covers(definition.digest, digest)), None)
    try:
        found = read_certificate(arguments.certificate.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if found is None:
        told = f"“{arguments.certificate}” cannot be read as a certificate. Write one with sop check --certify FOLDER."
        raise Unreadable(told)
    if not found.covers(definition.digest, digest):
        told = f"“{arguments.certificate}” is the certificate of another set: prove this one, {definition.digest[:12]}."
        raise Unreadable(told)
    return found
