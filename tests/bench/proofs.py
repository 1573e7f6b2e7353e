"""Proofs: how long the safeguards of the harmonised set and of a further State take, beside the limits set for them."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure

LIMIT_SECONDS = 60.0
LIMIT_MEGABYTES = 500.0
LIMIT_PROFILE_SECONDS = 30.0
LIMIT_KILL_RATE = 85.0
SAMPLE = 200
SEED = 7
STATE = "BLZ"
_CHECK_BOTH = """
import json, resource, sys, time
from sop_engine.check.judge import judge
from sop_engine.check.properties import properties_of
from sop_engine.commands.places import workflows_folder
from sop_engine.definition.load import load_set, read_files
root = workflows_folder()
told, first = [], {}
for state in (None, sys.argv[1]):
    began = time.perf_counter()
    definition = load_set(root, state)
    results = list(judge(definition, properties_of(definition, read_files(root, state)[0]), before=first))
    first = first or {r.of.id: r for r in results}
    names = [r.of.id for r in results if r.verdict == "UNKNOWN"]
    told.append({"seconds": time.perf_counter() - began, "properties": len(results), "unknown": names,
                 "proved": sum(r.is_green for r in results), "states": max(r.states for r in results)})
told.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(json.dumps(told))
"""


def figures() -> Iterator[Figure]:
    """Yield the figures of one run over two sets, in a process of its own."""
    answer = subprocess.run([sys.executable, "-c", _CHECK_BOTH, STATE], capture_output=True, text=True, check=True)
    harmonised, state, megabytes = json.loads(answer.stdout)
    yield Figure(
        "proofs of the harmonised set",
        "s",
        round(harmonised["seconds"], 1),
        {"limit": LIMIT_SECONDS},
        _told(harmonised),
    )
    yield Figure("memory of the proofs", "MB", round(megabytes, 1), {"limit": LIMIT_MEGABYTES})
    yield Figure(
        f"proofs of {STATE} after it", "s", round(state["seconds"], 1), {"limit": LIMIT_PROFILE_SECONDS}, _told(state)
    )


def _told(found: dict[str, Any]) -> str:
    unknown = ", ".join(found["unknown"]) or "none"
    counted = f"{found['proved']} of {found['properties']} proved; unknown: {unknown}"
    return f"{counted}; largest slice {found['states']:,} states"


def mutants() -> Iterator[Figure]:
    """Yield how many of a sample of single faults are noticed. Only when asked for by name: it takes its time."""
    began = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "sop_engine.cli",
        "check",
        "--mutate",
        "--sample",
        str(SAMPLE),
        "--seed",
        str(SEED),
    ]
    answer = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    counted = max(1, found["mutants"] - found["equivalent"])
    yield Figure(
        "single faults noticed",
        "%",
        round(100 * found["killed"] / counted, 1),
        {"limit": LIMIT_KILL_RATE},
        f"{found['killed']} of {counted}, {found['equivalent']} without effect, {time.perf_counter() - began:.0f} s",
    )
    yield Figure("memory of mutation", "MB", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
