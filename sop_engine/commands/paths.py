"""``sop paths``: write worked examples that take every transition; ``sop rehearse`` plays them."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sop_engine.check.bdd import MissingLibrary
from sop_engine.check.events import build_model
from sop_engine.check.paths import as_examples, cover_pairs, cover_transitions
from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_set

BEGINS = "2026-03-02 09:00"


def add_parser(subparsers: Any) -> None:
    """Add ``sop paths`` to the command line."""
    parser = subparsers.add_parser("paths", help="write examples that take every transition", description=__doc__)
    parser.add_argument("--cover", choices=["transitions", "pairs"], default="transitions", help="what they cover")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write them to this file (left out: to the terminal)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the examples; say which transitions no example takes. Status 1 if there are any."""
    try:
        cover = {"transitions": cover_transitions, "pairs": cover_pairs}[arguments.cover]
        paths, missing = cover(build_model(load_set(workflows_folder())))
    except MissingLibrary as library:
        raise Unreadable(str(library)) from library
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.dump(as_examples(paths, at=BEGINS), out)
    if arguments.out:
        write_page(arguments.out, out.getvalue())
    else:
        print(out.getvalue())
    told = f"{len(paths)} examples. Not taken by any of them: {', '.join(missing) or 'none'}."
    print(told, file=sys.stderr)
    return 1 if missing else 0
