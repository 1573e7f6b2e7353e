"""``sop quality draw``: the sample of a quality cycle from a seed, printed again by whoever wants to check it."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from sop_engine.commands.instance import existing_service
from sop_engine.definition.faults import Unreadable
from sop_engine.engine.sampling import SHARE
from sop_engine.service.accounts import list_offices
from sop_engine.service.operator import operator
from sop_engine.service.quality_sample import SampleView, draw_sample


def add_parser(subparsers: Any) -> None:
    """Add ``sop quality`` to the command line."""
    quality = subparsers.add_parser("quality", help="the sample of a quality cycle", description=__doc__)
    acts = quality.add_subparsers(metavar="ACT", required=True)
    drawn = acts.add_parser("draw", help="draw a sample, or draw it again; no case is written to")
    drawn.add_argument("--seed", required=True, help="eight characters or more; the same seed gives the same sample")
    drawn.add_argument("--per-stratum", type=int, default=1, metavar="N", help="of each result, officer, nationality")
    drawn.add_argument("--share", type=int, default=SHARE, metavar="PERCENT", help="of the rest, at least (10 to 100)")
    drawn.add_argument("--since", metavar="DAY", help="only work that ended on this day or later")
    drawn.add_argument("--until", metavar="DAY", help="only work that ended on this day or before")
    drawn.add_argument("--office", metavar="CODE", help="the office; needed where there are several")
    drawn.add_argument("--expect", metavar="HASH", help="the hash of the list that was recorded with the draw")
    drawn.add_argument("--json", action="store_true", help="print one JSON object")
    drawn.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the sample; exit 1 when the list it is drawn from is not the one expected."""
    if len(arguments.seed) < 8:
        raise Unreadable("A seed has eight characters or more, so that nobody tries them out.")
    if not 10 <= arguments.share <= 100 or arguments.per_stratum < 0:
        raise Unreadable("The share is 10 to 100 per cent, and no stratum gives less than nothing.")
    service = existing_service()
    offices = {office.code: office.id for office in list_offices(service)}
    code = arguments.office or (next(iter(offices)) if len(offices) == 1 else "")
    if code not in offices:
        raise Unreadable(f"Name the office with --office: {', '.join(sorted(offices))}.")
    found = draw_sample(
        service,
        operator(service, offices[code]),
        seed=arguments.seed,
        per_stratum=arguments.per_stratum,
        share=arguments.share,
        since=_day(arguments.since),
        until=_day(arguments.until),
    )
    is_expected = arguments.expect in (None, found.sample.population_hash)
    print(_as_json(found) if arguments.json else _in_words(found))
    if not is_expected:
        print("The list is not the one the draw was recorded with: cases were added or decided since.")
    return 0 if is_expected else 1


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Unreadable(f"“{written}” is no day. Write year-month-day.") from None


def _in_words(found: SampleView) -> str:
    sample = found.sample
    lines = [
        f"{one.pseudonym}  {found.numbers[one.file.case_id]}  {one.file.layer}, {one.file.result}"
        for one in sample.drawn
    ]
    spread = [f"  {s.stratum[0]}, {s.stratum[2]}: {s.drawn} of {s.files}" for s in sample.strata]
    return "\n".join(
        [
            *lines,
            f"{len(sample.drawn)} of {sample.population} files, seed {sample.seed}",
            f"hash of the list {sample.population_hash}",
            "The rest by result, officer and nationality:",
            *spread,
        ]
    )


def _as_json(found: SampleView) -> str:
    sample = found.sample
    return json.dumps(
        {
            "seed": sample.seed,
            "population_hash": sample.population_hash,
            "population": sample.population,
            "sample": [
                {
                    "pseudonym": one.pseudonym,
                    "number": found.numbers[one.file.case_id],
                    "layer": one.file.layer,
                    "result": one.file.result,
                }
                for one in sample.drawn
            ],
            "strata": [
                {"result": s.stratum[0], "nationality": s.stratum[2], "files": s.files, "drawn": s.drawn}
                for s in sample.strata
            ],
        },
        indent=2,
    )
