"""``sop new-profile``: start the profile of a State, with every value still to be found."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop_engine.commands.places import workflows_folder, write_page
from sop_engine.definition.faults import Unreadable, did_you_mean
from sop_engine.definition.load import HARMONISED, load_set
from sop_engine.definition.parameters import GROUPS, PARAMETERS, REQUIRED, Parameter
from sop_engine.definition.shape_national import PROFILE
from sop_engine.periods import NoSuchCalendar, national_calendar

HEAD = """\
# {title}: say here in one sentence how the State decides. docs/write-a-profile.md explains every line.
profile: {code}
title: {title}
edition: {today}
calendar: {{weekend: [saturday, sunday], holidays: {holidays}, closures: [], time_zone: UTC}}

# Where each value was read. A value cites the tag; an overlay cites the tag, or one of its provisions.
law:
  {tag}1: {{name: Title of the law or page, at: [], status: unconfirmed}}

# value, mark (V verified, V-old, V-weak, D data, G not confirmed), source; "?" while nobody knows.
parameters:
"""


def add_parser(subparsers: Any) -> None:
    """Add ``sop new-profile`` to the command line."""
    parser = subparsers.add_parser("new-profile", help="start the profile of a State", description=__doc__)
    parser.add_argument("state", metavar="ISO3", help="ISO 3166 code, three letters; XAA to XZZ are invented States")
    parser.add_argument("--title", help="the name of the State; else that of the list of countries")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write ``<iso3>/profile.yaml`` with every value unset; it can be linted at once."""
    root, code = workflows_folder(), arguments.state
    countries = load_set(root).lists["country"].codes
    if not ("XAA" <= code <= "XZZ" and len(code) == 3) and code not in countries:
        raise Unreadable(f"“{code}” is no State of the list of countries{did_you_mean(code, countries)}.")
    folder: Path = root / code.lower()
    if (folder / PROFILE).exists():
        raise Unreadable(f"{folder / PROFILE} is there already: edit it, or compare it with sop diff {code}.")
    title = arguments.title or (countries[code].label if code in countries else code)
    folder.mkdir(exist_ok=True)
    write_page(folder / PROFILE, _text(code, title))
    print(f"{folder / PROFILE} is written: {len(REQUIRED)} values every profile tells, all still to be found.")
    print(f"Next: fill it, write overlays ({HARMONISED} procedures: sop lint names them), and run sop lint {folder}.")
    return 0


def _text(code: str, title: str) -> str:
    today = datetime.now(UTC).date().isoformat()
    holidays = "none"
    try:
        national_calendar(code, range(2026, 2027))
        holidays = code
    except NoSuchCalendar:
        pass
    text = HEAD.format(title=title, code=code, today=today, holidays=holidays, tag=code[:2])
    for group, words in GROUPS.items():
        text += f"  # {words}\n"
        for parameter in PARAMETERS.values():
            if parameter.group == group:
                text += _line(parameter)
    return text


def _line(parameter: Parameter) -> str:
    told = f"{parameter.title}"
    if parameter.choices:
        told += f": one of {', '.join(parameter.choices)}"
    elif parameter.kind == "length":
        told += ": 14 days, 10 working days, or none"
    comment = "" if parameter.name in REQUIRED else "# "
    return f'  {comment}{parameter.name}: {{value: "?"}}   # {told}\n'
