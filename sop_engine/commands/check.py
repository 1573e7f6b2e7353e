"""``sop check``: prove that no path of the procedures does what must never be done, or show the path that does."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from sop_engine.check import certificates, reports
from sop_engine.check.bdd import MissingLibrary
from sop_engine.check.events import build_model
from sop_engine.check.judge import PER_PROPERTY, Result, judge
from sop_engine.check.properties import Property, properties_of
from sop_engine.check.structure import Finding, findings
from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable, one_of
from sop_engine.definition.load import HARMONISED, load_set, profile_code, profiles, read_files

PER_MUTANT = 5.0
STATUS = {"PROVED": 0, "BY STRUCTURE": 0, "NO VIOLATION UP TO k": 0, "UNKNOWN": 3, "VIOLATED": 1}


def add_parser(subparsers: Any) -> None:
    """Add ``sop check`` to the command line."""
    parser = subparsers.add_parser(
        "check",
        help="prove the safeguards of the procedures",
        description=__doc__,
        epilog="Exit status: 0 no property is violated or unknown, 1 one is violated, 3 one is unknown, 2 wrong call.",
    )
    parser.add_argument("--profile", metavar="ISO3", help="check a national profile instead of the harmonised set")
    parser.add_argument("--all", action="store_true", help="check the harmonised set and every profile")
    parser.add_argument("--property", metavar="ID", action="append", help="only this one: its name, or P01, or H1.1")
    parser.add_argument(
        "--budget", type=float, default=PER_PROPERTY, metavar="SECONDS", help="most time for one property"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write what is not green as SARIF")
    parser.add_argument("--certify", type=Path, metavar="FILE", help="write the certificate of the set")
    parser.add_argument("--mutate", action="store_true", help="put single faults in and see which properties notice")
    parser.add_argument("--sample", type=int, metavar="N", help="with --mutate: only so many faults")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="with --sample: which ones (1)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prove, report, and return the status of the worst result."""
    root = workflows_folder()
    if arguments.all and not arguments.profile:
        status = 0
        for state in (HARMONISED, *profiles(root)):
            print(f"== {state}", file=sys.stderr)
            found = run(argparse.Namespace(**{**vars(arguments), "all": False, "profile": state}))
            status = 1 if 1 in (status, found) else max(status, found)
        return status
    code = profile_code(root, arguments.profile)
    profile = code or HARMONISED
    definition = load_set(root, code)
    files, _ = read_files(root, code)
    chosen = _chosen(properties_of(definition, files), arguments.property)
    if arguments.mutate:
        return _mutate(arguments, definition, chosen)
    began = time.monotonic()
    results: list[Result] = []
    try:
        for result in judge(definition, chosen, budget=arguments.budget):
            results.append(result)
            if not arguments.json and sys.stderr.isatty():
                print(f"\r{len(results)}/{len(chosen)} {result.of.id:<60}", end="", file=sys.stderr)
        structural = findings(build_model(definition)) if not arguments.property else ()
    except MissingLibrary as missing:
        raise Unreadable(str(missing)) from missing
    _report(arguments, results, structural, profile=profile, seconds=time.monotonic() - began)
    if arguments.certify:
        certificates.write(certificates.certify(definition, results), arguments.certify)
    return max((STATUS[r.verdict] for r in results), key=lambda status: (status == 1, status), default=0)


def _chosen(properties: tuple[Property, ...], wanted: list[str] | None) -> tuple[Property, ...]:
    if not wanted:
        return properties
    found: list[Property] = []
    for name in wanted:
        mine = [p for p in properties if name in _names(p)]
        if not mine:
            known = sorted({n for p in properties for n in _names(p)})
            raise Unreadable(f"No property is called “{name}”. There is: {one_of(known)}.")
        found += mine
    return tuple(dict.fromkeys(found))


def _names(one: Property) -> tuple[str, ...]:
    ids = [*one.safeguard.property_id.split(", "), *one.safeguard.rule.split(", ")]
    return (one.id, one.safeguard.name, *(i for i in ids if i))


def _report(
    arguments: argparse.Namespace,
    results: list[Result],
    structural: tuple[Finding, ...],
    *,
    profile: str,
    seconds: float,
) -> None:
    states = sum(result.states for result in results)
    if arguments.json:
        told = reports.as_json(results, structural, profile=profile, states=states, seconds=seconds)
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(reports.lines(results, structural)))
        print(f"{states:,} states in {seconds:.0f} s. What the proofs leave out: " + " ".join(reports.ABSTRACTIONS))
    if arguments.html:
        write_page(arguments.html, reports.page(results, structural, title="Proof report"))
    if arguments.sarif:
        write_page(arguments.sarif, json.dumps(reports.sarif(results, structural), ensure_ascii=False, indent=1) + "\n")
