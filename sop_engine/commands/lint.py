"""``sop lint``: read the procedures and say everything that is wrong with them, with place and cure."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sop_engine.commands.instance import now
from sop_engine.commands.places import workflows_folder
from sop_engine.commands.play_packs import lint_packs
from sop_engine.definition.faults import Finding, Unreadable, place
from sop_engine.definition.lint import Report, lint
from sop_engine.definition.lint_national import lint_national
from sop_engine.definition.load import folders_without_procedure, load_set, profiles, read_catalogues, read_files
from sop_engine.definition.shape_national import OVERLAY, PROFILE
from sop_engine.guards.tree import Span
from sop_engine.service.training.library import FOLDER, is_of_packs, pack_paths


def add_parser(subparsers: Any) -> None:
    """Add ``sop lint`` to the command line."""
    parser = subparsers.add_parser("lint", help="check the declarations of procedures", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders to report on")
    parser.add_argument("--all", action="store_true", help="report on the whole set")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--marks", action="store_true", help="list every citation that is not confirmed on the text")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Report on the chosen files; the whole set is always read, since procedures speak of one another."""
    if not arguments.paths and not arguments.all:
        raise Unreadable("Name the files or folders to report on, or write --all.")
    root = workflows_folder()
    wanted = None if arguments.all else tuple(_relative(path, root) for path in arguments.paths)
    files, unreadable = read_files(root)
    report = lint(files, read_catalogues(root))
    findings = [*(Finding.of(error) for error in unreadable), *_strays(root), *report.findings]
    states = [code for code in profiles(root) if _is_in(f"{code.lower()}/{PROFILE}", wanted) or _names(code, wanted)]
    for code in states if report.is_complete else ():
        national, faults = read_files(root, code)
        files = {**files, **national}
        known = frozenset(report.findings)
        findings += [Finding.of(error) for error in faults if error not in unreadable]
        today = now().date().isoformat()
        findings += lint_national(national, harmonised=load_set(root), known=known, today=today)
    packs = _packs(arguments.paths, root)
    is_whole = wanted is None or "." in wanted
    if is_whole and (root / FOLDER).is_dir():
        packs = [root / FOLDER]
    if report.is_complete and packs:
        # Playing every path takes its time: who names the packs wants it, who asks for everything asks for its form.
        findings += lint_packs(packs, root, play=not is_whole)
        files = {**files, **{f"{FOLDER}/{path.name}": "" for path in pack_paths(packs)}}
    shown = sorted((f for f in findings if _is_in(f.span.file, wanted)), key=lambda f: place(f.span))
    if arguments.json:
        print(json.dumps(_as_json(report, shown), ensure_ascii=False, indent=2))
    else:
        _print(report, shown, marks=arguments.marks, files=sum(_is_in(path, wanted) for path in files))
        if states and not report.is_complete:
            print("The profiles of States wait until the errors of the harmonised set are gone.")
        elif states:
            print(f"Profiles read: {', '.join(states)}.")
    counts = Counter(finding.severity for finding in shown)
    return 1 if counts["error"] or (arguments.strict and counts["warning"]) else 0


def _packs(paths: list[Path], root: Path) -> list[Path]:
    """Return what was named of the scenario packs."""
    named = [path if path.exists() else root / path for path in paths]
    return [path for path in named if is_of_packs(path, root)]


def _relative(path: Path, root: Path) -> str:
    """Return the path as findings name it. Raises Unreadable for what is not there or not of this set."""
    for candidate in (path, root / path):
        if candidate.exists():
            try:
                return candidate.resolve().relative_to(root).as_posix()
            except ValueError:
                break
    raise Unreadable(f"“{path}” is no file or folder of {root}.")


def _is_in(file: str, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or any(name in (".", file) or file.startswith(f"{name}/") for name in wanted)


def _names(code: str, wanted: tuple[str, ...] | None) -> bool:
    """Say whether a single file of a State's folder was named."""
    return wanted is not None and any(name.startswith(f"{code.lower()}/") for name in wanted)


def _strays(root: Path) -> list[Finding]:
    without_profile = [
        Finding(
            severity="error",
            span=Span(f"{folder.name}/{PROFILE}", 1, 1),
            found=f"found no {PROFILE} in this folder",
            why="an overlay without a profile is not read",
            mend=f"write it, or run sop new-profile {folder.name.upper()}",
        )
        for folder in sorted({path.parent for path in root.glob(f"*/*{OVERLAY}")})
        if not (folder / PROFILE).is_file()
    ]
    return without_profile + [
        Finding(
            severity="warning",
            span=Span(f"{folder.relative_to(root).as_posix()}/procedure.yaml", 1, 1),
            found="found no procedure.yaml in this folder",
            why="only folders with one are read",
            mend="write it, also when the folder holds another machine",
        )
        for folder in folders_without_procedure(root)
    ]


def _print(report: Report, shown: list[Finding], *, marks: bool, files: int) -> None:
    for finding in shown:
        print(finding)
    if marks:
        for citation in report.unconfirmed:
            print(f"{citation.span}: {citation.source} ({citation.source.mark})")
    counts = Counter(finding.severity for finding in shown)
    if not report.is_complete:
        print("Checks of the whole set (facts, functions and acts that nothing uses) wait until the errors are gone.")
    by_mark = Counter(citation.source.mark for citation in report.citations)
    print(f"{files} files: {counts['error']} errors, {counts['warning']} warnings.")
    if by_mark:
        told = ", ".join(f"{number} {mark}" for mark, number in sorted(by_mark.items()))
        print(f"Citations by how sure we are: {told}. List what is not confirmed with --marks.")


def _as_json(report: Report, shown: list[Finding]) -> dict[str, Any]:
    return {
        "findings": [asdict(finding) for finding in shown],
        "marks": dict(Counter(citation.source.mark for citation in report.citations)),
        "unconfirmed": [
            {"at": str(c.span), "source": str(c.source), "mark": c.source.mark} for c in report.unconfirmed
        ],
    }
