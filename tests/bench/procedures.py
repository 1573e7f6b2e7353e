"""The procedures themselves: read cold, linted, printed; each beside what the same bytes cost without any meaning.

A load is cold only in a process of its own, so each variant runs in one, in turn; the median over the rounds counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sop_engine.commands.places import workflows_folder
from tests.bench.figures import Figure

ROUNDS = 3
_TIMED = """
import json, sys, time
from pathlib import Path
root = Path(sys.argv[1])
{imports}
began = time.perf_counter()
{work}
print(json.dumps([time.perf_counter() - began, {size}]))
"""
_LOAD_ALL = (
    "from sop_engine.definition.load import load_set, profiles",
    "sets = [load_set(root), *(load_set(root, code) for code in profiles(root))]",
    "len(sets)",
)
_LOAD_ONE = ("from sop_engine.definition.load import load_set", "found = load_set(root)", "len(found.machines)")
_PARSE = (
    "import yaml",
    "texts = [path.read_text() for path in root.rglob('*.yaml')]\n"
    "events = [event for text in texts for event in yaml.parse(text, Loader=yaml.CBaseLoader)]",
    "sum(len(text) for text in texts)",
)
_READ = ("", "texts = [path.read_text() for path in root.rglob('*.yaml')]", "sum(len(text) for text in texts)")
_LINT = (
    "import contextlib, io\nfrom sop_engine.cli import main",
    "with contextlib.redirect_stdout(io.StringIO()):\n    main(['lint', '--all'])",
    "0",
)
_HANDBOOK = (
    "from sop_engine.definition.load import load_set\nfrom sop_engine.service.print_sop import handbook_pdf\n"
    "found = load_set(root, 'BLZ')",
    "content = handbook_pdf(found)",
    "content.count(b'/Type /Page\\n') or content.count(b'/Type /Page')",
)
_CANVAS = (
    "import io\nfrom reportlab.pdfbase import pdfmetrics\nfrom reportlab.pdfbase.ttfonts import TTFont\n"
    "from reportlab.pdfgen.canvas import Canvas\nfrom sop_engine.records.fonts import font_path\n"
    "pdfmetrics.registerFont(TTFont('Bench', str(font_path('NotoSans-Regular'))))",
    "page = Canvas(io.BytesIO())\n"
    "for _ in range(int(sys.argv[2])):\n"
    "    page.setFont('Bench', 9)\n"
    "    for line in range(55):\n"
    "        page.drawString(40, 800 - 14 * line, f'Line {line}: what is done, by whom, on which rule and by when')\n"
    "    page.showPage()\n"
    "page.save()",
    "int(sys.argv[2])",
)
Script = tuple[str, str, str]


def figures() -> Iterator[Figure]:
    """Measure a cold load of one set and of all, the lint of all, and one handbook."""
    load, size = _in_turn({"ours": _LOAD_ONE, "parsed as YAML only": _PARSE, "read only": _READ})
    note = f"{size['read only']} characters with all overlays"
    yield Figure("cold load of all procedures", "s", load.pop("ours"), load, note)
    every, count = _in_turn({"ours": _LOAD_ALL, "parsed as YAML only": _PARSE, "read only": _READ})
    yield Figure("cold load of all procedures and overlays", "s", every.pop("ours"), every, f"{count['ours']} sets")
    lint, _ = _in_turn({"ours": _LINT, "load of all sets": _LOAD_ALL, "parsed as YAML only": _PARSE})
    yield Figure("sop lint --all", "s", lint.pop("ours"), lint, "in a process of its own, without its start")
    pages = _once(_HANDBOOK)[1]
    paper, _ = _in_turn({"ours": _HANDBOOK, "canvas": _CANVAS}, pages)
    yield Figure(
        "handbook of one State", "s", paper.pop("ours"), paper, f"about {pages} pages; canvas draws 55 lines a page"
    )


def _in_turn(variants: Mapping[str, Script], *more: object) -> tuple[dict[str, float], dict[str, int]]:
    taken: dict[str, list[float]] = {name: [] for name in variants}
    sizes: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, script in variants.items():
            seconds, sizes[name] = _once(script, *more)
            taken[name].append(seconds)
    return {name: round(statistics.median(values), 3) for name, values in taken.items()}, sizes


def _once(script: Script, *more: object) -> tuple[float, int]:
    """Run one variant in a process of its own; return its seconds and what it says of its size."""
    imports, work, size = script
    text = _TIMED.format(imports=imports, work=work, size=size)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "timed.py"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, str(file), str(workflows_folder()), *map(str, more)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, number = json.loads(told)
    return float(seconds), int(number)
