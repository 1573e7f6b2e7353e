"""``sop new-scenario``: begin a scenario pack, empty or from a worked example (also from one that sop paths wrote)."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable, did_you_mean
from sop_engine.service.training.library import FOLDER
from sop_engine.service.worked_examples import Example, example_files, read_examples
from sop_engine.training.skeleton import skeleton

FIRST_STEPS = (
    {
        "by": "ana",
        "answers": "screening.arrival",
        "with": {
            "arrival_datetime": "2026-03-02 08:30",
            "arrival_place": "North beach",
            "arrival_mode": "sea_irregular",
            "person_here": "yes",
        },
    },
    {"by": "ana", "does": "screening.start"},
)


def add_parser(subparsers: Any) -> None:
    """Add ``sop new-scenario`` to the command line."""
    parser = subparsers.add_parser("new-scenario", help="begin a scenario pack for trainees", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="small letters, digits and underscores: m30_the_teacher")
    parser.add_argument("--from-example", metavar="WORDS", help="take the path of the worked example of this name")
    parser.add_argument("--examples", type=Path, metavar="FILE", help="a file of examples, as sop paths writes it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write ``workflows/training/<name>.yaml``; it can be linted and played at once."""
    root, name = workflows_folder(), arguments.name
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,60}", name):
        raise Unreadable(f"“{name}” is no name for a pack: write small letters, digits and underscores.")
    file = root / FOLDER / f"{name}.yaml"
    if file.exists():
        raise Unreadable(f"{file} is there already: edit it, and run sop lint {file}.")
    file.parent.mkdir(exist_ok=True)
    title = name.replace("_", " ").capitalize()
    if arguments.from_example or arguments.examples:
        example = _example(root, arguments.from_example or "", arguments.examples)
        text = skeleton(
            name=name,
            title=title,
            mock_case=example.name.split(" ")[0] if re.match(r"M\d\d ", example.name) else "",
            at=example.at,
            people=example.people,
            opens=example.opens,
            steps=[line.values for line in example.lines if "cannot" not in line.values],
            told=example.tells.strip(),
        )
    else:
        text = skeleton(
            name=name,
            title=title,
            at="2026-03-02 09:00",
            people={"ana": ["frontline_officer"], "ben": ["screening_supervisor"]},
            opens="screening",
            steps=FIRST_STEPS,
        )
    write_page(file, text)
    print(f"{file} is written. Replace every TODO, then run sop lint {file} and sop rehearse {file}.")
    return 0


def _example(root: Path, words: str, file: Path | None) -> Example:
    if file is not None and not file.exists():
        raise Unreadable(f"“{file}” is no file. Write one with sop paths --out FILE.")
    examples = read_examples([file] if file is not None else example_files([root]), root=root).examples
    found = [one for one in examples if words.casefold() in one.name.casefold()]
    if not found:
        names = [one.name for one in examples]
        raise Unreadable(f"No worked example is called “{words}”{did_you_mean(words, names)}.")
    exact = [one for one in found if one.name.casefold() == words.casefold()]
    return (exact or found)[0]
