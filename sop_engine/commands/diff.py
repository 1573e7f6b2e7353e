"""``sop diff``: how the procedures of one State differ from those of another, or from the harmonised ones."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.differences import Difference
from sop_engine.definition.faults import Unreadable
from sop_engine.definition.load import load_set
from sop_engine.service.compare import HARMONISED, ComparisonView, compare_sets, tags
from sop_engine.service.print_sop import comparison_pdf


def add_parser(subparsers: Any) -> None:
    """Add ``sop diff`` to the command line."""
    parser = subparsers.add_parser("diff", help="compare the procedures of two States", description=__doc__)
    parser.add_argument("this", metavar="ISO3", help="a State with a profile, BLZ")
    parser.add_argument("that", metavar="ISO3|harmonised", nargs="?", default=HARMONISED)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, metavar="FILE.pdf", help="write the comparison on paper")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what the first has added, removed, tightened, weakened and changed against the second."""
    root: Path = workflows_folder()
    found = compare_sets(load_set(root, arguments.this), load_set(root, arguments.that))
    if arguments.out:
        return _write(arguments.out, comparison_pdf(found), found.count)
    if arguments.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    return 0


def _write(out: Path, content: bytes, count: int) -> int:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Unreadable(f"The file cannot be written: {error.strerror}. Name another with --out.") from None
    print(f"{out}: {count} differences, {len(content)} bytes.")
    return 0


def as_json(found: ComparisonView) -> dict[str, Any]:
    """Return a comparison as JSON values."""
    return {
        "this": found.this,
        "that": found.that,
        "differences": {kind: [_difference(one) for one in several] for kind, several in found.by_kind},
        "values": [
            {"parameter": title, "this": {"value": own, "source": why}, "that": {"value": other, "source": other_why}}
            for title, own, why, other, other_why in found.values
        ],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "place": one.place,
        "title": one.title,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "before_says": one.before_says or None,
        "after_says": one.after_says or None,
        "source": [{"cited": tags([source]), "mark": source.mark} for source in one.source],
        "at": one.at,
        "deviation": one.deviation or None,
        "relation": one.relation or None,
    }


def _print(found: ComparisonView) -> None:
    print(f"{found.this_title} against {found.that_title}: {found.count} differences.")
    for kind, several in found.by_kind:
        for one in several:
            told = f" (deviation {one.deviation})" if one.deviation else ""
            print(f"\n{kind}: {one.title}, {one.what}{told}")
            print(f"    {one.place}")
            if one.before:
                print(f"    - {one.before_says or one.before}")
            if one.after:
                print(f"    + {one.after_says or one.after}")
            cited = ", ".join(f"{tags([source])} ({source.mark})" for source in one.source)
            print(f"    {cited or 'no source'}; {one.at}")
    if found.values:
        print("\nValues of the two profiles that differ:")
        for title, own, why, other, other_why in found.values:
            print(f"  {title}: {own} [{why}] / {other} [{other_why}]")
