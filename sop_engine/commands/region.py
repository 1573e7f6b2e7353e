"""``sop region`` and ``sop readiness``: the matrix of all States, and the checklist of one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_profile, load_set, profiles
from sop_engine.records.fonts import FontsMissing
from sop_engine.records.pdf import pdf
from sop_engine.service.compare import MatrixView, matrix, matrix_csv
from sop_engine.service.print_sop import matrix_paper
from sop_engine.service.readiness import readiness
from sop_engine.service.service import Region


def add_parser(subparsers: Any) -> None:
    """Add ``sop region`` and ``sop readiness`` to the command line."""
    one = subparsers.add_parser("region", help="what every State says, side by side", description=__doc__)
    one.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.add_argument("--out", type=Path, metavar="FILE", help="write a .csv or .pdf file")
    one.set_defaults(run=run_matrix)
    two = subparsers.add_parser("readiness", help="the checklist of a State, with what to do", description=__doc__)
    two.add_argument("state", metavar="ISO3")
    two.add_argument("--json", action="store_true", help="print one JSON object")
    two.set_defaults(run=run_readiness)


def known_region() -> Region:
    """Return the States that have a profile here."""
    root = workflows_folder()
    return Region(profiles(root), lambda code: load_set(root, code), lambda code: load_profile(root, code))


def run_matrix(arguments: argparse.Namespace) -> int:
    """Print the matrix, or write it as CSV or PDF."""
    found = matrix(known_region())
    if arguments.out is not None:
        _write(found, arguments.out)
    elif arguments.csv:
        print(matrix_csv(found), end="")
    elif arguments.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        for title, rows in found.groups:
            print(f"\n{title}")
            for row in rows:
                print(f"  {row.title} (harmonised: {row.harmonised or 'no rule'})")
                for (code, _), cell in zip(found.states, row.cells, strict=True):
                    print(f"    {code}  {cell.words}" + (f"  [{cell.mark} {cell.source}]" if cell.is_set else ""))
    return 0


def _write(found: MatrixView, out: Path) -> None:
    if out.suffix == ".csv":
        write_page(out, matrix_csv(found))
    elif out.suffix == ".pdf":
        write_bytes(out, printed(lambda: pdf(matrix_paper(found))))
    else:
        raise Unreadable(f"“{out}” is neither .csv nor .pdf: name the file by what it shall be.")


def printed(draw: Callable[[], bytes]) -> bytes:
    """Return what is drawn. Raises Unreadable when the fonts were not made at set-up."""
    try:
        return draw()
    except FontsMissing as missing:
        raise Unreadable(str(missing)) from missing


def write_bytes(out: Path, content: bytes) -> None:
    """Write a file. Raises Unreadable when it cannot be written."""
    try:
        out.write_bytes(content)
    except OSError as error:
        told = f"“{out}” cannot be written ({error.strerror}). Name a file in a folder that exists."
        raise Unreadable(told) from error


def run_readiness(arguments: argparse.Namespace) -> int:
    """Print the nine parts of a comprehensive asylum system and the action plan."""
    definition = load_set(workflows_folder(), arguments.state)
    if definition.national is None:
        raise Unreadable("The harmonised set is no State: name one, for example BLZ.")
    found = readiness(definition)
    if arguments.json:
        gaps = [part.name for part in found.gaps]
        print(json.dumps({**asdict(found), "gaps": gaps}, ensure_ascii=False, indent=2))
        return 0
    print(f"{found.title}: readiness")
    for part in found.parts:
        print(f"  {part.answer:9} {part.title}: {part.why}" + (f" [{part.source}]" if part.source else ""))
    print("\nWhat to do:")
    for number, part in enumerate(found.gaps, start=1):
        print(f"  {number}. {part.action}")
    for title, meanwhile in found.to_settle:
        print(f"  - settle: {title.lower()}. {meanwhile}".rstrip())
    for title, expires in found.deviations:
        print(f"  - before {expires}: look again at the deviation “{title}”.")
    return 0
