"""JSON Schema of a machine file, for editors: completion, and red lines while typing.

``schema.json`` beside this file is what ``json_schema`` returns; a test keeps the two equal. The lint remains the
judge: an editor reads YAML by other rules (it takes ``yes`` for a truth value and ``24`` for a number).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sop_engine.definition.shape import MACHINE_FILE
from sop_engine.definition.shapes import Either, ListOf, MapOf, Record, Shape


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a machine file, made from the tables of ``shape.py``."""
    records = {record.reference: record for record in _records(MACHINE_FILE) if record.reference}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A machine of a standard operating procedure (docs/sop-language.md)",
        **MACHINE_FILE.definition(),
        "$defs": {name: records[name].definition() for name in sorted(records)},
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
        case ListOf():
            yield from _records(shape.item)
        case MapOf():
            yield from _records(shape.value)
        case Either():
            yield from _records(shape.scalar)
            yield from _records(shape.mapping)
        case _:
            pass
