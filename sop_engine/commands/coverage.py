"""``sop coverage``: write which declaration carries each row of the specification."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import DeclarationErrors
from sop_engine.definition.load import load_texts, read_files
from sop_engine.definition.rows import coverage, coverage_markdown, missing


def add_parser(subparsers: Any) -> None:
    """Add ``sop coverage`` to the command line."""
    parser = subparsers.add_parser("coverage", help="which declaration carries each row", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the page to write, docs/coverage.md")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the page; the status is 1 while a row is carried by nothing."""
    root = workflows_folder()
    files, unreadable = read_files(root)
    if unreadable:
        raise DeclarationErrors(unreadable)
    definition = load_texts(files)
    rows = coverage(definition, files)
    write_page(arguments.out, coverage_markdown(rows, definition))
    absent = missing(rows)
    print(f"{arguments.out}: {len(rows)} rows, {len(rows) - len(absent)} carried.")
    for row in absent:
        print(f"{row.span}: nothing carries the row {row.id} ({row.kind} of {row.machine})", file=sys.stderr)
    return 1 if absent else 0
