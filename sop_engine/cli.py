"""``sop``: everything that is done from the command line. The commands stand in ``sop_engine/commands``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from sop_engine.commands import (
    cases,
    check,
    coverage,
    demo,
    diff,
    edition,
    handbook,
    lint,
    new_profile,
    paths,
    quality,
    region,
    rehearse,
    scenarios,
    schema,
    serving,
    training,
    users,
)
from sop_engine.definition.faults import DeclarationErrors, Unreadable

FAMILIES = (
    demo,
    serving,
    lint,
    check,
    paths,
    new_profile,
    scenarios,
    rehearse,
    diff,
    region,
    handbook,
    edition,
    cases,
    quality,
    users,
    training,
    coverage,
    schema,
)
"""The command families, in the order ``sop --help`` shows them; each offers ``add_parser(subparsers)``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 good, 1 the thing asked about is wrong, 2 the call is wrong."""
    chosen = parser().parse_args(arguments)
    try:
        status = chosen.run(chosen)
        sys.stdout.flush()
    except DeclarationErrors as faults:
        print(faults, file=sys.stderr)
        return 1
    except Unreadable as nothing_there:
        print(nothing_there, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough (`sop … | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return int(status)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="sop", description="Standard asylum operating procedures: check, try and run them."
    )
    subparsers = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_WholeWords)
    for family in FAMILIES:
        family.add_parser(subparsers)
    return top


class _WholeWords(argparse.ArgumentParser):
    """Options are written out: an abbreviation that works today could mean another option tomorrow."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "allow_abbrev": False})


if __name__ == "__main__":
    sys.exit(main())
