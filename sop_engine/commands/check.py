"""``sop check``: prove that no path of the procedures does what must never be done, or show the path that does."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sop_engine.check import catalogue, certificates, mutate, reports
from sop_engine.check.bdd import MissingLibrary
from sop_engine.check.events import build_model
from sop_engine.check.judge import NOTHING_BEFORE, PER_PROPERTY, judge
from sop_engine.check.properties import Property, properties_of
from sop_engine.check.results import Result
from sop_engine.check.second_opinion import second_opinions
from sop_engine.check.structure import Finding, findings
from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable, one_of
from sop_engine.definition.load import HARMONISED, load_set, profile_code, profiles, read_files
from sop_engine.definition.model import Definition

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
    parser.add_argument("--certify", type=Path, metavar="FOLDER", help="write the certificate of each set here")
    parser.add_argument("--doc", type=Path, metavar="FILE", help="write the page of the eighty properties")
    parser.add_argument(
        "--second-opinion", type=float, metavar="SECONDS", help="ask another method about each proof, so long at most"
    )
    parser.add_argument("--mutate", action="store_true", help="put single faults in and see which properties notice")
    parser.add_argument("--sample", type=int, metavar="N", help="with --mutate: only so many faults")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="with --sample: which ones (1)")
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class Checked:
    """What was found about the set of one State, or about the harmonised one."""

    profile: str
    definition: Definition
    files: Mapping[str, str]
    results: tuple[Result, ...]
    structural: tuple[Finding, ...]


def run(arguments: argparse.Namespace) -> int:
    """Prove, report, and return the status of the worst result."""
    root = workflows_folder()
    states = (None, *profiles(root)) if arguments.all and not arguments.profile else (arguments.profile,)
    if arguments.certify and arguments.property:
        raise Unreadable("A certificate speaks of every property. Leave out --property, or --certify.")
    try:
        if arguments.mutate:
            return _mutate(arguments, root, states[0])
        began = time.monotonic()
        checked: list[Checked] = []
        for state in states:
            checked.append(_check(arguments, root, state, checked[0] if checked else None))
    except MissingLibrary as missing:
        raise Unreadable(str(missing)) from missing
    _report(arguments, checked, seconds=time.monotonic() - began)
    for one in checked if arguments.certify else ():
        certificates.write(certificates.certify(one.profile, one.definition, one.files, one.results), arguments.certify)
    status = [STATUS[result.verdict] for one in checked for result in one.results]
    return max(status, key=lambda found: (found == 1, found), default=0)


@dataclass(frozen=True)
class Loaded:
    """One set to be checked: its name, its texts by path, and the properties that were asked for."""

    profile: str
    definition: Definition
    files: Mapping[str, str]
    properties: tuple[Property, ...]


def _load(arguments: argparse.Namespace, root: Path, state: str | None) -> Loaded:
    code = profile_code(root, state)
    definition = load_set(root, code)
    files, _ = read_files(root, code)
    chosen = _chosen(properties_of(definition, files), arguments.property)
    return Loaded(code or HARMONISED, definition, files, chosen)


def _check(arguments: argparse.Namespace, root: Path, state: str | None, first: Checked | None) -> Checked:
    """Check one set. What was proved of the first is kept where the same proof stands."""
    loaded = _load(arguments, root, state)
    before = {result.of.id: result for result in first.results} if first else NOTHING_BEFORE
    harmonised = load_set(root) if loaded.profile != HARMONISED else None
    results: list[Result] = []
    for result in judge(
        loaded.definition, loaded.properties, budget=arguments.budget, before=before, harmonised=harmonised
    ):
        if arguments.second_opinion and result.is_green and result.proofs:
            result = _with_second_opinion(result, arguments.second_opinion)
        results.append(result)
        if sys.stderr.isatty():
            told = f"{loaded.profile} {len(results)}/{len(loaded.properties)} {result.of.id}"
            print(f"\r{told:<90}", end="", file=sys.stderr)
    structural = findings(build_model(loaded.definition)) if not arguments.property else ()
    return Checked(loaded.profile, loaded.definition, loaded.files, tuple(results), structural)


def _with_second_opinion(result: Result, seconds: float) -> Result:
    """Two methods that differ prove nothing: one of them is wrong."""
    told = second_opinions(result, seconds=seconds)
    if told == "differs":
        return replace(result, verdict="UNKNOWN", why="the second opinion (Spacer) finds a way to the bad end")
    return replace(result, second_opinion=told)


def _mutate(arguments: argparse.Namespace, root: Path, state: str | None) -> int:
    """Try single faults and print the table of those that were noticed."""
    loaded = _load(arguments, root, state)
    every = mutate.mutants(loaded.definition)
    chosen = mutate.sample(every, arguments.sample, arguments.seed)
    budget = min(arguments.budget, PER_MUTANT)
    tried = list(mutate.try_mutants(loaded.definition, loaded.properties, chosen, budget=budget))
    survivors = [t.mutant.name for t in tried if not t.killed_by and not t.is_equivalent]
    killed = [t for t in tried if t.killed_by]
    equivalent = sum(t.is_equivalent for t in tried)
    if arguments.json:
        told = {"mutants": len(tried), "killed": len(killed), "equivalent": equivalent, "survivors": survivors}
        told |= {"kills": {t.mutant.name: t.killed_by for t in killed}, "seed": arguments.seed, "of": len(every)}
        told |= {"with_story": sum(t.has_story for t in killed)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    for one in tried:
        verdict = (
            f"noticed by {one.killed_by}" if one.killed_by else "equivalent" if one.is_equivalent else "NOT NOTICED"
        )
        print(f"{one.mutant.name}: {verdict}")
    counted = max(1, len(tried) - equivalent)
    print(f"{len(tried)} of {len(every)} faults: {len(killed)} noticed ({100 * len(killed) // counted} %).")
    return 0


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


def _report(arguments: argparse.Namespace, checked: list[Checked], *, seconds: float) -> None:
    states = sum(result.states for one in checked for result in one.results)
    if arguments.json:
        told = [
            reports.as_json(one.results, one.structural, profile=one.profile, states=states, seconds=seconds)
            for one in checked
        ]
        whole = told[0]
        for more in told[1:]:
            for part in ("results", "structural", "findings"):
                whole[part] += more[part]
        print(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        for one in checked:
            print(f"== {one.profile}")
            print("\n".join(reports.lines(one.results, one.structural)))
        print(f"{states:,} states in {seconds:.0f} s. What the proofs leave out: " + " ".join(reports.ABSTRACTIONS))
    results = [result for one in checked for result in one.results]
    structural = [finding for one in checked for finding in one.structural]
    if arguments.html:
        write_page(arguments.html, reports.page(results, structural, title="Proof report"))
    if arguments.doc:
        write_page(arguments.doc, catalogue.page(checked[0].results))
    if arguments.sarif:
        write_page(arguments.sarif, json.dumps(reports.sarif(results, structural), ensure_ascii=False, indent=1) + "\n")
