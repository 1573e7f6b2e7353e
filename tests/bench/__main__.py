"""``python -m tests.bench``: print every figure as one JSON object."""

from __future__ import annotations

import json
import time

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.lint import lint
from sop_engine.definition.lint_national import lint_national
from sop_engine.definition.load import load_set, load_texts, profiles, read_files
from sop_engine.service.print_sop import handbook_pdf
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
    report = lint(files)
    linted = time.perf_counter() - began
    states = profiles(root)
    began = time.perf_counter()
    sets = {code: load_set(root, code) for code in states}
    loaded_all = time.perf_counter() - began
    began = time.perf_counter()
    known = frozenset(report.findings)
    for code in states:
        lint_national(read_files(root, code)[0], harmonised=definition, known=known, today="2026-11-21")
    linted_all = linted + time.perf_counter() - began
    began = time.perf_counter()
    manual = handbook_pdf(sets["BLZ"])
    printed = time.perf_counter() - began
    size = sum(len(text) for text in files.values())
    found = [
        Figure("cold load of all procedures", "s", round(loaded, 2), note=f"{size} characters"),
        Figure("lint of all procedures", "s", round(linted, 2)),
        Figure("load of all national sets", "s", round(loaded_all, 2), note=f"{len(states)} States"),
        Figure("sop lint --all", "s", round(linted_all, 2)),
        Figure("handbook of one State", "s", round(printed, 2), note=f"{len(manual) // 1024} KB"),
        *engine.figures(definition),
        *step.figures(),
        *page.figures(),
        *paper.figures(),
    ]
    print(json.dumps({"figures": [figure.as_json() for figure in found]}, indent=2))


if __name__ == "__main__":
    main()
