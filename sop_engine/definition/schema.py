"""JSON Schema of a machine file, a national profile and an overlay, for editors: completion, red lines while typing.

``schema.json`` beside this file is what ``json_schema`` returns; a test keeps the two equal. The lint remains the
judge: an editor reads YAML by other rules (it takes ``yes`` for a truth value and ``24`` for a number).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sop_engine.definition.shape import MACHINE_FILE
from sop_engine.definition.shape_national import OVERLAY_FILE, PROFILE_FILE, OneOrDated
from sop_engine.definition.shapes import Either, ListOf, MapOf, Record, Shape

FILES = {"machine_file": MACHINE_FILE, "overlay_file": OVERLAY_FILE, "profile_file": PROFILE_FILE}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the files an author writes, made from the tables of ``shape.py``.

    Which file it is, its first key says: ``overlay``, ``profile`` alone, or else a machine.
    """
    records = {r.reference: r for file in FILES.values() for r in _records(file) if r.reference}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A machine, a profile or an overlay of a standard operating procedure (docs/sop-language.md)",
        "type": "object",
        "if": {"required": ["overlay"]},
        "then": {"$ref": "#/$defs/overlay_file"},
        "else": {
            "if": {"required": ["profile"]},
            "then": {"$ref": "#/$defs/profile_file"},
            "else": {"$ref": "#/$defs/machine_file"},
        },
        "$defs": {
            **{name: file.definition() for name, file in FILES.items()},
            **{name: records[name].definition() for name in sorted(records)},
        },
    }


def schema_text() -> str:
    """Return the schema as the file holds it."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _records(shape: Shape) -> Iterator[Record]:
    match shape:
        case Record():
            yield shape
            for key in shape.keys.values():
                yield from _records(key.shape)
        case OneOrDated():
            yield from _records(shape.record)
        case ListOf():
            yield from _records(shape.item)
        case MapOf():
            yield from _records(shape.value)
        case Either():
            yield from _records(shape.scalar)
            yield from _records(shape.mapping)
        case _:
            pass
