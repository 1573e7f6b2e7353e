"""``sop schema``: write the JSON Schema of a machine file, or of a scenario pack, for editors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sop_engine.commands.places import write_page
from sop_engine.definition.schema import schema_text
from sop_engine.training.schema import pack_schema_text

SCHEMAS = {"machine": schema_text, "pack": pack_schema_text}


def add_parser(subparsers: Any) -> None:
    """Add ``sop schema`` to the command line."""
    parser = subparsers.add_parser("schema", help="write the schema of the language for editors", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="sop_engine/definition/schema.json")
    parser.add_argument("--of", choices=tuple(SCHEMAS), default="machine", help="what kind of file it describes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the schema as the tables of the language make it."""
    write_page(arguments.out, SCHEMAS[arguments.of]())
    return 0
