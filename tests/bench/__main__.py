"""``python -m tests.bench``: print every figure as one JSON object, or those of the parts named."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.load import load_set
from tests.bench import engine, page, paper, procedures, proofs, step
from tests.bench.figures import Figure

PARTS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "procedures": procedures.figures,
    "engine": lambda: engine.figures(load_set(workflows_folder())),
    "step": step.figures,
    "page": page.figures,
    "paper": paper.figures,
    "proofs": proofs.figures,
}
ONLY_BY_NAME: Mapping[str, Callable[[], Iterator[Figure]]] = {"mutants": proofs.mutants}
"""What takes so long that it is measured only when asked for."""


def main(chosen: list[str]) -> None:
    """Take the measurements, one after the other."""
    known = {**PARTS, **ONLY_BY_NAME}
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"There is no part “{unknown[0]}”. Choose from {', '.join(known)}.")
    found = [figure for name in chosen or PARTS for figure in known[name]()]
    print(json.dumps({"figures": [figure.as_json() for figure in found]}, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
