"""``python -m tests.bench``: print every figure as one JSON object."""

from __future__ import annotations

import json
import time

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.lint import lint
from sop_engine.definition.load import load_texts, read_files
from tests.bench import engine, page, paper, step
from tests.bench.figures import Figure


def main() -> None:
    """Take all measurements, one after the other."""
    root = workflows_folder()
    files, _ = read_files(root)
    began = time.perf_counter()
    definition = load_texts(files)
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    lint(files)
    linted = time.perf_counter() - began
    size = sum(len(text) for text in files.values())
    found = [
        Figure("cold load of all procedures", "s", round(loaded, 2), note=f"{size} characters"),
        Figure("lint of all procedures", "s", round(linted, 2)),
        *engine.figures(definition),
        *step.figures(),
        *page.figures(),
        *paper.figures(),
    ]
    print(json.dumps({"figures": [figure.as_json() for figure in found]}, indent=2))


if __name__ == "__main__":
    main()
